"""A form sent twice makes one thing: a double click, or going back and sending it again.

What is sent again with the same words and something else, such as a file that was forgotten, is refused: to answer
"Posted." would throw the file away, and to post it would say the same twice. A key is three fingerprints in a row: of
the form with its words, of what was chosen besides, and of the files.
"""

from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256

from django.utils import timezone

from tenant_apps.discussions.models import Submission
from tenant_apps.discussions.services.errors import PostedAlreadyError
from tenant_apps.files.services import Prepared
from tenant_apps.members.models import Member

_KEPT = timedelta(days=1)


def claim(
    token: str, *written: str, chosen: Sequence[object] = (), attached: Sequence[Prepared] = (), by: Member
) -> Submission:
    """Return what became of a form so far; who sends it at the same moment waits here until the first is done.

    `token` is the random word that the form was drawn with: without one it is never the same form. What was changed
    before it was sent again is another thing, unless its words are the same: then PostedAlreadyError says what they
    made. Going back empties a field for files, so without files it is the same form.
    """
    if not token:
        return Submission(member=by)
    words = _words(token, *written)
    with_choices = words + _fingerprint(*map(repr, chosen))[:16]
    key = with_choices + _fingerprint(*(f"{file.name} {file.sha256}" for file in attached))[:16]
    Submission.objects.bulk_create([Submission(member=by, key=key)], ignore_conflicts=True)
    sent = Submission.objects.select_related("discussion", "reply").filter(member=by, key__startswith=words)
    made = sent.exclude(discussion=None, reply=None).first()
    posted = (made.reply or made.discussion) if made else None
    if made is None or posted is None:
        return sent.get(key=key)
    if made.key == key or (not attached and made.key.startswith(with_choices)):
        return made
    raise PostedAlreadyError(posted)


def note_made(submission: Submission, **made: object) -> None:
    """Remember what a form made."""
    if submission.key:
        Submission.objects.filter(member_id=submission.member_id, key=submission.key).update(**made)


def was_sent(token: str, *written: str, by: Member) -> bool:
    """Return whether these very words were sent with this form, so that they are no draft any more."""
    return bool(token) and Submission.objects.filter(member=by, key__startswith=_words(token, *written)).exists()


def sweep_submissions() -> None:
    """Forget forms that were sent more than a day ago; called by a job."""
    Submission.objects.filter(created_at__lt=timezone.now() - _KEPT).delete()


def _words(token: str, *written: str) -> str:
    return _fingerprint(token, *(" ".join(text.split()) for text in written))[:32]


def _fingerprint(*texts: str) -> str:
    return sha256("\0".join(texts).encode()).hexdigest()
