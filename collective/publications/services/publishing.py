"""Publishing, replying, reporting, and taking back."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from collective.publications import selectors
from collective.publications.drafts import Draft, Replier
from collective.publications.enums import Identity, ReportReason
from collective.publications.models import Origin, Publication, PublicationReply, PublicationReport, ReturnedReply
from collective.publications.permissions import can_edit_reply, can_reply, is_answerable
from collective.publications.signals import (
    origin_changed,
    publication_replied,
    publication_reported,
    publication_saved,
    publication_withdrawn,
    replies_returned,
    reply_withdrawn,
    report_decided,
    returned_reply_withdrawn,
)
from shared_apps.core.markdown import excerpt, is_blank, tidy_text
from tenants.ids import new_id, random_id
from tenants.models import Network


class ReplyRefusedError(Exception):
    """This person may not reply here, or the reply is empty or too long; the message says which."""


class ReportRefusedError(Exception):
    """This cannot be reported so; the message says why."""


class PublicationGoneError(Exception):
    """The publication is no longer in the Collective."""


MAX_REPLY_LENGTH = 20_000


@dataclass(frozen=True, slots=True)
class HomeReply:
    """A reply on its way into the origin's schema: what was shown, and nothing that names the account.

    `created_at` is the time that was shown.
    """

    id: UUID
    network_id: UUID
    body: str
    shown_name: str
    shown_role: str
    shown_network: str
    shown_colour: str
    is_answer: bool
    is_hidden: bool
    created_at: datetime


@transaction.atomic
def save_origin(network: Network, *, is_visible: bool = True, blocks: list[UUID] | None = None) -> Origin:
    """Write how a network is shown, also where its name stands already; `blocks` stays as it is when None."""
    before = Origin.objects.select_for_update().filter(id=network.id).first()
    shown = {
        "name": network.name,
        "subdomain": network.subdomain,
        "colour": network.colour,
        "region": network.region,
        "is_visible": is_visible,
    }
    if blocks is not None:
        shown["blocks"] = sorted(set(blocks) - {network.id})
    origin, _ = Origin.objects.update_or_create(id=network.id, defaults=shown)
    follow_name(origin)
    for region in {origin.region, before.region if before else ""}:
        _settle_region(region)
    origin_changed.send(Origin, origin=origin)
    return origin


def remove_origin(network_id: UUID) -> None:
    """Forget a network that never went live."""
    Origin.objects.filter(id=network_id).delete()


@transaction.atomic
def publish(draft: Draft, *, origin_id: UUID, publication_id: UUID) -> Publication:
    """Write a publication, or bring the one with this id up to date; the id is chosen by the sharing network."""
    existing = Publication.objects.select_for_update().filter(id=publication_id, origin_id=origin_id).first()
    publication = existing or Publication(id=publication_id, origin_id=origin_id, version=0)
    for name, value in draft.fields().items():
        setattr(publication, name, value)
    publication.version += 1
    return settle(publication)


@transaction.atomic
def forget_strays(origin_id: UUID, *, keep: set[UUID]) -> int:
    """Remove what a network does not share any more, for a rebuild; replies are left for a person to look at."""
    strays = list(Publication.objects.filter(origin_id=origin_id).exclude(id__in=keep))
    for stray in strays:
        publication_withdrawn.send(Publication, publication_id=stray.id)
        stray.delete()
    return len(strays)


@transaction.atomic
def withdraw_publication(publication_id: UUID, *, origin_id: UUID) -> list[HomeReply]:
    """Delete a publication with its replies and return these for the origin's schema; nothing is done twice."""
    publication = Publication.objects.select_for_update().filter(id=publication_id, origin_id=origin_id).first()
    if publication is None:
        return []
    replies = list(publication.replies.order_by("created_at", "id"))
    returned = ReturnedReply.objects.bulk_create([_returned(reply, origin_id) for reply in replies])
    replies_returned.send(ReturnedReply, returned=returned)
    publication_withdrawn.send(Publication, publication_id=publication_id)
    publication.replies.all().delete()
    publication.delete()
    return [_home_reply(reply) for reply in replies]


@transaction.atomic
def reply_to_publication(publication: Publication, *, body: str, replier: Replier) -> PublicationReply:
    """Add a reply from another network; raises ReplyRefusedError or PublicationGoneError."""
    body = _checked_body(body)
    locked = _locked(publication.id)
    _check_may_reply(locked, replier)
    reply = PublicationReply.objects.create(
        id=_reply_id(replier.identity), publication=locked, body=body, **_shown(replier)
    )
    settle(locked)
    publication_replied.send(PublicationReply, publication=locked, reply=reply)
    return reply


