"""What comes with a post of the demonstration besides its words: files, marks, a poll, an edit, and who heard of it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from config import demo
from config.demo import Row
from config.demo.cast import Cast
from tenant_apps.discussions import services as discussions
from tenant_apps.discussions.enums import FOLLOW_KIND
from tenant_apps.discussions.models import Discussion, Reply, Revision
from tenant_apps.files.services import Prepared, prepare
from tenant_apps.members.enums import Role
from tenant_apps.members.models import Member
from tenant_apps.notifications import services as notifications
from tenant_apps.notifications.models import News, Notification


@dataclass(frozen=True, slots=True)
class Said:
    """That something was said in a discussion: its opening, a reply, or one of another network."""

    at: datetime
    discussion: Discussion
    reply_id: UUID | None = None
    publication_id: UUID | None = None


def files_of(row: Row) -> list[Prepared]:
    """Return what a row has attached."""
    return [prepare(name, demo.file(name)) for name in row.get("files", ())]


def finish(discussion: Discussion, row: Row, cast: Cast) -> None:
    """What members and moderators did with a discussion after it was asked."""
    owner = Member.objects.get(role=Role.OWNER)
    for key in row.get("helpful", ()):
        discussions.find_helpful(discussion, is_helpful=True, by=cast.person(row["network"], key))
    if "poll" in row:
        _poll(discussion, row["poll"], cast, row["network"])
    for key, words in row.get("drafts", {}).items():
        written = discussions.Written(body=words)
        discussions.save_draft(written, discussion=discussion, by=cast.person(row["network"], key))
    if row.get("pinned"):
        discussions.pin_discussion(discussion, is_pinned=True, by=owner)
    if row.get("locked"):
        discussions.lock_discussion(discussion, is_locked=True, by=owner)


def finish_reply(discussion: Discussion, reply: Reply, row: Row, cast: Cast, subdomain: str) -> None:
    """Who found a reply helpful, and what its author changed an hour later."""
    for key in row.get("helpful", ()):
        discussions.find_helpful(discussion, reply, is_helpful=True, by=cast.person(subdomain, key))
    if "was" in row:
        discussions.edit_reply(reply, body=row["body"], by=reply.author)
        Reply.objects.filter(id=reply.id).update(edited_at=cast.moment(row))
        Revision.objects.filter(reply=reply).update(replaced_at=cast.moment(row))


def tell(row: Row, said: list[Said], cast: Cast) -> None:
    """Tell members of what is recent, at the time that it was said; who has read it has seen it."""
    for each in sorted((each for each in said if cast.is_recent(each.at)), key=lambda each: each.at):
        if each.reply_id is None:
            discussions.tell_of_discussion(each.discussion.id)
        elif each.publication_id is None:
            discussions.tell_of_reply(each.reply_id)
        else:
            discussions.take_in_away_reply(each.publication_id, each.reply_id)
        news = News.objects.filter(key__endswith=f".{each.reply_id or each.discussion.id}")
        Notification.objects.filter(news__in=news).update(created_at=each.at)
        news.update(created_at=each.at)
    told = Notification.objects.filter(news__about_kind=FOLLOW_KIND, news__about_id=said[-1].discussion.id)
    told_by_member: dict[Member, list[UUID]] = {}
    for each in told.select_related("member").order_by("-created_at"):
        told_by_member.setdefault(each.member, []).append(each.id)
    for member, newest_first in told_by_member.items():
        key = cast.key(row["network"], member)
        seen = [] if key in row["unopened"] else newest_first[row["unread"].get(key, 0) :]
        if seen:
            notifications.mark_seen(member, seen)


def _poll(discussion: Discussion, row: Row, cast: Cast, subdomain: str) -> None:
    asked = discussions.PollFacts(
        question=row["question"],
        options=row["options"],
        is_multiple=row.get("is_multiple", False),
        closes_at=demo.moment(cast.today, days_ago=-row["closes_in_days"], time="17:00"),
    )
    poll = discussions.add_poll(discussion, asked, by=discussion.author)
    options = list(poll.options.order_by("position"))
    for key, chosen in row["votes"].items():
        discussions.vote(poll, [options[place].id for place in chosen], by=cast.person(subdomain, key))
