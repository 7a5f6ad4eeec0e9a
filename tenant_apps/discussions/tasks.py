"""Work that waits until the response has gone, and at night: telling members, mailing lists, sweeping."""

from datetime import time, timedelta
from uuid import UUID

from shared_apps.jobs.tasks import job, periodic
from tenant_apps.discussions import services


@job("discussions.discussion.tell")
def tell_of_discussion(*, discussion_id: str) -> None:
    """Tell the members of a new discussion."""
    services.tell_of_discussion(UUID(discussion_id))


@job("discussions.answer.tell")
def tell_of_answer(*, reply_id: str) -> None:
    """Tell who wrote a reply that it answers."""
    services.tell_of_answer(UUID(reply_id))


@job("discussions.reply.tell")
def tell_of_reply(*, reply_id: str) -> None:
    """Tell the followers of a member's reply."""
    services.tell_of_reply(UUID(reply_id))


@job("discussions.names.tell")
def tell_of_names(*, discussion_id: str, reply_id: str, member_ids: list[str], by_id: str) -> None:
    """Tell members whom an edit named for the first time."""
    named = [UUID(each) for each in member_ids]
    services.tell_of_names(UUID(discussion_id), UUID(reply_id) if reply_id else None, named=named, by_id=UUID(by_id))


@job("discussions.away_reply.take_in")
def take_in_away_reply(*, publication_id: str, reply_id: str) -> None:
    """Count, and tell of, a reply that somebody of another network wrote."""
    services.take_in_away_reply(UUID(publication_id), UUID(reply_id))


@job("discussions.waiting.tell")
def tell_moderators_of_waiting(*, discussion_id: str) -> None:
    """Tell the moderators of a question that waits for them."""
    services.tell_moderators_of_waiting(UUID(discussion_id))


@job("discussions.refusal.tell")
def tell_author_of_refusal(*, discussion_id: str) -> None:
    """Tell who asked a question why it is not seen."""
    services.tell_author_of_refusal(UUID(discussion_id))


@job("discussions.archive.plan", timeout=timedelta(minutes=30))
def plan_archive(*, archive_id: str) -> None:
    """Read an uploaded mailing list and say what would happen."""
    services.plan_archive(UUID(archive_id))


@job("discussions.archive.bring")
def bring_archive(*, archive_id: str) -> None:
    """Bring in a part of a mailing list."""
    services.bring_archive(UUID(archive_id))


@job("discussions.archive.undo", timeout=timedelta(minutes=30))
def undo_archive(*, archive_id: str) -> None:
    """Take a mailing list out again."""
    services.undo_archive(UUID(archive_id))


@periodic("discussions.archives.sweep", at=time(3, 45), per_network=True)
def sweep_archives() -> None:
    """Remove uploaded mailing lists that nobody decided about."""
    services.sweep_archives()


@periodic("discussions.submissions.sweep", at=time(3, 50), per_network=True)
def sweep_submissions() -> None:
    """Forget which forms were sent the day before yesterday."""
    services.sweep_submissions()
