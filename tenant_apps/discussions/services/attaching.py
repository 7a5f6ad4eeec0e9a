"""What goes with a text when it is written: its files, and who it names."""

from collections.abc import Sequence
from uuid import UUID

from tenant_apps.discussions.models import Discussion, Reply
from tenant_apps.discussions.services.errors import DiscussionError
from tenant_apps.discussions.services.mentions import note_mentions
from tenant_apps.files import services as files
from tenant_apps.members.models import Member


def finish_text(
    discussion: Discussion, reply: Reply | None = None, *, attached: Sequence[files.Prepared] = (), by: Member
) -> set[UUID]:
    """Attach files to a text that was just posted or edited, and keep who it names; in the caller's transaction.

    Returns the members whom it names now and did not before.
    """
    post, kind = (reply, "reply") if reply else (discussion, "discussion")
    try:
        files.attach_prepared(attached, kind=kind, object_id=post.id, by=by)
    except files.FileRefusedError as error:
        raise DiscussionError(f"{attached[-1].name} {error}") from error
    except files.FileNotAllowedError as error:
        raise DiscussionError(f"{error} Post the text without them.") from error
    return note_mentions(discussion, reply)
