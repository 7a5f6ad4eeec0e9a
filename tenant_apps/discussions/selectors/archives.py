"""Archives of mailing lists: what was brought in, and what of it members have made their own since."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from tenant_apps.discussions.models import Archive, ArchivedMessage, Discussion, Reply


@dataclass(frozen=True, slots=True)
class Brought:
    """How much of an archive is here."""

    discussions: int
    replies: int


def archives() -> QuerySet[Archive]:
    """Return every archive, the latest first."""
    return Archive.objects.select_related("category", "imported_by").order_by("-created_at", "-id")


def get_archive(archive_id: UUID) -> Archive | None:
    """Return an archive, or None."""
    return Archive.objects.select_related("category", "imported_by").filter(id=archive_id).first()


def archived_in(message_ids: Collection[str]) -> dict[str, UUID]:
    """Return the discussions that messages were brought into, by their ids; others are not in it."""
    found = ArchivedMessage.objects.filter(message_id__in=message_ids)
    return dict(found.values_list("message_id", "discussion_id"))


def count_brought(archive: Archive) -> Brought:
    """Return how many discussions and replies of an archive are here now."""
    return Brought(Discussion.objects.filter(archive=archive).count(), Reply.objects.filter(archive=archive).count())


def kept_of(archive: Archive) -> QuerySet[Discussion]:
    """Return the discussions with something of an archive that stay when it is taken out.

    Those that members or other networks replied to, that are shared, or that another archive added to.
    """
    replies = Reply.objects.filter(discussion=OuterRef("id"))
    has_others = Q(Exists(replies.filter(archive=None))) | Q(
        Exists(replies.exclude(archive=None).exclude(archive=archive)), archive=archive
    )
    is_known_elsewhere = Q(publication_id__isnull=False) | Q(away_count__gt=0) | Q(received_count__gt=0)
    touched = Q(archive=archive) | Q(Exists(replies.filter(archive=archive)))
    return Discussion.objects.filter(touched, has_others | is_known_elsewhere)
