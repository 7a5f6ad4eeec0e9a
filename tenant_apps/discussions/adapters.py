"""Makes a discussion shareable, and says who sees the files of it and of its replies."""

from uuid import UUID

from django.urls import reverse

from collective.publications.enums import PublicationKind
from tenant_apps.discussions import selectors, services
from tenant_apps.discussions.enums import DEFAULT_CATEGORIES, SHARE_KIND
from tenant_apps.discussions.models import Discussion, Reply
from tenant_apps.discussions.permissions import can_edit_discussion, can_edit_reply
from tenant_apps.members.models import Member
from tenant_apps.members.permissions import is_moderator
from tenant_apps.sharing.adapters import Source
from tenant_apps.sharing.selectors import received_replies


class DiscussionAdapter:
    """What leaves is the question; the replies of members stay, because they are not the asker's to share."""

    kind = SHARE_KIND
    plural = "discussions"

    def load(self, source_id: UUID) -> Source | None:
        """Return the discussion, or None when it is gone; one asked without a name does not leave its network."""
        found = Discussion.objects.filter(selectors.LISTED, id=source_id, is_anonymous=False)
        discussion = found.select_related("category", "author").first()
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


class DiscussionFiles:
    """The files of what was asked; they are never part of what is shared."""

    kind = "discussion"

    def can_see(self, member: Member, object_id: UUID) -> bool:
        """Whether a member may open the discussion."""
        return Discussion.objects.filter(selectors.discussions_seen_by(member), id=object_id).exists()

    def can_attach(self, member: Member, object_id: UUID) -> bool:
        """Whether a member may change the discussion."""
        discussion = Discussion.objects.filter(id=object_id).first()
        return discussion is not None and can_edit_discussion(member, discussion)

    def can_remove(self, member: Member, object_id: UUID) -> bool:
        """Whether a member looks after what others say."""
        return is_moderator(member)

    def path(self, object_id: UUID) -> str:
        """Return the path of its page."""
        return reverse("discussions:discussion_detail", args=[object_id], urlconf="config.urls.network")


class ReplyFiles:
    """The files of a reply."""

    kind = "reply"

    def can_see(self, member: Member, object_id: UUID) -> bool:
        """Whether a member may open the discussion and see the reply in it."""
        open_to = Discussion.objects.filter(selectors.discussions_seen_by(member))
        return Reply.objects.filter(selectors.replies_seen_by(member), id=object_id, discussion__in=open_to).exists()

    def can_attach(self, member: Member, object_id: UUID) -> bool:
        """Whether a member may change the reply."""
        reply = Reply.objects.filter(id=object_id).first()
        return reply is not None and can_edit_reply(member, reply)

    def can_remove(self, member: Member, object_id: UUID) -> bool:
        """Whether a member looks after what others say."""
        return is_moderator(member)

    def path(self, object_id: UUID) -> str:
        """Return the path of its place on the discussion's page, or "" when it is gone."""
        reply = Reply.objects.filter(id=object_id).only("discussion_id").first()
        return f"{DiscussionFiles().path(reply.discussion_id)}#reply-{object_id}" if reply else ""


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
        is_closed=discussion.is_locked,
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
