"""Makes a discussion shareable."""

from uuid import UUID

from django.urls import reverse

from collective.publications.enums import PublicationKind
from tenant_apps.discussions import selectors, services
from tenant_apps.discussions.enums import DEFAULT_CATEGORIES, SHARE_KIND
from tenant_apps.discussions.models import Discussion
from tenant_apps.sharing.adapters import Source
from tenant_apps.sharing.selectors import received_replies


class DiscussionAdapter:
    """What leaves is the question; the replies of members stay, because they are not the asker's to share."""

    kind = SHARE_KIND
    plural = "discussions"

    def load(self, source_id: UUID) -> Source | None:
        """Return the discussion, or None when it is gone."""
        discussion = Discussion.objects.select_related("category", "author").filter(id=source_id).first()
        return _source(discussion) if discussion else None

    def set_publication(self, source_id: UUID, publication_id: UUID | None, *, received: int = 0) -> None:
        """Write the discussion's own mark."""
        services.set_publication(source_id, publication_id, received=received)

    def path(self, source_id: UUID) -> str:
        """Return the path of its page."""
        return reverse("discussions:discussion_detail", args=[source_id], urlconf="config.urls.network")

    def categories(self) -> list[str]:
        """Return the names of this network's categories."""
        return [category.name for category in selectors.categories()]


def _source(discussion: Discussion) -> Source:
    return Source(
        source_id=discussion.id,
        kind=PublicationKind(discussion.kind),
        author_id=discussion.author_id,
        title=discussion.title,
        body=discussion.body,
        created_at=discussion.created_at,
        category=discussion.category.name,
        phase=discussion.author.headline_phase,
        is_answered=_is_answered_here(discussion),
        is_common_category=discussion.category.name in DEFAULT_CATEGORIES,
        stays=_stays(discussion.reply_count),
    )


def _is_answered_here(discussion: Discussion) -> bool:
    """Whether an answer does not live in the Collective: a member's, or one that came home before."""
    if discussion.replies.filter(is_answer=True).exists():
        return True
    return any(reply.is_answer for reply in received_replies(SHARE_KIND, discussion.id))


def _stays(count: int) -> str:
    if count == 0:
        return "Who is following."
    return f"{count} {'reply' if count == 1 else 'replies'} from members, and who is following."