@transaction.atomic
def edit_reply(reply: PublicationReply, *, body: str, account_id: UUID) -> PublicationReply:
    """Change one's own reply, also in the original discussion; raises PublicationGoneError when it has gone home."""
    if not can_edit_reply(account_id, reply):
        raise ReplyRefusedError("Only the person who wrote this reply can change it.")
    body = _checked_body(body)
    publication, locked = _locked_reply(reply.id, reply.publication_id)
    locked.body, locked.edited_at = body, timezone.now()
    locked.save(update_fields=["body", "edited_at"])
    settle(publication)
    return locked


@transaction.atomic
def withdraw_reply(reply: PublicationReply, *, account_id: UUID) -> None:
    """Take back one's own reply; raises PublicationGoneError when it has gone home."""
    if not can_edit_reply(account_id, reply):
        raise ReplyRefusedError("Only the person who wrote this reply can take it back.")
    publication, locked = _locked_reply(reply.id, reply.publication_id)
    locked.delete()
    settle(publication)
    reply_withdrawn.send(PublicationReply, publication=publication, reply_id=reply.id)


@transaction.atomic
def mark_reply_as_answer(reply_id: UUID, *, publication_id: UUID, origin_id: UUID, is_answer: bool) -> PublicationReply:
    """Mark or unmark a reply to one publication as an answer, on behalf of its origin."""
    publication, reply = _locked_reply(reply_id, publication_id)
    if publication.origin_id != origin_id:
        raise PublicationGoneError(_REPLY_GONE)
    reply.is_answer = is_answer
    reply.save(update_fields=["is_answer"])
    settle(publication)
    return reply


@transaction.atomic
def withdraw_returned_reply(returned: ReturnedReply, *, account_id: UUID) -> None:
    """Ask the network that kept an answer to remove its text; for the answer's author only."""
    if returned.account_id != account_id:
        raise ReplyRefusedError("Only the person who wrote this answer can take it back.")
    if returned.withdrawn_at is None:
        returned.withdrawn_at, returned.excerpt = timezone.now(), ""
        returned.save(update_fields=["withdrawn_at", "excerpt"])
        returned_reply_withdrawn.send(ReturnedReply, returned=returned)


@transaction.atomic
def hide_reply(reply_id: UUID, *, network_id: UUID, is_hidden: bool) -> None:
    """Take a reply out of everybody's sight, or let it be seen again, for the publication's network or its author's.

    It is seen when neither hides it; raises PublicationGoneError where it is gone or belongs to neither.
    """
    found = selectors.reply_of_networks(reply_id, network_id=network_id)
    if found is None:
        raise PublicationGoneError(_REPLY_GONE)
    publication, reply = _locked_reply(reply_id, found.publication_id)
    field = "hidden_here_at" if publication.origin_id == network_id else "hidden_there_at"
    setattr(reply, field, timezone.now() if is_hidden else None)
    reply.save(update_fields=[field])
    settle(publication)
    reply_withdrawn.send(PublicationReply, publication=publication, reply_id=reply.id)


@transaction.atomic
def report_publication(
    publication: Publication,
    *,
    reply: PublicationReply | None = None,
    account_id: UUID,
    network_id: UUID,
    reason: str,
    words: str = "",
) -> PublicationReport:
    """Tell those who decide of something: the publication's network, and a reply's author's. Once each, said better.

    Raises ReportRefusedError for one's own, without words for what is none of the reasons, or too much at once.
    """
    said = {"reason": reason, "words": _checked_report(reply, account_id, reason, words)}
    report, _ = PublicationReport.objects.update_or_create(
        account_id=account_id,
        publication_id=publication.id,
        reply_id=reply.id if reply else None,
        defaults=said,
        create_defaults={
            **said,
            "title": publication.title,
            "network_id": network_id,
            "origin_id": publication.origin_id,
            "author_network_id": _deciding(reply) if reply else None,
        },
    )
    publication_reported.send(PublicationReport, report=report)
    return report


@transaction.atomic
def decide_reports(report_ids: list[UUID], *, network_id: UUID, outcome: str) -> None:
    """Write how the moderators of a network ended these reports, for everybody concerned to see."""
    for report in selectors.reports_by_ids(report_ids, network_id=network_id):
        if report.origin_id == network_id:
            report.origin_outcome, report.origin_decided_at = outcome, timezone.now()
        if report.author_network_id == network_id:
            report.author_outcome, report.author_decided_at = outcome, timezone.now()
        report.save()
        report_decided.send(PublicationReport, report=report, network_id=network_id)


MAX_REPORT_LENGTH = 2_000
_REPORTS_AN_HOUR = 20


def _deciding(reply: PublicationReply) -> UUID | None:
    """Return the network of a reply's author, which decides about it too, unless it has closed."""
    return None if selectors.closed_among([reply.network_id]) else reply.network_id


