"""Writes to discussions: ask, reply, edit, mark, follow and read."""

from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from shared_apps.audit.services import record
from shared_apps.core.markdown import is_blank, plain_text, tidy_line, tidy_text
from tenant_apps.discussions import tasks
from tenant_apps.discussions.enums import DEFAULT_CATEGORIES, FOLLOW_KIND, SHARE_KIND, DiscussionKind
from tenant_apps.discussions.models import Category, Discussion, ReadMark, Reply, Revision
from tenant_apps.discussions.permissions import (
    can_edit_discussion,
    can_edit_reply,
    can_manage_categories,
    can_mark_answer,
    can_take_part,
)
from tenant_apps.discussions.selectors import Post, forget_categories, get_discussion, posts
from tenant_apps.members.models import Member
from tenant_apps.notifications import services as notifications
from tenant_apps.sharing import services as sharing
from tenant_apps.sharing.selectors import source_of_reply
from tenants.context import on_commit_here, this_network
from tenants.selectors import network_url


class DiscussionError(Exception):
    """The act is not possible; the message says why, and what to do."""


class NotAllowedError(DiscussionError):
    """This member may not do that."""


MAX_TITLE_LENGTH = 200
MAX_BODY_LENGTH = 20_000
MAX_CATEGORY_LENGTH = 60


@transaction.atomic
def start_discussion(
    *, title: str, body: str, category: Category | None = None, kind: str = DiscussionKind.QUESTION, by: Member
) -> Discussion:
    """Ask or discuss; the author follows it. Without a category it goes to the first one."""
    if not can_take_part(by):
        raise NotAllowedError("Only members can start a discussion.")
    discussion = Discussion.objects.create(
        title=_title(title), body=_body(body), category=category or _first_category(), kind=kind, author=by
    )
    _follow(by, discussion)
    ReadMark.objects.create(member=by, discussion=discussion)
    record("discussions.discussion.started", by=by.actor, target=discussion)
    return discussion


@transaction.atomic
def edit_discussion(
    discussion: Discussion, *, title: str, body: str, category: Category | None = None, kind: str = "", by: Member
) -> Discussion:
    """Change what was asked, keeping what it said before; the publication follows in the same transaction."""
    locked = _held(discussion.id)
    if not can_edit_discussion(by, locked):
        raise NotAllowedError("Only the person who wrote this, or a moderator, can change it.")
    wanted = {
        "title": _title(title),
        "body": _body(body),
        "category": category or locked.category,
        "kind": _kind(locked, kind),
    }
    changed = [name for name, value in wanted.items() if getattr(locked, name) != value]
    if changed:
        _rewrite_discussion(locked, wanted, changed, by=by)
    return locked


@transaction.atomic
def post_reply(discussion: Discussion, *, body: str, by: Member) -> Reply:
    """Reply; who replies follows the discussion, and its followers are told after the commit."""
    if not can_take_part(by):
        raise NotAllowedError("Only members can reply.")
    reply = Reply.objects.create(discussion=discussion, author=by, body=_body(body))
    Discussion.objects.filter(id=discussion.id).update(
        reply_count=F("reply_count") + 1, last_activity_at=reply.created_at
    )
    discussion.refresh_from_db(fields=["reply_count", "away_count", "last_activity_at"])
    _follow(by, discussion)
    mark_read(discussion, member=by)
    record("discussions.reply.posted", by=by.actor, target=reply)
    tasks.tell_of_reply.enqueue(reply_id=str(reply.id))
    return reply


@transaction.atomic
def edit_reply(reply: Reply, *, body: str, by: Member) -> Reply:
    """Change a reply, keeping what it said before."""
    locked = Reply.objects.select_for_update().get(id=reply.id)
    if not can_edit_reply(by, locked):
        raise NotAllowedError("Only the person who wrote this, or a moderator, can change it.")
    body = _body(body)
    if body != locked.body:
        Revision.objects.create(discussion_id=locked.discussion_id, reply=locked, editor=by, body=locked.body)
        locked.body, locked.edited_at = body, timezone.now()
        locked.save(update_fields=["body", "edited_at"])
        record("discussions.reply.edited", by=by.actor, target=locked, fields=["body"])
    return locked


@transaction.atomic
def mark_reply(discussion: Discussion, reply_id: UUID, *, is_answer: bool, by: Member) -> Discussion:
    """Mark or unmark a reply, of this network or of another, as an answer; several may be."""
    locked = _held(discussion.id)
    if not can_mark_answer(by, locked):
        raise NotAllowedError("Only the person who asked, or a moderator, can mark an answer.")
    here = Reply.objects.filter(id=reply_id, discussion=locked)
    if here.update(is_answer=is_answer, marked_by=by if is_answer else None):
        record("discussions.reply.marked", by=by.actor, target_kind="reply", target_id=reply_id, is_answer=is_answer)
    else:
        sharing.mark_away_reply(SHARE_KIND, locked.id, reply_id, is_answer=is_answer, by=by)
    _settle(locked)
    sharing.follow_edit(SHARE_KIND, locked.id, by=by)
    return locked


