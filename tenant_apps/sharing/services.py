"""Sharing into the Collective and taking back.

Every act writes the source's own mark, the shared item, the ledger and the publication in one transaction: either all
of it happened or none. `sharing` is the only app that enters the collective schema inside a network's transaction, and
it does so with the draft already made.
"""

from dataclasses import dataclass, field
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from collective.publications import selectors as published
from collective.publications import services as publications
from collective.publications.drafts import Draft
from collective.publications.enums import Identity
from collective.publications.services import HomeReply
from shared_apps.audit.services import Actor, record
from shared_apps.mail.services import queue_message
from tenant_apps.members.models import Member
from tenant_apps.members.selectors import get_member, member_of_account
from tenant_apps.sharing import drafting, tasks
from tenant_apps.sharing.adapters import Source, adapter_for, adapters
from tenant_apps.sharing.enums import LedgerAction, ShareState
from tenant_apps.sharing.models import LedgerEntry, Policy, ReceivedReply, SharedItem
from tenant_apps.sharing.permissions import can_decide, can_share, can_withdraw, may_leave, needs_approval
from tenant_apps.sharing.selectors import get_policy, shared_item
from tenants.context import current_network, in_collective
from tenants.ids import random_id
from tenants.models import Network
from tenants.selectors import collective_url


class SharingRefusedError(Exception):
    """This may not be shared or taken back by this person now; the message says why."""


class NothingToShareError(LookupError):
    """The thing is not here."""


MAX_REDACTIONS = 50
MAX_REDACTION_LENGTH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What the author chose: how they are shown, and which words do not leave."""

    identity: Identity
    redactions: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Preview:
    """Exactly what would leave, and what stays in words for a person."""

    draft: Draft
    stays: str


def preview(kind: str, source_id: UUID, choice: Choice) -> Preview:
    """Return exactly what others would see; the same computation publishes."""
    source = _source(kind, source_id)
    return Preview(draft=_draft(source, choice), stays=source.stays)


@transaction.atomic
def share_item(kind: str, source_id: UUID, choice: Choice, *, by: Member) -> SharedItem:
    """Put a thing into the Collective, or ask an organiser to; raises SharingRefusedError."""
    source, policy = _source(kind, source_id), get_policy()
    _check_may_share(by, source, policy)
    item = _item_for_update(kind, source_id)
    if item is not None and item.state in (ShareState.SHARED, ShareState.AWAITING_APPROVAL):
        _refuse_unchecked_change(item, policy, by)
        return _change_choice(item, source, choice, by=by)
    item = _begin(item or SharedItem(source_kind=kind, source_id=source_id), source, choice, by)
    if needs_approval(policy, by):
        return _ask(item, by=by)
    return _publish(item, source, LedgerAction.SHARED, by=by)


@transaction.atomic
def follow_edit(kind: str, source_id: UUID, *, by: Member) -> None:
    """Bring the publication up to date after its source changed; does nothing where it is not shared."""
    item = _item_for_update(kind, source_id)
    if item is None or item.state not in (ShareState.SHARED, ShareState.AWAITING_APPROVAL):
        return
    source = _source(kind, source_id)
    if item.state == ShareState.AWAITING_APPROVAL:
        _retitle(item, source)
    elif not may_leave(get_policy(), source.category):
        _withdraw(item, by=by)
    else:
        _publish(item, source, LedgerAction.UPDATED, by=by)


@transaction.atomic
def withdraw_item(kind: str, source_id: UUID, *, by: Member) -> SharedItem:
    """Take a thing back everywhere at once; answers of other networks come home in the same transaction."""
    item = _item_for_update(kind, source_id)
    if item is None or item.state in (ShareState.WITHDRAWN, ShareState.REFUSED):
        raise SharingRefusedError("This is not shared, so there is nothing to withdraw.")
    if not can_withdraw(by, item):
        raise SharingRefusedError("Only the person who shared this, or an organiser, can withdraw it.")
    return _withdraw(item, by=by)


@transaction.atomic
def approve_item(item: SharedItem, *, by: Member) -> SharedItem:
    """Let a waiting thing leave, as it is now."""
    locked = _waiting(item, by)
    source = _source(locked.source_kind, locked.source_id)
    return _publish(locked, source, LedgerAction.SHARED, by=by)


@transaction.atomic
def refuse_item(item: SharedItem, *, by: Member) -> SharedItem:
    """Keep a waiting thing in the network."""
    locked = _waiting(item, by)
    locked.state = ShareState.REFUSED
    locked.save(update_fields=["state"])
    _enter(locked, LedgerAction.REFUSED, member_id=by.id)
    record("sharing.item.refused", by=by.actor, target=locked)
    return locked


@transaction.atomic
def update_policy(
    *,
    approval_required: bool,
    kept_categories: list[str],
    blocked_networks: list[UUID],
    by: Member,
) -> Policy:
    """Change the rules; what is already shared stays until somebody withdraws it, blocks take effect at once."""
    if not can_decide(by):
        raise SharingRefusedError("Only organisers can change this.")
    policy = ensure_policy()
    policy.approval_required, policy.kept_categories = approval_required, sorted(set(kept_categories))
    policy.blocked_networks = sorted(set(blocked_networks))
    policy.save()
    LedgerEntry.objects.create(action=LedgerAction.POLICY_CHANGED, member_id=by.id)
    record("sharing.policy.changed", by=by.actor, target=policy, fields=["approval_required", "kept_categories"])
    tell_collective(blocks=policy.blocked_networks)
    return policy


def known_categories() -> list[str]:
    """Return the names of categories that things can be shared under, from every feature's adapter."""
    names = {name for adapter in adapters() for name in adapter.categories()}
    return sorted(names | set(get_policy().kept_categories))


