"""Answering from another network, shown as the person chose."""

from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from collective.portal import messages, tasks
from collective.publications import selectors
from collective.publications import services as publications
from collective.publications.drafts import Replier, joined, role_words
from collective.publications.enums import Decision, Identity
from collective.publications.models import (
    KeptPublication,
    Publication,
    PublicationReply,
    PublicationReport,
    ReturnedReply,
)
from shared_apps.accounts.models import AccessibleNetwork, User
from shared_apps.audit.services import Actor, record
from shared_apps.mail.services import Notice, queue_notice
from tenants.context import in_collective
from tenants.selectors import host_of, url_of


@transaction.atomic
def reply(
    publication: Publication, *, body: str, identity: Identity, acting: AccessibleNetwork, by: Actor
) -> PublicationReply:
    """Answer a publication for a network; raises ReplyRefusedError or PublicationGoneError."""
    _check_may_write(acting)
    replier = make_replier(_account_of(by), acting, identity)
    made = publications.reply_to_publication(publication, body=body, replier=replier)
    record("publications.reply.posted", by=by, target=made, network=acting.id)
    return made


@transaction.atomic
def edit_reply(answer: PublicationReply, *, body: str, acting: AccessibleNetwork, by: Actor) -> None:
    """Change one's own answer."""
    _check_may_write(acting)
    publications.edit_reply(answer, body=body, account_id=_account_of(by))
    record("publications.reply.edited", by=by, target=answer, fields=["body"])


@transaction.atomic
def withdraw_reply(answer: PublicationReply, *, by: Actor) -> None:
    """Take back one's own answer."""
    publications.withdraw_reply(answer, account_id=_account_of(by))
    record("publications.reply.withdrawn", by=by, target=answer)


@transaction.atomic
def withdraw_returned_reply(returned: ReturnedReply, *, by: Actor) -> None:
    """Have one's own answer removed from the network that kept it."""
    publications.withdraw_returned_reply(returned, account_id=_account_of(by))
    record("publications.returned_reply.withdrawn", by=by, target=returned)


def tell_of_return(reply_id: UUID) -> None:
    """Email somebody of a network that has closed that their answer went home; called by a job."""
    with in_collective():
        found = selectors.get_returned_reply(reply_id)
    if found is not None:
        notice = messages.returned(timezone.localdate(found.replied_at), url=_here("/kept/"))
        _tell(User.objects.filter(pk=found.account_id), notice, kind="portal.returned_reply", about=found.id)


def tell_operators(report_id: UUID, *, after: str = "") -> None:
    """Email operators of a report that only they decide, once, and again `after` an earlier decision; for a job."""
    with in_collective():
        found = selectors.get_report(report_id)
    if found is not None and not found.origin_outcome:
        notice = messages.reported(found.get_reason_display(), url=_here(f"/operator/reports/{found.id}/"))
        _tell(User.objects.filter(is_operator=True), notice, kind="portal.report", about=f"{found.id}:{after}")


def tell_of_taking_down(account_id: UUID, report_id: UUID) -> None:
    """Email somebody that what they had shared was taken down; called by a job."""
    with in_collective():
        found = selectors.get_report(report_id)
    if found is not None:
        notice = messages.taken_down(found.get_reason_display(), url=_here("/kept/"))
        _tell(User.objects.filter(pk=account_id), notice, kind="portal.taken_down", about=found.id)


def _here(path: str) -> str:
    return url_of(host_of(None), path)


@transaction.atomic
def _tell(accounts: QuerySet[User], notice: Notice, *, kind: str, about: object) -> None:
    for account in accounts.filter(is_active=True).order_by("pk"):
        key = f"{kind}:{about}:{account.pk}"
        queue_notice(account.email, notice, kind=kind, dedupe_key=key, to_account_id=account.pk)


@transaction.atomic
def remove_kept(kept: KeptPublication, *, by: Actor) -> None:
    """Remove what one had shared from a network that has closed since."""
    publications.remove_kept(kept)
    record("publications.kept.removed", by=by, target=kept)


def make_replier(account_id: UUID, acting: AccessibleNetwork, identity: Identity) -> Replier:
    """Return who answers, with as much of them as they chose to show."""
    return Replier(account_id=account_id, network_id=acting.id, identity=identity, **shown_person(acting, identity))


def shown_person(acting: AccessibleNetwork, identity: Identity) -> dict[str, str]:
    """Return the name, role, network and colour that others will read."""
    if identity == Identity.ANONYMOUS:
        return {}
    place = {"shown_network": acting.name, "shown_colour": acting.colour}
    if identity == Identity.ROLE:
        return place | {"shown_role": role_words(acting.display_job, acting.display_phase)}
    return place | {
        "shown_name": acting.display_name,
        "shown_role": joined(acting.display_job, acting.display_school),
    }


def _check_may_write(acting: AccessibleNetwork) -> None:
    if not acting.may_write:
        suspended = f"A moderator of {acting.name} has suspended you"
        why = f"{acting.name} is read-only" if acting.is_read_only else suspended
        raise publications.ReplyRefusedError(f"{why}, so you can only read.")


def _account_of(by: Actor) -> UUID:
    if by.account_id is None:
        raise publications.ReplyRefusedError("Only a person who has signed in can answer.")
    return by.account_id


@transaction.atomic
def report(
    publication: Publication,
    *,
    reply: PublicationReply | None = None,
    reason: str,
    words: str,
    acting: AccessibleNetwork,
    by: Actor,
) -> PublicationReport:
    """Report a publication or a reply for a network; raises ReportRefusedError."""
    made = publications.report_publication(
        publication, reply=reply, account_id=_account_of(by), network_id=acting.id, reason=reason, words=words
    )
    record("publications.report.made", by=by, target=made, network=acting.id, reason=reason)
    return made


class AlreadyDecidedError(Exception):
    """Somebody decided this meanwhile, or it is gone; the message says which."""


@transaction.atomic
def decide_report(report: PublicationReport, *, decision: Decision, by: Actor) -> None:
    """Decide, for an operator, about something that a closed network left, with all that was reported about it.

    A publication that is taken down goes for good, a reply is hidden. Raises AlreadyDecidedError.
    """
    publication = selectors.get_publication(report.publication_id)
    about = list(_undecided(report, decision))
    if publication is None or report.id not in {each.id for each in about}:
        raise AlreadyDecidedError("This was decided meanwhile.")
    if decision == Decision.HIDDEN:
        _take_down(publication, report)
    publications.decide_reports([each.id for each in about], network_id=report.origin_id, outcome=decision)
    record("publications.report.decided", by=by, target=report, outcome=decision, publication=publication.id)


def _undecided(report: PublicationReport, decision: Decision) -> QuerySet[PublicationReport]:
    """Lock what was reported about the same thing; a publication that goes takes the replies to it along."""
    found = selectors.reports_for_platform().filter(publication_id=report.publication_id, origin_outcome="")
    if report.reply_id is not None or decision == Decision.LEFT:
        found = found.filter(reply_id=report.reply_id)
    return found.select_for_update()


def _take_down(publication: Publication, report: PublicationReport) -> None:
    if report.reply_id is not None:
        try:
            publications.hide_reply(report.reply_id, network_id=report.origin_id, is_hidden=True)
        except publications.PublicationGoneError as error:
            raise AlreadyDecidedError(str(error)) from error
        return
    if kept := KeptPublication.objects.filter(publication=publication).first():
        tasks.tell_of_taking_down.enqueue(account_id=str(kept.account_id), report_id=str(report.id))
    publications.take_down(publication)