@transaction.atomic
def set_publication(discussion_id: UUID, publication_id: UUID | None, *, received: int) -> None:
    """Write a discussion's own marks of being shared; called by sharing in its transaction."""
    discussion = _held(discussion_id)
    discussion.publication_id = publication_id
    discussion.received_count += received
    discussion.save(update_fields=["publication_id", "received_count"])
    _settle(discussion)


@transaction.atomic
def count_away_replies(discussion: Discussion) -> list[Post]:
    """Bring a discussion up to date after people of other networks replied or took a reply back; return what is there.

    It counts under the discussion's lock, so that of two at once the later one counts both.
    """
    return _settle(_held(discussion.id))


def mark_read(discussion: Discussion, *, member: Member, seen: int | None = None) -> None:
    """Remember that a member has seen `seen` replies, or all there are."""
    ReadMark.objects.bulk_create(
        [
            ReadMark(
                member=member,
                discussion=discussion,
                seen_count=discussion.total_replies if seen is None else seen,
                read_at=timezone.now(),
            )
        ],
        update_conflicts=True,
        unique_fields=["member", "discussion"],
        update_fields=["seen_count", "read_at"],
    )


@transaction.atomic
def mark_all_read(*, member: Member) -> int:
    """Mark everything as read and return how many discussions that were."""
    everything = list(Discussion.objects.only("id", "reply_count", "away_count"))
    now = timezone.now()
    ReadMark.objects.bulk_create(
        [ReadMark(member=member, discussion=each, seen_count=each.total_replies, read_at=now) for each in everything],
        update_conflicts=True,
        unique_fields=["member", "discussion"],
        update_fields=["seen_count", "read_at"],
        batch_size=1000,
    )
    return len(everything)


def follow(discussion: Discussion, *, member: Member) -> None:
    """Be told by email of new replies."""
    _follow(member, discussion)


def unfollow(discussion: Discussion, *, member: Member) -> None:
    """Be told no more."""
    notifications.unfollow(member, kind=FOLLOW_KIND, object_id=discussion.id)


@transaction.atomic
def seed_categories() -> None:
    """Add the usual categories where a network has none."""
    if not Category.objects.exists():
        Category.objects.bulk_create(
            Category(name=name, position=position) for position, name in enumerate(DEFAULT_CATEGORIES)
        )
        on_commit_here(forget_categories)


@transaction.atomic
def save_category(*, name: str, category: Category | None = None, by: Member) -> Category:
    """Add or rename a category."""
    name = _category_name(name, by)
    category = category or Category(position=Category.objects.count())
    old_name, category.name, category.is_archived = category.name, name, False
    try:
        with transaction.atomic():
            category.save()
    except IntegrityError:
        raise DiscussionError(f"There is a category {name} already.") from None
    record("discussions.category.saved", by=by.actor, target=category, fields=["name"])
    on_commit_here(forget_categories)
    if old_name not in ("", name):
        sharing.follow_category(SHARE_KIND, _shared_ids(category), old_name=old_name, name=name, by=by)
    return category


@transaction.atomic
def archive_category(category: Category, *, is_archived: bool, by: Member) -> None:
    """Take a category out of use, or back; its discussions stay."""
    if not can_manage_categories(by):
        raise NotAllowedError("Only organisers can change categories.")
    if is_archived and not Category.objects.filter(is_archived=False).exclude(id=category.id).exists():
        raise DiscussionError("A network needs at least one category.")
    category.is_archived = is_archived
    category.save(update_fields=["is_archived"])
    record("discussions.category.archived", by=by.actor, target=category, is_archived=is_archived)
    on_commit_here(forget_categories)


def tell_of_reply(reply_id: UUID) -> None:
    """Email everybody who follows the discussion, except who wrote the reply; called by a job."""
    reply = Reply.objects.select_related("author", "discussion").filter(id=reply_id).first()
    if reply is not None:
        author = reply.author
        _tell(reply.discussion, reply_id=reply.id, author=author.shown_name, body=reply.body, wrote=author.id)


