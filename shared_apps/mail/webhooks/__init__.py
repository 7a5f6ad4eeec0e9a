"""What a provider posts to us, read by anymail: mail that came in, and what became of mail that went out.

Off unless a provider and its secret are configured.
"""

import logging
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.module_loading import import_string

from shared_apps.mail import services
from shared_apps.mail.webhooks.tracking import on_tracking

_INBOUND = {
    "mailgun": "anymail.webhooks.mailgun.MailgunInboundWebhookView",
    "postmark": "anymail.webhooks.postmark.PostmarkInboundWebhookView",
    "sendgrid": "anymail.webhooks.sendgrid.SendGridInboundWebhookView",
}
_TRACKING = {
    "amazon-ses": "shared_apps.mail.webhooks.amazon_ses.AmazonSESTracking",
    "mailgun": "anymail.webhooks.mailgun.MailgunTrackingWebhookView",
    "postmark": "anymail.webhooks.postmark.PostmarkTrackingWebhookView",
    "sendgrid": "anymail.webhooks.sendgrid.SendGridTrackingWebhookView",
}
_LONGEST_POST = 2 * services.LONGEST  # files arrive in base64

logger = logging.getLogger("sbm.mail")


def webhook_urls(provider: str) -> list[URLPattern]:
    """Return the address for incoming mail, or none; anymail is slow to load, so only where it is used."""
    if not provider:
        return []
    import_string("anymail.signals.inbound").connect(on_inbound, dispatch_uid="mail.inbound")
    return [path(f"{provider}/", _limited(import_string(_INBOUND[provider]).as_view()), name="mail_in")]


def tracking_urls(provider: str) -> list[URLPattern]:
    """Return the address for bounces and complaints, or none."""
    if not provider:
        return []
    import_string("anymail.signals.tracking").connect(on_tracking, dispatch_uid="mail.tracking")
    return [path(f"{provider}/", import_string(_TRACKING[provider]).as_view(), name="mail_events")]


def on_inbound(*, event: Any, **_: Any) -> None:
    """Store what a provider took in for us; what is for nobody here is only noted, because its sender was told yes."""
    message = event.message
    raw, sender = message.as_bytes(), message.envelope_sender or str(message.from_email or "")
    for address in _recipients(message):
        try:
            services.receive(raw, to=address, mail_from=sender)
        except services.NotTakenError as error:
            logger.info("mail from the provider was not taken: %s", error.reply[:3])


def _recipients(message: Any) -> list[str]:
    """Who the provider says it was for, or else whom it names."""
    if message.envelope_recipient:
        return [each.strip() for each in message.envelope_recipient.split(",") if each.strip()]
    return [each.addr_spec for each in (*message.to, *message.cc) if each.addr_spec]


def _limited(view: Any) -> Any:
    """Read a JSON body that is larger than any form of ours, after its length and its password are checked."""

    def limited(request: HttpRequest) -> HttpResponse:
        if int(request.headers.get("Content-Length") or 0) > _LONGEST_POST:
            raise RequestDataTooBig("A provider posted more than a message may have.")
        if request.content_type == "application/json":
            request._body = request.read(_LONGEST_POST)  # Django's own limit is that of forms
        return view(request)

    limited.csrf_exempt = True  # a provider has no cookie; its password and signature are the permission
    return limited
