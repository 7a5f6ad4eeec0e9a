"""Errors are reported to Sentry where SENTRY_DSN is set, without anything personal or secret.

What leaves is made anew from what is known to be harmless: names of classes, files, functions and routes, ids and
subdomains. Everything else an event could hold stays here: messages of exceptions, what a request carried, local
variables, what was logged before, the command line.
"""

from typing import Any

import sentry_sdk
from sentry_sdk.integrations.logging import ignore_logger

from shared_apps.jobs.signals import job_failed

OF_AN_EVENT = ("event_id", "timestamp", "platform", "level", "logger", "release", "environment", "server_name", "sdk")
OF_AN_ERROR = ("type", "module")
OF_A_FRAME = ("filename", "function", "module", "lineno", "in_app")
OF_A_MECHANISM = ("type", "handled", "exception_id", "parent_id", "source", "is_exception_group")

Event = dict[str, Any]


def report_to(dsn: str, **options: Any) -> None:
    """Begin to report. The defaults of Sentry would send query strings and local variables."""
    ignore_logger("django.security.DisallowedHost")  # anybody can send any Host header
    ignore_logger("sbm.jobs")  # says that a job failed; the signal brings the error itself
    sentry_sdk.init(
        dsn=dsn,
        include_local_variables=False,
        include_source_context=False,
        max_request_body_size="never",
        traces_sample_rate=0.0,
        auto_session_tracking=False,  # counts of sessions pass by `scrub`
        before_send=scrub,
        before_send_transaction=lambda event, hint: None,
        before_breadcrumb=lambda crumb, hint: None,  # they would hold SQL and messages of the log
        **options,
    )
    job_failed.connect(_report_job, dispatch_uid="sentry")


def scrub(event: Event, hint: dict[str, Any]) -> Event:
    """Return an event of what is harmless in this one, with what was being done and in which schema."""
    from shared_apps.monitoring.work import current_work  # settings import this module before they are there
    from tenants.context import current_network, current_schema

    work, network = current_work(), current_network()
    told = work.told() if work is not None else {}
    kept = _only(event, OF_AN_EVENT)
    kept["tags"] = {"schema": current_schema(), "network": network.subdomain if network else ""} | told
    kept["transaction"] = work.name if work is not None else ""
    template = (event.get("logentry") or {}).get("message")
    if template and (event.get("logentry") or {}).get("params"):
        kept["logentry"] = {"message": template}  # as it stands in the code, with nothing filled in
    if "exception" in event:
        kept["exception"] = {"values": [_error(each) for each in event["exception"].get("values", [])]}
    return kept


def _report_job(sender: Any, error: BaseException, **_: Any) -> None:
    sentry_sdk.capture_exception(error)


def _error(error: Event) -> Event:
    frames = (error.get("stacktrace") or {}).get("frames", [])
    return _only(error, OF_AN_ERROR) | {
        "mechanism": _only(error.get("mechanism") or {}, OF_A_MECHANISM),
        "stacktrace": {"frames": [_only(frame, OF_A_FRAME) for frame in frames]},
    }


def _only(value: Event, names: tuple[str, ...]) -> Event:
    return {name: value[name] for name in names if name in value}
