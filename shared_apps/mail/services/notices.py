"""Emails of the template `notice`: what happened, what its reader can do, and why they get it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from shared_apps.mail.models import AnyMessage
from shared_apps.mail.services.queueing import KEPT, queue_message


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What is said. The heading is the subject where none is given; `action` is a button's label and its address."""

    subject: str
    paragraphs: Sequence[str]
    reason: str
    heading: str = ""
    quote: str = ""
    quote_by: str = ""
    code: str = ""
    action: tuple[str, str] | None = None
    after: Sequence[str] = ()

    def context(self) -> dict[str, Any]:
        """Return what the template is given."""
        label, url = self.action or ("", "")
        return {
            "heading": self.heading or self.subject,
            "paragraphs": self.paragraphs,
            "quote": self.quote,
            "quote_by": self.quote_by,
            "code": self.code,
            "action_label": label,
            "action_url": url,
            "after": self.after,
            "reason": self.reason,
        }


def queue_notice(
    to: str,
    notice: Notice,
    *,
    kind: str,
    dedupe_key: str | None = None,
    to_account_id: UUID | None = None,
    keep: timedelta = KEPT,
) -> AnyMessage:
    """Queue a notice as queue_message does."""
    return queue_message(
        to=to,
        subject=notice.subject,
        template="notice",
        context=notice.context(),
        kind=kind,
        dedupe_key=dedupe_key,
        to_account_id=to_account_id,
        keep=keep,
    )