def take_in_away_reply(publication_id: UUID, reply_id: UUID) -> None:
    """Count the replies of other networks to a discussion and email its followers of this one; called by a job.

    The reply may have come home with a withdrawal meanwhile, or been taken back: then there is nothing to tell.
    """
    kind, source_id = source_of_reply(publication_id, reply_id) or ("", None)
    discussion = get_discussion(source_id) if kind == SHARE_KIND and source_id else None
    if discussion is None:
        return
    for post in count_away_replies(discussion):
        if post.id == reply_id and post.is_away and not post.is_removed:
            author = ", ".join(filter(None, (post.author_name, post.origin_network)))
            _tell(discussion, reply_id=post.id, author=author, body=post.body, wrote=None)


def _tell(discussion: Discussion, *, reply_id: UUID, author: str, body: str, wrote: UUID | None) -> None:
    path = reverse("discussions:discussion_detail", args=[discussion.id], urlconf="config.urls.network")
    notifications.notify_followers(
        kind=FOLLOW_KIND,
        object_id=discussion.id,
        subject=discussion.title,
        template="notice",
        context={
            "heading": discussion.title,
            "quote": plain_text(body),
            "quote_by": f"{author} replied",
            "action_label": "Read it and reply",
            "action_url": f"{network_url(this_network(), path)}#reply-{reply_id}",
            "reason": "You get this because you follow this discussion.",
        },
        path=path,
        dedupe_key=f"discussions.reply.{reply_id}",
        thread_key=f"discussion:{discussion.id}",
        except_member_id=wrote,
    )


def _rewrite_discussion(discussion: Discussion, wanted: dict[str, Any], changed: list[str], *, by: Member) -> None:
    Revision.objects.create(discussion=discussion, editor=by, title=discussion.title, body=discussion.body)
    for name in changed:
        setattr(discussion, name, wanted[name])
    discussion.edited_at = timezone.now()
    discussion.save(update_fields=[*changed, "edited_at"])
    record("discussions.discussion.edited", by=by.actor, target=discussion, fields=changed)
    sharing.follow_edit(SHARE_KIND, discussion.id, by=by)


def _held(discussion_id: UUID) -> Discussion:
    """Hold a discussion's sharing, then lock its row: always in this order, so that two writers never deadlock."""
    sharing.hold(discussion_id)
    return Discussion.objects.select_for_update().get(id=discussion_id)


def _settle(discussion: Discussion) -> list[Post]:
    """Write what follows from the replies from elsewhere: their number, the last activity, and whether it is answered.

    Nobody has seen more replies than there are: without that, one that comes after another was taken back would
    not be new to anybody.
    """
    there = posts(discussion)
    away = [post for post in there if post.is_away]
    discussion.away_count = len(away)
    discussion.last_activity_at = max([discussion.last_activity_at, *(post.shown_moment for post in away)])
    discussion.is_answered = any(post.is_answer for post in there)
    discussion.save(update_fields=["away_count", "last_activity_at", "is_answered"])
    total = discussion.total_replies
    ReadMark.objects.filter(discussion=discussion, seen_count__gt=total).update(seen_count=total)
    return there


def _shared_ids(category: Category) -> list[UUID]:
    shared = Discussion.objects.filter(category=category, publication_id__isnull=False)
    return list(shared.values_list("id", flat=True))


def _follow(member: Member, discussion: Discussion) -> None:
    notifications.follow(member, kind=FOLLOW_KIND, object_id=discussion.id)


def _first_category() -> Category:
    category = Category.objects.filter(is_archived=False).first()
    if category is None:
        raise DiscussionError("This network has no categories yet. An organiser can add one.")
    return category


def _kind(discussion: Discussion, kind: str) -> str:
    if kind == DiscussionKind.DISCUSSION and discussion.is_answered:
        raise DiscussionError("This question has an answer. Unmark it before you make it a discussion.")
    return kind or discussion.kind


def _title(title: str) -> str:
    tidy = tidy_line(title)
    if is_blank(tidy):
        raise DiscussionError("Write a title.")
    if len(tidy) > MAX_TITLE_LENGTH:
        raise DiscussionError(f"A title has at most {MAX_TITLE_LENGTH} characters.")
    return tidy


def _body(body: str) -> str:
    tidy = tidy_text(body)
    if is_blank(tidy):
        raise DiscussionError("Write some text.")
    if len(tidy) > MAX_BODY_LENGTH:
        raise DiscussionError(f"A text has at most {MAX_BODY_LENGTH:,} characters.")
    return tidy


def _category_name(name: str, member: Member) -> str:
    if not can_manage_categories(member):
        raise NotAllowedError("Only organisers can change categories.")
    tidy = tidy_line(name)
    if is_blank(tidy) or len(tidy) > MAX_CATEGORY_LENGTH:
        raise DiscussionError("A category’s name has 1 to 60 characters.")
    return tidy
