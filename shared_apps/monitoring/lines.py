"""One line of JSON for each record of the log, in which nothing personal can be.

Our own loggers (`sbm.…`) say ids, names of classes and figures. Of what others say only the template that stands in
their code is shown; its values, and what was put together before, may be anything that somebody typed. So with
exceptions: class, files, lines and functions, never a message.
"""

import json
import logging
from datetime import UTC, datetime
from typing import Any

from shared_apps.monitoring.failures import describe
from shared_apps.monitoring.work import current_work

OURS = "sbm."
WITH_TEMPLATES = ("django", "gunicorn")
FIELDS = ("method", "status", "ms", "queries", "query_ms", "account", "outcome", "attempt", "sql")


class JsonFormatter(logging.Formatter):
    """Draws a record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        return json.dumps(_moment(record) | _work() | _words(record) | _error(record))


def _moment(record: logging.LogRecord) -> dict[str, Any]:
    at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
    return {"at": at, "level": record.levelname.lower(), "logger": record.name}


def _work() -> dict[str, Any]:
    work = current_work()
    return dict(work.told()) if work is not None else {}


def _words(record: logging.LogRecord) -> dict[str, Any]:
    if record.name.startswith(OURS):
        fields = {name: record.__dict__[name] for name in FIELDS if name in record.__dict__}
        return fields or {"message": record.getMessage()}
    where = {"where": f"{record.module}:{record.lineno} {record.funcName}"}
    is_template = record.name.split(".", 1)[0] in WITH_TEMPLATES and bool(record.args) and isinstance(record.msg, str)
    return where | ({"template": record.msg} if is_template else {})


def _error(record: logging.LogRecord) -> dict[str, Any]:
    error = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
    if error is None:
        return {}
    name, frames = describe(error)
    return {"error": name, "frames": frames.splitlines()}