def _checked_report(reply: PublicationReply | None, account_id: UUID, reason: str, words: str) -> str:
    words = tidy_text(words)
    if reply is not None and reply.account_id == account_id:
        raise ReportRefusedError("You wrote this. You can change it or take it back.")
    if reason not in ReportReason.values:
        raise ReportRefusedError("Choose what is wrong with it.")
    if reason == ReportReason.OTHER and is_blank(words):
        raise ReportRefusedError("Say what is wrong with it.")
    if len(words) > MAX_REPORT_LENGTH:
        raise ReportRefusedError(f"At most {MAX_REPORT_LENGTH:,} characters. Shorten what you wrote.")
    lately = PublicationReport.objects.filter(account_id=account_id, created_at__gt=timezone.now() - timedelta(hours=1))
    if lately.count() >= _REPORTS_AN_HOUR:
        raise ReportRefusedError("You have reported 20 things in the last hour. Try again in an hour.")
    return words


def settle(publication: Publication) -> Publication:
    """Save a publication with what follows from its replies, and tell the index."""
    answers = list(publication.replies.filter(selectors.SEEN).values_list("is_answer", flat=True))
    publication.reply_count = len(answers)
    publication.is_answered = publication.answered_at_home or any(answers)
    publication.save()
    publication_saved.send(Publication, publication=publication)
    return publication


_REPLY_GONE = "That reply is no longer here."


def follow_name(origin: Origin) -> None:
    """Bring the copies of a network's name and colour up to date."""
    named = Publication.objects.filter(origin=origin).exclude(shown_network="")
    named.exclude(shown_network=origin.name).update(shown_network=origin.name)
    said = PublicationReply.objects.filter(network_id=origin.id).exclude(shown_network="")
    said.update(shown_network=origin.name, shown_colour=origin.colour)


def _settle_region(region: str) -> None:
    """Name a region on anonymous publications, or stop naming it, as the number of its networks allows."""
    shown = selectors.region_shown(region)
    nameless = Publication.objects.filter(identity=Identity.ANONYMOUS, origin__region=region)
    nameless.exclude(shown_region=shown).update(shown_region=shown)


def _check_may_reply(publication: Publication, replier: Replier) -> None:
    if not is_answerable(publication):
        raise ReplyRefusedError("A recommendation takes no answers. Recommend the supplier in your own network.")
    if publication.is_closed:
        raise ReplyRefusedError("The network that asked has closed this to replies.")
    if not can_reply(replier.network_id, publication):
        raise ReplyRefusedError("Answer this in your own network’s discussion.")
    if selectors.get_visible_publication(publication.id, network_id=replier.network_id) is None:
        raise PublicationGoneError(_GONE)


def _reply_id(identity: Identity) -> UUID:
    """Return an id; an anonymous reply's does not say when it was made."""
    return random_id() if identity == Identity.ANONYMOUS else new_id()


_GONE = "This is not here any more. The person who shared it took it back."


def _locked_reply(reply_id: UUID, publication_id: UUID) -> tuple[Publication, PublicationReply]:
    """Lock a publication, then one of its replies: always in this order, so that two writers never deadlock."""
    publication = _locked(publication_id)
    reply = PublicationReply.objects.select_for_update().filter(id=reply_id, publication_id=publication_id).first()
    if reply is None:
        raise PublicationGoneError(_REPLY_GONE)
    return publication, reply


def _locked(publication_id: UUID) -> Publication:
    publication = Publication.objects.select_for_update().filter(id=publication_id).first()
    if publication is None:
        raise PublicationGoneError(_GONE)
    return publication


def _checked_body(body: str) -> str:
    body = tidy_text(body)
    if is_blank(body):
        raise ReplyRefusedError("Write your reply first.")
    if len(body) > MAX_REPLY_LENGTH:
        raise ReplyRefusedError(f"A reply has at most {MAX_REPLY_LENGTH:,} characters.")
    return body


def _shown(replier: Replier) -> dict[str, Any]:
    return {field: getattr(replier, field) for field in Replier.__dataclass_fields__}


def _returned(reply: PublicationReply, origin_id: UUID) -> ReturnedReply:
    return ReturnedReply(
        id=reply.id,
        account_id=reply.account_id,
        network_id=reply.network_id,
        origin_id=origin_id,
        excerpt=excerpt(reply.body, 118),
        replied_at=reply.created_at,
    )


def _home_reply(reply: PublicationReply) -> HomeReply:
    fields = {field: getattr(reply, field) for field in HomeReply.__dataclass_fields__}
    return HomeReply(**fields | {"created_at": reply.shown_at})
