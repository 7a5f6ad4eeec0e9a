"""Work that waits until the response has gone: telling members of what was asked, said and marked."""

from uuid import UUID

from shared_apps.jobs.tasks import job
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


@job("discussions.away_reply.take_in")
def take_in_away_reply(*, publication_id: str, reply_id: str) -> None:
    """Count, and email, a reply that somebody of another network wrote."""
    services.take_in_away_reply(UUID(publication_id), UUID(reply_id))
