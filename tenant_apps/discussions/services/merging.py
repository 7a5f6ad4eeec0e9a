"""Making one discussion of two, taking that apart again, and making a discussion of some replies.

What a discussion opened with becomes a reply, and the first of the replies that are split off becomes an opening, so
that one undoes the other.
"""

import re
from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from shared_apps.audit.services import record
from tenant_apps.discussions.enums import FOLLOW_KIND, SHARE_KIND
from tenant_apps.discussions.models import ArchivedMessage, Discussion, Helpful, Mention, ReadMark, Reply, Revision
from tenant_apps.discussions.permissions import can_moderate
from tenant_apps.discussions.services.answers import held
from tenant_apps.discussions.services.errors import DiscussionError, NotAllowedError
from tenant_apps.discussions.services.moderating import recount
from tenant_apps.discussions.services.texts import clean_title
from tenant_apps.files import services as files
from tenant_apps.members.models import Member
from tenant_apps.notifications import selectors as following
from tenant_apps.notifications import services as notifications
from tenant_apps.sharing import services as sharing

_ABOUT = (Revision, Helpful, Mention, ArchivedMessage)  # rows that name a discussion, and the reply they are about


def refusal_to_merge(source: Discussion, target: Discussion) -> str:
    """Return why two discussions cannot become one, or nothing; pages show it before anybody tries."""
    both = (source, target)
    if source.id == target.id:
        return "Choose another discussion than this one."
    if any(each.is_example for each in both):
        return "One of them is an example, which goes when an owner removes the examples."
    if any(each.is_shared for each in both):
        return "One of them is shared with the Collective. Withdraw it first."
    if any(each.received_count for each in both):
        return "One of them has answers that came home from other networks, which cannot move."
    if any(each.is_anonymous for each in both):
        return "One of them was asked without a name, which the other would give away."
    if any(each.merged_into_id or each.is_hidden for each in both):
        return "One of them is hidden, or part of another already."
    return "The one that would go has a poll, which cannot move." if hasattr(source, "poll") else ""


@transaction.atomic
def merge_discussions(source: Discussion, target: Discussion, *, by: Member) -> Discussion:
    """Move a discussion into another, its replies in order of time; its address leads there from then on."""
    source, target = _held_both(source, target, by)
    if why := refusal_to_merge(source, target):
        raise DiscussionError(why)
    sharing.take_down_item(SHARE_KIND, source.id, by=by)
    marks = _read_by(source, target)
    opening = _opening_as_reply(source, target)
    _carry(Reply.objects.filter(discussion=source), source, target)
    _move_opening(source, None, target, opening)
    source.merged_into, source.pinned_at, source.is_answered = target, None, False
    source.save(update_fields=["merged_into", "pinned_at", "is_answered"])
    for member in following.followers(kind=FOLLOW_KIND, object_id=source.id):
        notifications.follow_along(member, kind=FOLLOW_KIND, object_id=target.id)
    record("discussions.discussion.merged", by=by.actor, target=source, merged_into=target.id)
    recount(source)
    recount(target)
    ReadMark.objects.filter(discussion=target, member_id__in=marks).update(seen_count=target.total_replies)
    return target


@transaction.atomic
def unmerge_discussion(source: Discussion, *, by: Member) -> Discussion:
    """Take a discussion out of the one it was merged into, with the replies that came with it."""
    target = source.merged_into
    if target is None:
        raise DiscussionError("This is not part of another discussion.")
    source, target = _held_both(source, target, by)
    moved = Reply.objects.filter(discussion=target, moved_from=source)
    opening = moved.filter(author=source.author, created_at=source.created_at).first()
    if opening is not None:
        _move_opening(target, opening, source, None)
        opening.delete()
    _carry(moved, target, source)
    Reply.objects.filter(discussion=source).update(moved_from=None)
    source.merged_into = None
    source.save(update_fields=["merged_into"])
    record("discussions.discussion.unmerged", by=by.actor, target=source, merged_into=target.id)
    recount(source)
    recount(target)
    return source