def ensure_policy() -> Policy:
    """Return the network's policy, making the default one where there is none."""
    policy, _ = Policy.objects.get_or_create(is_only=True)
    return policy


@transaction.atomic
def join_collective() -> None:
    """Give a new network its policy and make it known to the Collective; a step of onboarding."""
    ensure_policy()
    tell_collective()


def leave_collective(network: Network) -> None:
    """Take back `join_collective` for a network that never went live; called in the public schema."""
    with in_collective(joining_transaction=True):
        publications.remove_origin(network.id)


def tell_collective(*, is_visible: bool = True, blocks: list[UUID] | None = None) -> None:
    """Write how this network is shown in the Collective."""
    network = current_network()
    with in_collective(joining_transaction=True):
        publications.save_origin(network, is_visible=is_visible, blocks=blocks)


@transaction.atomic
def mark_away_reply(kind: str, source_id: UUID, reply_id: UUID, *, is_answer: bool, by: Member) -> None:
    """Mark or unmark another network's reply as an answer, wherever it lives; the caller has checked permission."""
    marked = ReceivedReply.objects.filter(source_kind=kind, source_id=source_id, id=reply_id).update(
        is_answer=is_answer
    )
    if not marked:
        _mark_in_collective(shared_item(kind, source_id), reply_id, is_answer)
    record("sharing.reply.marked", by=by.actor, target_kind="reply", target_id=reply_id, is_answer=is_answer)


@transaction.atomic
def remove_received_reply(reply_id: UUID, *, by: Actor) -> None:
    """Blank an answer that came home, because its author takes it back; where it stood stays visible."""
    reply = ReceivedReply.objects.select_for_update().filter(id=reply_id, removed_at=None).first()
    if reply is not None:
        reply.body, reply.shown_name, reply.shown_role = "", "", ""
        reply.removed_at = timezone.now()
        reply.save(update_fields=["body", "shown_name", "shown_role", "removed_at"])
        record("sharing.reply.removed", by=by, target=reply)


