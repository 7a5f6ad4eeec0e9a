"""Errors are reported to Sentry where SENTRY_DSN is set, without anything personal or secret."""

import re
from typing import Any

import sentry_sdk
from sentry_sdk.integrations.logging import ignore_logger
from sentry_sdk.scrubber import DEFAULT_DENYLIST, DEFAULT_PII_DENYLIST, EventScrubber

PERSONAL = ["address", "body", "code", "email", "name", "next", "phone", "postcode", "text", "title", "token"]
MAIL_ADDRESS = re.compile(r"[^\s@<>\"'=]+@[\w.-]+")
SECRET_IN_URL = re.compile(r"(?<=/join/)[^/\s?]+|(?<=\?)[\w.%-]+=[^\s'\"]*")
BLANK = "[scrubbed]"

Event = dict[str, Any]


def report_to(dsn: str, **options: Any) -> None:
    """Begin to report. The defaults of Sentry would send query strings and local variables."""
    ignore_logger("django.security.DisallowedHost")  # anybody can send any Host header
    sentry_sdk.init(
        dsn=dsn,
        include_local_variables=False,
        include_source_context=False,
        max_request_body_size="never",
        traces_sample_rate=0.0,
        auto_session_tracking=False,  # counts of sessions pass by `scrub`
        event_scrubber=EventScrubber(
            denylist=[*DEFAULT_DENYLIST, *PERSONAL], pii_denylist=DEFAULT_PII_DENYLIST, recursive=True
        ),
        before_send=scrub,
        before_send_transaction=scrub,
        before_breadcrumb=lambda crumb, hint: None,  # they would hold SQL and messages of the log
        **options,
    )


def scrub(event: Event, hint: dict[str, Any]) -> Event:
    """Drop what a request carried, blank addresses and secrets everywhere else, and say which schema it was."""
    from tenants.context import current_schema  # settings import this module before there are models

    request = event.get("request", {})
    for name in ("query_string", "cookies", "data", "env"):
        request.pop(name, None)
    request["headers"] = {name: value for name, value in request.get("headers", {}).items() if name == "Host"}
    event.pop("user", None)
    event.setdefault("tags", {})["schema"] = current_schema()
    return blank(event)


def blank(value: Any) -> Any:
    """The same value with each address and secret path in its strings replaced."""
    if isinstance(value, str):
        return SECRET_IN_URL.sub(BLANK, MAIL_ADDRESS.sub(BLANK, value))
    if isinstance(value, dict):
        return {key: blank(item) for key, item in value.items()}
    return [blank(item) for item in value] if isinstance(value, list | tuple) else value