@transaction.atomic
def split_discussion(discussion: Discussion, reply_ids: Iterable[UUID], *, title: str, by: Member) -> Discussion:
    """Make a discussion of some replies: the first of them opens it. A note in each leads to the other."""
    _check_may_moderate(by)
    locked = held(discussion.id)
    chosen = _chosen(locked, set(reply_ids))
    first, number = chosen[0], len(chosen)
    made = _opened_by(first, locked, clean_title(title))
    _move_opening(locked, first, made, None)
    first.delete()
    _carry(Reply.objects.filter(id__in=[each.id for each in chosen[1:]]), locked, made)
    for member in {each.author for each in chosen} | {by}:
        notifications.follow_along(member, kind=FOLLOW_KIND, object_id=made.id)
    what = "a reply" if number == 1 else f"{number} replies"
    _note(locked, f"I moved {what} to {_link(made)}.", by)
    _note(made, f"This began in {_link(locked)}.", by)
    record("discussions.discussion.split", by=by.actor, target=locked, into=made.id, replies=number)
    recount(locked)
    recount(made)
    return made


def _chosen(discussion: Discussion, reply_ids: set[UUID]) -> Sequence[Reply]:
    if discussion.is_example:
        raise DiscussionError("This is an example, which goes as a whole when an owner removes the examples.")
    if discussion.is_anonymous:
        raise DiscussionError("This was asked without a name, which a discussion of its own would give away.")
    found = discussion.replies.filter(id__in=reply_ids, hidden_at=None).select_related("author")
    chosen = list(found.order_by("created_at", "id"))
    if not chosen or len(chosen) != len(reply_ids):
        raise DiscussionError("Choose the replies that become a discussion of their own.")
    return chosen


def _opened_by(first: Reply, discussion: Discussion, title: str) -> Discussion:
    return Discussion.objects.create(
        title=title,
        body=first.body,
        author=first.author,
        category=discussion.category,
        kind=discussion.kind,
        via=first.via,
        created_at=first.created_at,
        edited_at=first.edited_at,
        helpful_count=first.helpful_count,
    )


def _opening_as_reply(source: Discussion, target: Discussion) -> Reply:
    return Reply.objects.create(
        discussion=target,
        moved_from=source,
        author=source.author,
        body=f"**{_plain(source.title)}**\n\n{source.body}",
        via=source.via,
        created_at=source.created_at,
        edited_at=source.edited_at,
        helpful_count=source.helpful_count,
    )


def _carry(replies: QuerySet[Reply], source: Discussion, target: Discussion) -> None:
    """Move replies with everything that is said about them."""
    ids = list(replies.values_list("id", flat=True))
    Reply.objects.filter(id__in=ids).update(discussion=target, moved_from=source)
    for model in _ABOUT:
        model.objects.filter(reply_id__in=ids).update(discussion=target)


def _move_opening(source: Discussion, reply: Reply | None, target: Discussion, to: Reply | None) -> None:
    """Move what is about an opening to the reply it becomes, or back."""
    for model in _ABOUT:
        model.objects.filter(discussion=source, reply=reply).update(discussion=target, reply=to)
    new = ("reply", to.id) if to else ("discussion", target.id)
    files.move_files(reply.id if reply else source.id, kind=new[0], to=new[1])


def _read_by(source: Discussion, target: Discussion) -> list[UUID]:
    """Return who has read both to the end: to them nothing is new afterwards."""
    done = ReadMark.objects.filter(discussion=source, seen_count__gte=source.total_replies)
    also = ReadMark.objects.filter(discussion=target, seen_count__gte=target.total_replies)
    return list(
        also.filter(member_id__in=list(done.values_list("member_id", flat=True))).values_list("member_id", flat=True)
    )


def _note(discussion: Discussion, words: str, by: Member) -> None:
    Reply.objects.create(discussion=discussion, author=by, body=words)


def _link(discussion: Discussion) -> str:
    return f"[{_plain(discussion.title)}](/discussions/{discussion.id}/)"


def _plain(title: str) -> str:
    """Return a title that Markdown shows as it is."""
    return re.sub(r"([\\`*_\[\]<>!~|#&])", r"\\\1", title)


def _held_both(source: Discussion, target: Discussion, by: Member) -> tuple[Discussion, Discussion]:
    """Hold two discussions, always in the same order, so that two merges never wait for each other."""
    _check_may_moderate(by)
    locked = {each: held(each) for each in sorted({source.id, target.id})}
    return locked[source.id], locked[target.id]


def _check_may_moderate(by: Member) -> None:
    if not can_moderate(by):
        raise NotAllowedError("Only moderators can do this.")
