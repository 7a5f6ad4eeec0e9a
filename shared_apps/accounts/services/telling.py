"""Emails about how somebody signs in."""

from datetime import timedelta

from shared_apps.accounts import messages
from shared_apps.mail.services import KEPT, queue_message


def tell(email: str, kind: str, *, keep: timedelta = KEPT, **words: str) -> None:
    """Queue one of messages.KINDS in the current schema, so that it carries this site's name and stays here."""
    notice = messages.notice(kind, **words)
    queue_message(
        to=email,
        subject=notice.subject,
        template="notice",
        context=notice.context,
        kind=f"accounts.{notice.kind}",
        keep=keep,
    )
