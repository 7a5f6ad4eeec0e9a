"""Makes a discussion shareable, it and its replies reportable, and says who sees their files."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

from collective.publications.enums import PublicationKind
from shared_apps.audit.services import Actor
from tenant_apps.discussions import selectors, services
from tenant_apps.discussions.enums import CATEGORY_KIND, SHARE_KIND
from tenant_apps.discussions.models import Discussion, Reply
from tenant_apps.discussions.permissions import can_edit_discussion, can_edit_reply
from tenant_apps.discussions.services.masks import actor_in
from tenant_apps.members.models import Member
from tenant_apps.members.permissions import is_moderator
from tenant_apps.moderation.adapters import Reportable
from tenant_apps.notifications.adapters import Topic
from tenant_apps.sharing.adapters import Source
from tenant_apps.sharing.selectors import received_replies
from tenants.beginnings import USUAL

_COMMON_CATEGORIES = {each.name for each in USUAL.subjects}


@dataclass(frozen=True, slots=True, kw_only=True)
class Similar:
    """Something like the question that is about to be asked: a discussion here or, with an `origin`, a publication."""

    id: UUID
    title: str
    is_answered: bool
    replies: int
    origin: str = ""
    colour: str = ""


SHORTEST = 8
"""Characters of a title that say something."""
_finders: list[Callable[[str], list[Similar]]] = []


def register_similar(finder: Callable[[str], list[Similar]]) -> None:
    """Add who finds what is similar; adding one twice is the same as once."""
    if finder not in _finders:
        _finders.append(finder)


def similar_to(title: str) -> list[Similar]:
    """Return what is like a title that is being written, of this network and of others; while it is short, nothing."""
    words = title.replace("\x00", "").strip()[: services.MAX_TITLE_LENGTH]
    return [each for finder in _finders for each in finder(words)] if len(words) >= SHORTEST else []


def followed_categories() -> list[Topic]:
    """Return what members may follow as a whole."""
    return [Topic(CATEGORY_KIND, category.id, category.name) for category in selectors.categories()]


class DiscussionAdapter:
    """What leaves is the question; the replies of members stay, because they are not the asker's to share."""

    kind = SHARE_KIND
    plural = "discussions"

    def load(self, source_id: UUID) -> Source | None:
        """Return the discussion, or None when it is gone; one without a name, or made up, stays in its network."""
        found = Discussion.objects.filter(selectors.LISTED, id=source_id, is_anonymous=False)
        discussion = found.exclude(selectors.MADE_UP).select_related("category", "author").first()
        return _source(discussion) if discussion else None

    def set_publication(self, source_id: UUID, publication_id: UUID | None, *, received: int = 0) -> None:
        """Write the discussion's own mark."""
        services.set_publication(source_id, publication_id, received=received)

    def path(self, source_id: UUID) -> str:
        """Return the path of its page."""
        return _path(source_id)

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

    def actor(self, member: Member, object_id: UUID) -> Actor:
        """Return who acts for the audit; who asked without their name has none in it."""
        return actor_in(Discussion.objects.get(id=object_id), member)

    def path(self, object_id: UUID) -> str:
        """Return the path of its page."""
        return _path(object_id)


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

    def actor(self, member: Member, object_id: UUID) -> Actor:
        """Return who acts for the audit; who asked without their name has none in their replies either."""
        return actor_in(Reply.objects.select_related("discussion").get(id=object_id).discussion, member)

    def path(self, object_id: UUID) -> str:
        """Return the path of its place on the discussion's page, or "" when it is gone."""
        reply = Reply.objects.filter(id=object_id).select_related("discussion").first()
        return f"{_path(reply.discussion_id)}{selectors.place_of_reply(reply.discussion, reply.id)}" if reply else ""


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
        is_common_category=discussion.category.name in _COMMON_CATEGORIES,
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


