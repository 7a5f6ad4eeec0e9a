"""Bounces and complaints that a hosted provider posts, beside those that come back as mail."""

import logging
from typing import Any

from shared_apps.mail import services
from shared_apps.mail.rendering import HeaderError, clean_address

_SOFT = {"Transient", "Undetermined", "SoftBounce", "blocked"}  # Amazon SES's words, Postmark's, SendGrid's
_UNWANTED = ("complained", "unsubscribed")
_REFUSED = ("bounced", "rejected")

logger = logging.getLogger("sbm.mail")


def on_tracking(*, event: Any, **_: Any) -> None:
    """Rest an address whose mail came back, or whose owner wants none; of everything else nothing is kept.

    Who unsubscribes at the provider gets nothing more through it, so that is like a complaint. What is only late
    (deferred) comes again as a bounce if it never arrives.
    """
    try:
        address = clean_address((event.recipient or "").strip())
    except HeaderError:
        return
    if event.event_type in _UNWANTED:
        services.take_complaint(address)
    elif event.event_type in _REFUSED:
        services.take_bounce(address, is_hard=_is_hard(event))
    else:
        return
    logger.info("mail event=%s from the provider was taken", event.event_type)


def _is_hard(event: Any) -> bool:
    """Whether nothing will ever arrive there; anymail leaves that in the provider's own words."""
    said = event.esp_event or {}
    words = {said.get("Type"), said.get("type"), (said.get("bounce") or {}).get("bounceType")}
    return not words & _SOFT and event.reject_reason not in ("blocked", "other")
