"""Reading sent mail in development: only the mail of the host that is asked."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.csp import CSP
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from shared_apps.mail import selectors, services
from shared_apps.mail.models import AnyMessage
from tenants.selectors import first_host_of, host_of

View = Callable[..., HttpResponse]

PARTS = {"text": "Text", "html": "HTML", "headers": "Headers", "raw": "Raw"}
# The message stands in a frame without scripts, forms or an origin; its links open in another window.
_FRAME_POLICY: dict[str, list[str]] = {
    "sandbox": ["allow-popups", "allow-popups-to-escape-sandbox"],
    "default-src": [CSP.NONE],
    "style-src": [CSP.UNSAFE_INLINE],
    "img-src": ["data:"],
    "frame-ancestors": [CSP.SELF],
}


def development_only(view: View) -> View:
    """Answer 404 outside development."""

    @wraps(view)
    def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not settings.DEBUG:
            raise Http404
        return view(request, **kwargs)

    return guarded


@development_only
@require_safe
def message_list(request: HttpRequest) -> HttpResponse:
    """List this host's messages, the latest first; `?to=` keeps those to an address."""
    to = request.GET.get("to", "").strip()
    messages = selectors.messages_of_host(_host(request), to=to)
    return render(request, "dev/mail_list.html", {"mails": messages, "to": to})


@development_only
@require_safe
def message_detail(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """Show one message; `?part=` chooses text, html, headers or raw."""
    message = _get(request, message_id)
    part = request.GET.get("part", "text")
    if part not in PARTS:
        raise Http404
    email = services.email_of(message).message()
    views = [{"label": label, "url": f"?part={name}", "current": name == part} for name, label in PARTS.items()]
    return render(
        request,
        "dev/mail_detail.html",
        {
            "mail": message,
            "crumbs": [("Mail", reverse("mail:message_list"))],
            "part": part,
            "views": views,
            "headers": list(email.items()),
            "pairs": [(name, email[name]) for name in ("To", "From", "Subject")],
            "raw": email.as_string() if part == "raw" else "",
        },
    )


@development_only
@require_safe
@xframe_options_sameorigin
@csp_override(_FRAME_POLICY)
def message_html(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """Show the HTML part alone, for the frame."""
    return HttpResponse(_get(request, message_id).html)


def _get(request: HttpRequest, message_id: UUID) -> AnyMessage:
    message = selectors.get_message_of_host(_host(request), message_id)
    if message is None:
        raise Http404
    return message


def _host(request: HttpRequest) -> str:
    return first_host_of(request.network) if request.network else host_of(None, request.site_kind)