class ReportableDiscussion:
    """What was asked; a hidden discussion is seen by its author and by moderators, and is not shared."""

    kind = noun = "discussion"

    def load(self, object_id: UUID) -> Reportable | None:
        """Return the discussion, or None when it is gone or has become part of another."""
        found = Discussion.objects.filter(id=object_id, merged_into=None).select_related("author").first()
        return _reportable_discussion(found) if found else None

    def hide(self, object_id: UUID, *, reason: str, by: Member) -> None:
        """Hide it, taking it back from the Collective."""
        services.hide_discussion(
            Discussion.objects.get(id=object_id), reason=reason[: services.MAX_REASON_LENGTH], by=by, is_logged=True
        )

    def show(self, object_id: UUID, *, by: Member) -> None:
        """Let it be seen again."""
        services.show_discussion(Discussion.objects.get(id=object_id), by=by, is_logged=True)

    def recent_of(self, author_id: UUID) -> list[Reportable]:
        """Return the newest few of a member that they put their name to."""
        found = Discussion.objects.filter(author_id=author_id, is_anonymous=False, merged_into=None)
        return [_reportable_discussion(each) for each in found.select_related("author").order_by("-created_at")[:5]]

    def count_standing(self, author_id: UUID) -> int:
        """Return how many of a member are to be seen."""
        return Discussion.objects.filter(selectors.LISTED, author_id=author_id).count()


class ReportableReply:
    """What a member of this network replied."""

    kind = noun = "reply"

    def load(self, object_id: UUID) -> Reportable | None:
        """Return the reply, or None when it is gone."""
        found = Reply.objects.filter(id=object_id).select_related("author", "discussion").first()
        return _reportable_reply(found) if found else None

    def hide(self, object_id: UUID, *, reason: str, by: Member) -> None:
        """Hide it."""
        reply = Reply.objects.select_related("discussion").get(id=object_id)
        services.hide_reply(reply, reason=reason[: services.MAX_REASON_LENGTH], by=by, is_logged=True)

    def show(self, object_id: UUID, *, by: Member) -> None:
        """Let it be seen again."""
        reply = Reply.objects.select_related("discussion").get(id=object_id)
        services.show_reply(reply, by=by, is_logged=True)

    def recent_of(self, author_id: UUID) -> list[Reportable]:
        """Return the newest few of a member that they put their name to."""
        found = Reply.objects.filter(author_id=author_id).exclude(
            discussion__is_anonymous=True, discussion__author_id=author_id
        )
        newest = found.select_related("author", "discussion").order_by("-created_at")[:5]
        return [_reportable_reply(each) for each in newest]

    def count_standing(self, author_id: UUID) -> int:
        """Return how many of a member are to be seen."""
        return Reply.objects.filter(author_id=author_id, hidden_at=None).count()


def _reportable_discussion(discussion: Discussion) -> Reportable:
    return Reportable(
        kind=ReportableDiscussion.kind,
        object_id=discussion.id,
        title=discussion.title,
        text=discussion.body,
        author_id=discussion.author_id,
        author_name=discussion.author_name,
        written_at=discussion.created_at,
        path=_path(discussion.id),
        is_hidden=discussion.hidden_at is not None or discussion.awaits_approval,
        is_anonymous=discussion.is_anonymous,
    )


def _reportable_reply(reply: Reply) -> Reportable:
    """The asker of a discussion without names has none in its replies either."""
    discussion = reply.discussion
    is_anonymous = discussion.is_anonymous and reply.author_id == discussion.author_id
    return Reportable(
        kind=ReportableReply.kind,
        object_id=reply.id,
        title=f"Reply to {discussion.title}"[:200],
        text=reply.body,
        author_id=reply.author_id,
        author_name=discussion.author_name if is_anonymous else reply.author.shown_name,
        written_at=reply.created_at,
        path=f"{_path(discussion.id)}{selectors.place_of_reply(discussion, reply.id)}",
        is_hidden=bool(reply.hidden_at or discussion.hidden_at or discussion.awaits_approval),
        is_anonymous=is_anonymous,
    )


def _path(discussion_id: UUID) -> str:
    return reverse("discussions:discussion_detail", args=[discussion_id], urlconf="config.urls.network")
