"""Takes an archive out again: exactly what it brought, but for what members have replied to since."""

from collections.abc import Sequence
from itertools import batched
from uuid import UUID

from django.db import transaction
from django.db.models import Count, F, Max, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from shared_apps.audit.services import record
from tenant_apps.discussions import selectors, tasks
from tenant_apps.discussions.enums import ArchiveState
from tenant_apps.discussions.models import Archive, ArchivedMessage, Discussion, Reply
from tenant_apps.discussions.permissions import can_bring_archives
from tenant_apps.discussions.services.answers import settle
from tenant_apps.discussions.services.errors import DiscussionError, NotAllowedError
from tenant_apps.discussions.services.removing import remove_discussions
from tenant_apps.files import services as files
from tenant_apps.members import services as members
from tenant_apps.members.models import Member

_AT_ONCE = 100
_LISTED = 50
_CAN_BE_UNDONE = (ArchiveState.BROUGHT, ArchiveState.BRINGING)


@transaction.atomic
def start_undoing(archive: Archive, *, by: Member) -> None:
    """Take an archive out again, by a job; what is still being brought in stops first."""
    if not can_bring_archives(by):
        raise NotAllowedError("Only organisers can take a mailing list out again.")
    held = Archive.objects.select_for_update().get(id=archive.id)
    if held.state not in _CAN_BE_UNDONE:
        raise DiscussionError("There is nothing of this archive to take out.")
    brought = selectors.count_brought(held)
    held.state, held.done, held.total = ArchiveState.UNDOING, 0, brought.discussions + brought.replies
    held.save(update_fields=["state", "done", "total"])
    record("discussions.archive.undoing", by=by.actor, target=held)
    tasks.undo_archive.enqueue(archive_id=held.id)


def undo_archive(archive_id: UUID) -> None:
    """Remove what an archive brought, some at a time; called by a job, which may be killed and called again."""
    archive = selectors.get_archive(archive_id)
    if archive is None or archive.state != ArchiveState.UNDOING:
        return
    kept = dict(selectors.kept_of(archive).values_list("id", "title"))
    authors = _authors(archive)
    gone = Discussion.objects.filter(archive=archive).exclude(id__in=kept)
    for some in batched(list(gone.values_list("id", flat=True)), _AT_ONCE):
        _remove_discussions(archive, some)
    added = Reply.objects.filter(archive=archive).exclude(discussion_id__in=kept)
    for some in batched(sorted(set(added.values_list("discussion_id", flat=True))), _AT_ONCE):
        _remove_replies(archive, some)
    _finish(archive, kept, authors)


@transaction.atomic
def _remove_discussions(archive: Archive, ids: Sequence[UUID]) -> None:
    """Remove discussions; of one that was replied to a moment ago, nothing."""
    held = set(Discussion.objects.select_for_update().filter(id__in=ids).values_list("id", flat=True))
    held -= set(selectors.kept_of(archive).filter(id__in=held).values_list("id", flat=True))
    Archive.objects.filter(id=archive.id).update(done=F("done") + remove_discussions(held))


@transaction.atomic
def _remove_replies(archive: Archive, discussion_ids: Sequence[UUID]) -> None:
    """Remove what was added to discussions that another archive began, and count them again."""
    discussions = Discussion.objects.select_for_update().filter(id__in=discussion_ids)
    touched = list(discussions.values_list("id", flat=True))
    replies = Reply.objects.filter(archive=archive, discussion_id__in=touched)
    files.remove_files_of(list(replies.values_list("id", flat=True)))
    ArchivedMessage.objects.filter(archive=archive, discussion_id__in=touched).delete()
    count = replies.delete()[0]
    left = Reply.objects.filter(discussion=OuterRef("id")).order_by().values("discussion")
    Discussion.objects.filter(id__in=touched).update(
        reply_count=Coalesce(Subquery(left.annotate(n=Count("id")).values("n")), 0),
        last_activity_at=Coalesce(Subquery(left.annotate(at=Max("created_at")).values("at")), F("created_at")),
    )
    for discussion in Discussion.objects.filter(id__in=touched):
        settle(discussion)
    Archive.objects.filter(id=archive.id).update(done=F("done") + count)


@transaction.atomic
def _finish(archive: Archive, kept: dict[UUID, str], authors: set[UUID]) -> None:
    held = Archive.objects.select_for_update().get(id=archive.id)
    held.state, held.undone_at = ArchiveState.UNDONE, timezone.now()
    held.report |= {"kept": list(kept.values())[:_LISTED], "kept_count": len(kept)}
    held.save(update_fields=["state", "undone_at", "report"])
    wrote = Discussion.objects.filter(author_id__in=authors).values_list("author_id", flat=True)
    replied = Reply.objects.filter(author_id__in=authors).values_list("author_id", flat=True)
    members.forget_listed(authors - set(wrote) - set(replied))


def _authors(archive: Archive) -> set[UUID]:
    asked = Discussion.objects.filter(archive=archive).values_list("author_id", flat=True)
    return {*asked, *Reply.objects.filter(archive=archive).values_list("author_id", flat=True)}
