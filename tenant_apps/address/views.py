"""The owners' pages about a domain of the network's own."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shared_apps.core.fields import status_of
from shared_apps.core.finding import found_or_404
from shared_apps.core.flash import say
from shared_apps.domains import selectors as domains
from shared_apps.domains.enums import DomainState
from shared_apps.domains.models import OwnDomain
from tenant_apps.address import services
from tenant_apps.address.forms import DomainForm
from tenant_apps.members.permissions import owner_required, proof_required
from tenants.selectors import first_host_of, host_here, url_of

_BADGES = {DomainState.WAITING: "waiting", DomainState.LIVE: "good", DomainState.FAILING: "bad"}


@require_http_methods(["GET", "HEAD", "POST"])
@owner_required
@proof_required
def address(request: Any) -> HttpResponse:
    """Claim a domain, and see the records it needs and how they are."""
    form = DomainForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.claim_domain(form.cleaned_data["host"], now=timezone.now(), by=request.member)
            return redirect("address:address")
        except services.DomainError as error:
            form.add_error("host", str(error))
    domain = domains.domain_of(request.network)
    context = {
        "form": form,
        "first_host": first_host_of(request.network),
        "crumbs": [("Organise", reverse("members:manage"))],
        **(_state(domain) if domain else {}),
    }
    return render(request, "address/address.html", context, status=status_of(form))


@require_safe
@owner_required
def state(request: Any) -> HttpResponse:
    """Answer with the part of the page that changes, for the script that keeps it up to date."""
    return render(request, "address/_state.html", _state(_domain_or_404(request)))


@require_POST
@owner_required
def check(request: Any) -> HttpResponse:
    """Have the records looked at now."""
    try:
        services.look_now(now=timezone.now(), by=request.member)
    except services.DomainError as error:
        say(request, str(error), level=messages.ERROR)
    return redirect("address:address")


@require_http_methods(["GET", "HEAD", "POST"])
@owner_required
@proof_required
def remove(request: Any) -> HttpResponse:
    """Ask, then remove the domain; the next page is on the host that stays."""
    domain = _domain_or_404(request)
    if request.method != "POST":
        context = {"domain": domain, "first_host": first_host_of(request.network)}
        return render(request, "address/remove.html", context)
    was_here = host_here(request.network) == domain.host
    try:
        services.remove_domain(by=request.member)
        if was_here:
            request.session.flush()  # it ended with the domain, and could not be written any more
        else:
            say(request, f"{domain.host} is removed.")
    except services.DomainError as error:
        say(request, str(error), level=messages.ERROR)
    page = reverse("address:address")
    return redirect(url_of(first_host_of(request.network), page) if was_here else page)


def _state(domain: OwnDomain) -> dict[str, Any]:
    return {
        "domain": domain,
        "first_host": first_host_of(domain.network),
        "badge": _BADGES[DomainState(domain.state)],
        "records": domains.records_of(domain),
        "is_waiting": domain.asked_at is not None,
        "mend_by": domain.failing_since + domains.GRACE if domain.failing_since else None,
    }


def _domain_or_404(request: Any) -> OwnDomain:
    return found_or_404(domains.domain_of(request.network))
