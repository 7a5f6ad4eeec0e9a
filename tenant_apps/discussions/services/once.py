"""A form sent twice makes one thing: a double click, or going back and sending it again."""

from datetime import timedelta
from hashlib import sha256

from django.utils import timezone

from tenant_apps.discussions.models import Submission
from tenant_apps.members.models import Member

_KEPT = timedelta(days=1)


def claim(token: str, *written: str, by: Member) -> Submission:
    """Return what became of a form so far; who sends it at the same moment waits here until the first is done.

    `token` is the random word that the form was drawn with: without one it is never the same form. What was changed
    before it was sent again is another thing.
    """
    if not token:
        return Submission(member=by)
    key = _key(token, *written)
    Submission.objects.bulk_create([Submission(member=by, key=key)], ignore_conflicts=True)
    return Submission.objects.select_related("discussion", "reply").get(member=by, key=key)


def note_made(submission: Submission, **made: object) -> None:
    """Remember what a form made."""
    if submission.key:
        Submission.objects.filter(member_id=submission.member_id, key=submission.key).update(**made)


def was_sent(token: str, *written: str, by: Member) -> bool:
    """Return whether these very words were sent with this form, so that they are no draft any more."""
    return bool(token) and Submission.objects.filter(member=by, key=_key(token, *written)).exists()


def sweep_submissions() -> None:
    """Forget forms that were sent more than a day ago; called by a job."""
    Submission.objects.filter(created_at__lt=timezone.now() - _KEPT).delete()


def _key(token: str, *written: str) -> str:
    return sha256("\0".join([token, *(" ".join(text.split()) for text in written)]).encode()).hexdigest()
