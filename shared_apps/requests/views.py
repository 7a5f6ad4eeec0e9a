"""The public pages: asking for a network, and showing that one's address is one's own.

Opening the link changes nothing; mail scanners open every link.
"""

from typing import Any

from allauth.core import ratelimit
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from shared_apps.core.fields import status_of
from shared_apps.requests import selectors, services
from shared_apps.requests.enums import RequestState
from shared_apps.requests.forms import StartForm
from tenants.selectors import host_of

_TOO_MANY = "That was too often. Wait an hour, then try again."


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Ask for a network; the answer is the same whatever the address, and so is what happens to a program."""
    form = StartForm(request.POST or None, initial=_known(request))
    if request.POST.get("use") == "address":
        return _page(request, StartForm(initial=request.POST.dict()), request.POST.get("subdomain", ""))
    if request.method == "POST" and form.is_valid() and _asked(request, form):
        return redirect("requests:sent")
    return _page(request, form)


@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """Say that there is an email to open."""
    return render(request, "requests/sent.html")


@never_cache
@require_safe
def address(request: HttpRequest) -> HttpResponse:
    """Answer with whether an address can be had, for the script that asks while it is typed."""
    return render(request, "requests/_address.html", _answer(request.GET.get("subdomain", "")))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: Any, token: str) -> HttpResponse:
    """Show what was asked for, and send it on."""
    now = timezone.now()
    row = selectors.request_of_token(token, now)
    if row is not None and request.method == "POST" and row.state == RequestState.UNCONFIRMED:
        try:
            services.confirm(row, now=now, by=request.actor)
        except services.RequestError:
            row = selectors.request_of_token(token, now)  # pressed twice, or forgotten a moment ago
    if row is None:
        return render(request, "requests/over.html", status=404)
    is_sent = row.state != RequestState.UNCONFIRMED
    context = {"row": row, "is_sent": is_sent, "host": f"{row.subdomain}.{host_of(None)}"}
    return render(request, "requests/confirm.html", context)


def _asked(request: HttpRequest, form: StartForm) -> bool:
    """Keep the request, unless a program filled the form in, which is told the same."""
    values = {name: value for name, value in form.cleaned_data.items() if name != "extra"}
    if not ratelimit.consume(request, action="start_network", key=values["email"]):
        form.add_error(None, _TOO_MANY)
        return False
    if form.is_by_a_program:
        return True
    try:
        services.ask(services.Wanted(**values), now=timezone.now())
    except (services.RequestError, ValidationError) as error:
        form.add_error("subdomain" if isinstance(error, services.RequestError) else None, str(error))
        return False
    return True


def _page(request: HttpRequest, form: StartForm, wanted: str = "") -> HttpResponse:
    context = {"form": form} | (_answer(wanted) if wanted else {})
    return render(request, "requests/start.html", context, status=status_of(form))


def _answer(subdomain: str) -> dict[str, str]:
    wanted = subdomain.replace("\x00", "").strip()[:60]
    if not wanted:
        return {}
    return {"wanted": f"{wanted}.{host_of(None)}", "fault": selectors.address_fault(wanted)}


def _known(request: Any) -> dict[str, str]:
    """What is known of who is signed in."""
    account = request.user
    return {"person": account.name, "email": account.email} if account.is_authenticated else {}
