"""Emails about how somebody signs in."""

from datetime import timedelta

from shared_apps.accounts import messages
from shared_apps.mail.services import KEPT, queue_notice


def tell(email: str, kind: str, *, keep: timedelta = KEPT, **words: str) -> None:
    """Queue one of messages.KINDS in the current schema, so that it carries this site's name and stays here."""
    queue_notice(email, messages.notice(kind, **words), kind=f"accounts.{kind}", keep=keep)