def tell_author_of_return(reply_id: UUID) -> None:
    """Email an author of this network that a publication they answered was withdrawn; called by a job."""
    with in_collective():
        returned = published.get_returned_reply(reply_id)
    member = member_of_account(returned.account_id) if returned else None
    if member is not None:
        queue_message(
            to=member.email,
            to_account_id=member.account_id,
            subject="A question you answered has been withdrawn",
            template="notice",
            context={
                "heading": "A question you answered has been withdrawn",
                "paragraphs": [
                    (
                        "The person who asked took their question back from the Collective. Your answer of "
                        f"{returned.replied_at:%d %B %Y} stays with their network, shown as you chose then."
                    ),
                    "You can have it removed there too.",
                ],
                "action_label": "See your answers",
                "action_url": collective_url("/answers/"),
            },
            kind="sharing.returned_reply",
            dedupe_key=f"sharing.returned_reply.{returned.id}",
        )


def drafts_of_network() -> list[tuple[SharedItem, Draft]]:
    """Return every shared item of the current network with its draft, for rebuilding and checking."""
    items = list(SharedItem.objects.filter(state=ShareState.SHARED).order_by("shared_at", "id"))
    return [(item, _draft(_source(item.source_kind, item.source_id), choice_of(item))) for item in items]


def _check_may_share(member: Member, source: Source, policy: Policy) -> None:
    if not can_share(member, source):
        raise SharingRefusedError("Only the person who wrote this can share it.")
    if not may_leave(policy, source.category):
        raise SharingRefusedError(f"This network keeps {source.category} to itself. An organiser can change that.")


def _refuse_unchecked_change(item: SharedItem, policy: Policy, by: Member) -> None:
    """What an organiser approved was with these words cut; other words need another look."""
    if item.state == ShareState.SHARED and needs_approval(policy, by):
        raise SharingRefusedError("An organiser approved this as it is. Withdraw it, then share it differently.")


def _change_choice(item: SharedItem, source: Source, choice: Choice, *, by: Member) -> SharedItem:
    """Becoming anonymous starts a new life in the Collective, so that the two cannot be linked."""
    becomes_anonymous = choice.identity == Identity.ANONYMOUS != item.identity
    if item.state == ShareState.SHARED and becomes_anonymous:
        _withdraw(item, by=by)
        item.publication_id = random_id()
    item.identity, item.redactions = choice.identity, _tidy(choice.redactions)
    if item.state == ShareState.AWAITING_APPROVAL:
        return _retitle(item, source)
    action = LedgerAction.SHARED if becomes_anonymous else LedgerAction.UPDATED
    return _publish(item, source, action, by=by)


def _begin(item: SharedItem, source: Source, choice: Choice, member: Member) -> SharedItem:
    item.publication_id = random_id()
    item.identity, item.redactions = choice.identity, _tidy(choice.redactions)
    item.member_id, item.requested_at = member.id, timezone.now()
    item.shared_at = item.withdrawn_at = None
    item.title = drafting.redact(source.title, item.redactions)[:200]
    return item


def _ask(item: SharedItem, *, by: Member) -> SharedItem:
    item.state = ShareState.AWAITING_APPROVAL
    item.save()
    _enter(item, LedgerAction.REQUESTED, member_id=item.member_id)
    record("sharing.item.requested", by=by.actor, target=item, identity=item.identity)
    return item


def _retitle(item: SharedItem, source: Source) -> SharedItem:
    item.title = drafting.redact(source.title, item.redactions)[:200]
    item.save()
    return item


def _publish(item: SharedItem, source: Source, action: LedgerAction, *, by: Member) -> SharedItem:
    draft = _draft(source, choice_of(item))
    item.title, item.state, item.withdrawn_at = draft.title, ShareState.SHARED, None
    item.shared_at = item.shared_at or timezone.now()
    item.save()
    adapter_for(item.source_kind).set_publication(item.source_id, item.publication_id)
    _enter(item, action, member_id=by.id)
    record(f"sharing.item.{action}", by=by.actor, target=item, identity=item.identity)
    origin_id = current_network().id
    with in_collective(joining_transaction=True):
        publications.publish(draft, origin_id=origin_id, publication_id=item.publication_id)
    return item


