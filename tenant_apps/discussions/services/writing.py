"""Asking, replying and changing what was said."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from shared_apps.audit.services import record
from tenant_apps.discussions import tasks
from tenant_apps.discussions.enums import SHARE_KIND, DiscussionKind, Via
from tenant_apps.discussions.models import Category, Discussion, ReadMark, Reply, Revision
from tenant_apps.discussions.permissions import can_edit_discussion, can_edit_reply, can_reply, can_take_part
from tenant_apps.discussions.services.answers import held
from tenant_apps.discussions.services.attaching import finish_text
from tenant_apps.discussions.services.drafts import drop_draft
from tenant_apps.discussions.services.errors import DiscussionError, NotAllowedError
from tenant_apps.discussions.services.masks import actor_in, check_may_mask
from tenant_apps.discussions.services.mentions import tell_named
from tenant_apps.discussions.services.once import claim, note_made
from tenant_apps.discussions.services.polls import PollFacts, add_poll
from tenant_apps.discussions.services.reading import follow_along, mark_read
from tenant_apps.discussions.services.tags import clean_tags
from tenant_apps.discussions.services.texts import check_pace, clean_body, clean_title
from tenant_apps.discussions.signals import discussion_saved, reply_saved
from tenant_apps.files.services import Prepared
from tenant_apps.members.models import Member
from tenant_apps.sharing import services as sharing


@transaction.atomic
def start_discussion(
    *,
    title: str,
    body: str,
    category: Category | None = None,
    kind: str = DiscussionKind.QUESTION,
    attached: Sequence[Prepared] = (),
    tags: Sequence[str] = (),
    is_anonymous: bool = False,
    poll: PollFacts | None = None,
    via: str = Via.PAGE,
    token: str = "",
    by: Member,
) -> Discussion:
    """Ask or discuss, also with a poll; the author follows it. Without a category it goes to the first one.

    What is asked without a name waits for a moderator, and nobody is told of it before. The form with `token` makes one
    discussion, however often it is sent.
    """
    if not can_take_part(by):
        raise NotAllowedError("Only members can start a discussion.")
    sent = claim(token, title, body, chosen=_chosen(category, kind, tags, is_anonymous, poll), attached=attached, by=by)
    if sent.discussion is None:
        check_pace("discussion", body, via=via, by=by)
        category = category or _first_category()
        check_may_mask(category, is_anonymous=is_anonymous)
        made = Discussion(title=clean_title(title), body=clean_body(body), category=category, kind=kind, via=via)
        made.author, made.tag_names = by, clean_tags(tags)
        made.is_anonymous = made.awaits_approval = is_anonymous
        sent.discussion = _begin(made, attached=attached, poll=poll, by=by)
        note_made(sent, discussion=made)
    if via == Via.PAGE:
        drop_draft(by=by)
    return sent.discussion


def _chosen(
    category: Category | None, kind: str, tags: Sequence[str], is_anonymous: bool, poll: PollFacts | None
) -> Sequence[object]:
    return category and category.id, str(kind), [" ".join(tag.split()) for tag in tags], is_anonymous, poll


def _begin(discussion: Discussion, *, attached: Sequence[Prepared], poll: PollFacts | None, by: Member) -> Discussion:
    discussion.save()
    follow_along(discussion, member=by)
    ReadMark.objects.create(member=by, discussion=discussion)
    finish_text(discussion, attached=attached, by=by)
    record("discussions.discussion.started", by=actor_in(discussion, by), target=discussion)
    if poll is not None:
        add_poll(discussion, poll, by=by)
    discussion_saved.send(Discussion, discussion=discussion)
    told = tasks.tell_moderators_of_waiting if discussion.is_anonymous else tasks.tell_of_discussion
    told.enqueue(discussion_id=discussion.id)
    return discussion


@transaction.atomic
def edit_discussion(
    discussion: Discussion,
    *,
    title: str,
    body: str,
    category: Category | None = None,
    kind: str = "",
    attached: Sequence[Prepared] = (),
    tags: Iterable[str] | None = None,
    by: Member,
) -> Discussion:
    """Change what was asked, keeping what it said before; the publication follows in the same transaction."""
    locked = held(discussion.id)
    if not can_edit_discussion(by, locked):
        raise NotAllowedError("Only the person who wrote this, or a moderator, can change it.")
    wanted = {
        "title": clean_title(title),
        "body": clean_body(body),
        "category": category or locked.category,
        "kind": _kind(locked, kind),
        "tag_names": locked.tag_names if tags is None else clean_tags(tags),
    }
    changed = [name for name, value in wanted.items() if getattr(locked, name) != value]
    if changed:
        _rewrite_discussion(locked, wanted, changed, by=by)
    tell_named(locked, None, finish_text(locked, attached=attached, by=by), by=by)
    return locked


@transaction.atomic
def post_reply(
    discussion: Discussion,
    *,
    body: str,
    attached: Sequence[Prepared] = (),
    via: str = Via.PAGE,
    token: str = "",
    by: Member,
) -> Reply:
    """Reply; who replies follows the discussion, and its followers are told after the commit.

    The form with `token` makes one reply, however often it is sent; it may be in another discussion meanwhile.
    """
    if not can_take_part(by):
        raise NotAllowedError("Only members can reply.")
    sent = claim(token, str(discussion.id), body, attached=attached, by=by)
    if sent.reply is None:
        check_pace("reply", body, via=via, by=by)
        made = Reply(discussion=discussion, author=by, body=clean_body(body), via=via)
        sent.reply = _add_reply(made, discussion, attached=attached, by=by)
        note_made(sent, reply=made)
    if via == Via.PAGE:
        drop_draft(discussion, by=by)
    return sent.reply


def _add_reply(reply: Reply, discussion: Discussion, *, attached: Sequence[Prepared], by: Member) -> Reply:
    reply.save()
    Discussion.objects.filter(id=discussion.id).update(
        reply_count=F("reply_count") + 1, last_activity_at=reply.created_at
    )
    discussion.refresh_from_db(fields=_MOVES)
    if not can_reply(by, discussion):
        raise DiscussionError(_CLOSED if discussion.is_locked else _NOT_HERE)
    follow_along(discussion, member=by)
    mark_read(discussion, member=by)
    finish_text(discussion, reply, attached=attached, by=by)
    record("discussions.reply.posted", by=actor_in(discussion, by), target=reply)
    reply_saved.send(Reply, reply=reply)
    tasks.tell_of_reply.enqueue(reply_id=str(reply.id))
    return reply


_MOVES = [
    *("reply_count", "away_count", "last_activity_at"),
    *("locked_at", "hidden_at", "awaits_approval", "merged_into"),
]
_CLOSED = "A moderator closed this discussion to replies. Start another if there is more to say."
_NOT_HERE = "This discussion takes no replies now."


@transaction.atomic
def edit_reply(reply: Reply, *, body: str, attached: Sequence[Prepared] = (), by: Member) -> Reply:
    """Change a reply, keeping what it said before."""
    locked = Reply.objects.select_for_update(of=["self"]).select_related("discussion").get(id=reply.id)
    if not can_edit_reply(by, locked):
        raise NotAllowedError("Only the person who wrote this, or a moderator, can change it.")
    body = clean_body(body)
    if body != locked.body:
        Revision.objects.create(discussion_id=locked.discussion_id, reply=locked, editor=by, body=locked.body)
        locked.body, locked.edited_at = body, timezone.now()
        locked.save(update_fields=["body", "edited_at"])
        record("discussions.reply.edited", by=actor_in(locked.discussion, by), target=locked, fields=["body"])
        reply_saved.send(Reply, reply=locked)
    tell_named(locked.discussion, locked, finish_text(locked.discussion, locked, attached=attached, by=by), by=by)
    return locked


def _rewrite_discussion(discussion: Discussion, wanted: dict[str, Any], changed: list[str], *, by: Member) -> None:
    if changed != ["tag_names"]:
        Revision.objects.create(discussion=discussion, editor=by, title=discussion.title, body=discussion.body)
        discussion.edited_at = timezone.now()
    for name in changed:
        setattr(discussion, name, wanted[name])
    discussion.save(update_fields=[*changed, "edited_at"])
    record("discussions.discussion.edited", by=actor_in(discussion, by), target=discussion, fields=changed)
    discussion_saved.send(Discussion, discussion=discussion)
    sharing.follow_edit(SHARE_KIND, discussion.id, by=by)


def _first_category() -> Category:
    category = Category.objects.filter(is_archived=False).first()
    if category is None:
        raise DiscussionError("This network has no categories yet. An organiser can add one.")
    return category


def _kind(discussion: Discussion, kind: str) -> str:
    if kind == DiscussionKind.DISCUSSION and discussion.is_answered:
        raise DiscussionError("This question has an answer. Unmark it before you make it a discussion.")
    return kind or discussion.kind
