"""Telling members of what happened: into their inboxes, by email at once, or by leaving it for their digests.

The rows, the emails and the count of what is unseen are written together, five hundred members at a time, and who has
a row is passed by: so a job killed half-way goes on where it was, and nobody is told twice.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import batched
from typing import Any
from uuid import UUID

from django.db import transaction

from shared_apps.mail import services as mail
from tenant_apps.members import services as members
from tenant_apps.members.models import Member
from tenant_apps.notifications.adapters import reply_addresses
from tenant_apps.notifications.enums import Channel, Kind
from tenant_apps.notifications.models import Follow, News, Notification
from tenant_apps.notifications.selectors import Happening, Told, told_of
from tenant_apps.notifications.services.following import KIND_WISH, unsubscribe_url
from tenants.context import this_network
from tenants.selectors import network_url

_TOGETHER = 500
_EXCERPT, _PREVIEW = 600, 140
_REASONS = {
    Kind.NEW_DISCUSSION: "You get this because you asked to hear of every new discussion here.",
    Kind.REPLY: "You get this because you follow this discussion.",
    Kind.ANSWER: "You get this because you wrote the reply.",
    Kind.MENTION: "You get this because you were named.",
    Kind.SHARING: "You get this because you shared it.",
    Kind.MODERATION: "You get this because it concerns what you wrote.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tidings:
    """What members are told. `key` names what happened; `line` says it in a few words, such as "Priya Raman replied".

    `path` is the page on this network's host, `about` the thing that can be muted, which also is the emails' thread.
    `words` are values of the template mail/notice for an email that says more than a title and an excerpt; then `text`
    is what the inbox and a digest say. `mail_kind` is what the email is called in logs.
    """

    key: str
    title: str
    path: str
    text: str = ""
    line: str = ""
    by_name: str = ""
    about: tuple[str, UUID] | None = None
    action: str = "Read it and reply"
    words: Mapping[str, Any] = field(default_factory=dict)
    mail_kind: str = ""


def notify(happening: Happening, tidings: Tidings) -> int:
    """Tell everybody who is to be told, once, and return how many were not told before.

    Call it from a job, outside a transaction where many are told.
    """
    news = _news(happening, tidings)
    told = told_of(happening)
    return sum(_tell(news, happening, tidings, some) for some in batched(told, _TOGETHER))


def notify_members(
    told: Iterable[Member],
    *,
    kind: Kind,
    key: str,
    title: str,
    words: Mapping[str, Any],
    path: str,
    mail_kind: str,
    always: bool = False,
) -> int:
    """Tell these members, and nobody else, in words that are values of the template mail/notice.

    `always` is for what must reach them, such as that they were suspended: an email whatever they chose.
    """
    happening = Happening(kind=kind, mine=[member.id for member in told], only_mine=True, always=always)
    text = " ".join(words.get("paragraphs", ()))
    return notify(happening, Tidings(key=key, title=title, path=path, text=text, words=words, mail_kind=mail_kind))


@transaction.atomic
def forget_news(about_kind: str, about_id: UUID, *, key: str = "") -> None:
    """Take back what was told of a thing that is hidden or gone: from inboxes, and from digests not yet sent."""
    news = News.objects.filter(about_kind=about_kind, about_id=about_id, **({"key": key} if key else {}))
    unseen = Notification.objects.filter(news__in=news, seen_at=None, in_inbox=True)
    accounts: dict[UUID, int] = {}
    for account_id in unseen.values_list("member__account_id", flat=True):
        accounts[account_id] = accounts.get(account_id, 0) - 1
    members.count_unseen(accounts)
    news.delete()


def forget_thing(*, kind: str, object_id: UUID) -> None:
    """Forget what was told of a thing that is gone for good, and who follows it."""
    forget_news(kind, object_id)
    Follow.objects.filter(kind=kind, object_id=object_id).delete()


def _news(happening: Happening, tidings: Tidings) -> News:
    about_kind, about_id = tidings.about or ("", None)
    news, _ = News.objects.get_or_create(
        key=tidings.key,
        defaults={
            "kind": happening.kind,
            "title": tidings.title[:200],
            "text": _shortened(tidings.text, _EXCERPT),
            "by_name": (tidings.line or tidings.by_name)[:200],
            "path": tidings.path,
            "about_kind": about_kind,
            "about_id": about_id,
        },
    )
    return news


@transaction.atomic
def _tell(news: News, happening: Happening, tidings: Tidings, some: Sequence[Told]) -> int:
    known = Notification.objects.filter(news=news, member_id__in=[each.member.id for each in some])
    has_it = set(known.values_list("member_id", flat=True))
    fresh = [each for each in some if each.member.id not in has_it]
    _queue(happening, tidings, [told for told in fresh if told.channel == Channel.EMAIL])
    _write(news, fresh)
    return len(fresh)


def _write(news: News, fresh: Sequence[Told]) -> None:
    Notification.objects.bulk_create(
        Notification(news=news, member=told.member, kind=told.kind, channel=told.channel, in_inbox=told.in_inbox)
        for told in fresh
    )
    members.count_unseen({told.member.account_id: 1 for told in fresh if told.in_inbox})


def _queue(happening: Happening, tidings: Tidings, told: list[Told]) -> None:
    """Queue the emails; those of one kind have the same words."""
    for kind in dict.fromkeys(each.kind for each in told):
        readers = [each for each in told if each.kind == kind]
        about_kind, about_id = tidings.about or ("", None)
        answers = reply_addresses([each.member for each in readers], about_kind, about_id)
        copies = [_copy(happening, tidings, each, answers.get(each.member.id, "")) for each in readers]
        mail.queue_copies(_letter(tidings, kind), copies)


def _letter(tidings: Tidings, kind: Kind) -> mail.Letter:
    here = this_network()
    return mail.Letter(
        subject=tidings.title,
        template="news",
        context={
            "heading": tidings.title,
            "quote": "" if tidings.words else tidings.text,
            "quote_by": tidings.line,
            "preview": "" if tidings.words else _preview(tidings),
            "action_label": tidings.action,
            "action_url": network_url(here, tidings.path),
            "reason": _REASONS[kind],
            "preferences_url": network_url(here, "/notifications/preferences/"),
            **tidings.words,
        },
        kind=tidings.mail_kind or f"news.{kind}",
        thread_key=f"{tidings.about[0]}:{tidings.about[1]}" if tidings.about else "",
        from_name=f"{tidings.by_name} via {here.name}" if tidings.by_name else "",
    )


def _preview(tidings: Tidings) -> str:
    """Return what a list of emails shows beside the subject."""
    return _shortened(" ".join(f"{tidings.line}: {tidings.text}".split()).strip(": "), _PREVIEW)


def _shortened(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1].rsplit(None, 1)[0] + "…"


def _copy(happening: Happening, tidings: Tidings, told: Told, reply_to: str) -> mail.Copy:
    return mail.Copy(
        to=told.member.email,
        to_account_id=told.member.account_id,
        dedupe_key=f"{tidings.key}:{told.member.id}",
        unsubscribe_url="" if happening.always else _stop_url(happening, tidings, told),
        reply_to=reply_to,
        not_before=told.not_before,
    )


def _stop_url(happening: Happening, tidings: Tidings, told: Told) -> str:
    """Return the email's own link to stop a category's new discussions, this discussion, or the kind of news."""
    kind, object_id = tidings.about or (f"{KIND_WISH}{told.kind}", this_network().id)
    if told.kind == Kind.NEW_DISCUSSION and happening.things:
        kind, object_id = happening.things[-1]
    return unsubscribe_url(told.member, kind=kind, object_id=object_id)