def _withdraw(item: SharedItem, *, by: Member) -> SharedItem:
    was_waiting = item.state == ShareState.AWAITING_APPROVAL
    origin_id = current_network().id
    with in_collective(joining_transaction=True):
        replies = publications.withdraw_publication(item.publication_id, origin_id=origin_id)
    item.state, item.withdrawn_at = ShareState.WITHDRAWN, timezone.now()
    item.save(update_fields=["state", "withdrawn_at"])
    _take_in(item, replies)
    _tell_authors(replies)
    if not was_waiting:
        adapter_for(item.source_kind).set_publication(item.source_id, None, received=len(replies))
    _enter(item, LedgerAction.WITHDRAWN, member_id=by.id)
    record("sharing.item.withdrawn", by=by.actor, target=item, replies=len(replies))
    return item


def _take_in(item: SharedItem, replies: list[HomeReply]) -> None:
    ReceivedReply.objects.bulk_create(
        ReceivedReply(
            id=reply.id,
            source_kind=item.source_kind,
            source_id=item.source_id,
            body=reply.body,
            shown_name=reply.shown_name,
            shown_role=reply.shown_role,
            shown_network=reply.shown_network,
            shown_colour=reply.shown_colour,
            is_answer=reply.is_answer,
            created_at=reply.created_at,
        )
        for reply in replies
    )
    if replies:
        _enter(item, LedgerAction.REPLIES_CAME_HOME, member_id=None, count=len(replies))


def _tell_authors(replies: list[HomeReply]) -> None:
    for reply in replies:
        tasks.tell_author_of_return.enqueue_for(reply.network_id, reply_id=str(reply.id))


def _waiting(item: SharedItem, member: Member) -> SharedItem:
    if not can_decide(member):
        raise SharingRefusedError("Only organisers can decide this.")
    locked = SharedItem.objects.select_for_update().get(id=item.id)
    if locked.state != ShareState.AWAITING_APPROVAL:
        raise SharingRefusedError("This has been decided already.")
    return locked


def _mark_in_collective(item: SharedItem | None, reply_id: UUID, is_answer: bool) -> None:
    publication_id, origin_id = item.publication_id if item else None, current_network().id
    with in_collective(joining_transaction=True):
        publications.mark_reply_as_answer(
            reply_id, publication_id=publication_id, origin_id=origin_id, is_answer=is_answer
        )


def _enter(item: SharedItem, action: LedgerAction, *, member_id: UUID | None, count: int | None = None) -> None:
    LedgerEntry.objects.create(
        action=action,
        item=item,
        publication_id=item.publication_id,
        identity=item.identity,
        title=item.title,
        member_id=member_id,
        count=count,
    )


def _item_for_update(kind: str, source_id: UUID) -> SharedItem | None:
    """Lock by name, not by row: two first shares of one thing at once must not both find nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"share:{source_id}"])
    return shared_item(kind, source_id)


def _source(kind: str, source_id: UUID) -> Source:
    source = adapter_for(kind).load(source_id)
    if source is None:
        raise NothingToShareError(f"{kind} {source_id}")
    return source


def choice_of(item: SharedItem) -> Choice:
    """Return what the author chose when they shared it."""
    return Choice(identity=Identity(item.identity), redactions=item.redactions)


def _tidy(redactions: list[str]) -> list[str]:
    kept = [each.strip()[:MAX_REDACTION_LENGTH] for each in redactions if each.strip()]
    return list(dict.fromkeys(kept))[:MAX_REDACTIONS]


def _draft(source: Source, choice: Choice) -> Draft:
    return drafting.make_draft(
        source,
        identity=choice.identity,
        redactions=_tidy(choice.redactions),
        author=author_of(source.author_id),
        home=_home(choice.identity),
    )


def author_of(member_id: UUID) -> drafting.Author:
    """Return a member as a draft shows them."""
    member = get_member(member_id)
    return drafting.Author(
        name=member.shown_name,
        job=member.headline_job,
        school=member.headline_school,
        phase=member.headline_phase,
    )


def _home(identity: Identity) -> drafting.Home:
    network = current_network()
    return drafting.Home(
        name=network.name, region=network.region, networks_in_region=_count_in_region(network.region, identity)
    )


def _count_in_region(region: str, identity: Identity) -> int:
    if identity != Identity.ANONYMOUS:
        return 0
    with in_collective(joining_transaction=True):
        return published.count_origins_in_region(region)
