"""Sharing a thing, letting its publication follow, and taking it back."""

from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from collective.publications import selectors as published
from collective.publications import services as publications
from collective.publications.drafts import Draft
from collective.publications.enums import Identity
from collective.publications.services import HomeReply
from shared_apps.audit.services import Actor, record
from tenant_apps.members.models import Member
from tenant_apps.sharing import drafting, tasks
from tenant_apps.sharing.adapters import Source, adapter_for
from tenant_apps.sharing.enums import LedgerAction, ShareState
from tenant_apps.sharing.models import LedgerEntry, Policy, ReceivedReply, SharedItem
from tenant_apps.sharing.permissions import can_decide, can_share, can_withdraw, may_leave, needs_approval
from tenant_apps.sharing.selectors import get_policy, shared_item
from tenant_apps.sharing.services.previews import Choice, choice_of, make_draft, source_of, tidy
from tenants.context import in_collective, this_network
from tenants.ids import random_id


class SharingRefusedError(Exception):
    """This may not be shared or taken back by this person now; the message says why."""


def hold(source_id: UUID) -> None:
    """Keep everybody else from changing or sharing a thing until the transaction ends.

    A feature holds a thing before it locks its row, so that an edit and a share never wait for each other. It is held
    by name, not by row: two first shares of one thing at once must not both find nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"share:{source_id}"])


@transaction.atomic
def share_item(kind: str, source_id: UUID, choice: Choice, *, by: Member) -> SharedItem:
    """Put a thing into the Collective, or ask an organiser to; raises SharingRefusedError."""
    item = _held_item(kind, source_id)
    source, policy = source_of(kind, source_id), get_policy()
    _check_may_share(by, source, policy)
    if item is not None and item.state in (ShareState.SHARED, ShareState.AWAITING_APPROVAL):
        _refuse_unchecked_change(item, policy, by)
        return _change_choice(item, source, choice, by=by)
    item = _begin(item or SharedItem(source_kind=kind, source_id=source_id), source, choice, by)
    if needs_approval(policy, by):
        return _ask(item, by=by)
    return _publish(item, source, LedgerAction.SHARED, by=by)


@transaction.atomic
def follow_edit(kind: str, source_id: UUID, *, by: Member) -> None:
    """Bring the publication up to date after its source or its author changed; does nothing where it is not shared."""
    item = _held_item(kind, source_id)
    if item is None or item.state not in (ShareState.SHARED, ShareState.AWAITING_APPROVAL):
        return
    source = source_of(kind, source_id)
    if item.state == ShareState.AWAITING_APPROVAL:
        _retitle(item, source)
    elif not may_leave(get_policy(), source.category):
        _withdraw(item, by=by)
    else:
        _update(item, source, by=by)


@transaction.atomic
def follow_return(kind: str, source_id: UUID, *, by: Actor) -> None:
    """Bring what came back, or was written over, from a restored copy in line with how it is shared, as its sharer."""
    item = _held_item(kind, source_id)
    if item is None or item.state not in (ShareState.SHARED, ShareState.AWAITING_APPROVAL):
        return
    sharer = Member.objects.get(id=item.member_id).acting_as(by)
    if adapter_for(kind).load(source_id) is None:
        _withdraw(item, by=sharer)
        return
    if item.state == ShareState.SHARED:
        adapter_for(kind).set_publication(source_id, item.publication_id)
    follow_edit(kind, source_id, by=sharer)


@transaction.atomic
def follow_person(member: Member) -> None:
    """Bring up to date what is shown of a member on everything they have shared; called when they change it."""
    shared = SharedItem.objects.filter(member_id=member.id, state=ShareState.SHARED).exclude(
        identity=Identity.ANONYMOUS
    )
    for kind, source_id in shared.order_by("source_id").values_list("source_kind", "source_id"):
        follow_edit(kind, source_id, by=member)


@transaction.atomic
def withdraw_item(kind: str, source_id: UUID, *, by: Member) -> SharedItem:
    """Take a thing back everywhere at once; answers of other networks come home in the same transaction."""
    item = _held_item(kind, source_id)
    if item is None or item.state in (ShareState.WITHDRAWN, ShareState.REFUSED):
        raise SharingRefusedError("This is not shared, so there is nothing to withdraw.")
    if not can_withdraw(by, item):
        raise SharingRefusedError("Only the person who shared this, or an organiser, can withdraw it.")
    return _withdraw(item, by=by)


@transaction.atomic
def take_down_item(kind: str, source_id: UUID, *, by: Member | None) -> None:
    """Take a thing back because a moderator hid it, or the network closes (None); the caller has checked permission.

    Not shared is no fault.
    """
    item = _held_item(kind, source_id)
    if item is not None and item.state in (ShareState.SHARED, ShareState.AWAITING_APPROVAL):
        _withdraw(item, by=by)


@transaction.atomic
def approve_item(item: SharedItem, *, by: Member) -> SharedItem:
    """Let a waiting thing leave, as it is now; raises SharingRefusedError where its category stays here since."""
    locked = _waiting(item, by)
    source = source_of(locked.source_kind, locked.source_id)
    _check_category(source, get_policy())
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
def let_go(item: SharedItem, replies: list[HomeReply]) -> None:
    """Take a copy's item back, with the answers that it had; the original in the Collective belongs to who shared it.

    One that waits for an organiser goes on waiting, as another than the original's.
    """
    if item.state != ShareState.SHARED:
        item.publication_id = random_id()
        item.save(update_fields=["publication_id"])
        return
    item.state, item.withdrawn_at = ShareState.WITHDRAWN, timezone.now()
    item.save(update_fields=["state", "withdrawn_at"])
    _take_in(item, replies)
    adapter_for(item.source_kind).set_publication(item.source_id, None, received=len(replies))
    _enter(item, LedgerAction.WITHDRAWN, member_id=None)


@transaction.atomic
def share_again(item: SharedItem, *, by: Member) -> bool:
    """Share a copy's item as its author had shared it, in a new life; return whether it may leave."""
    source = source_of(item.source_kind, item.source_id)
    if not may_leave(get_policy(), source.category):
        return False
    _publish(_begin(item, source, choice_of(item), by), source, LedgerAction.SHARED, by=by)
    return True


def drafts_held_still() -> list[tuple[SharedItem, Draft]]:
    """Return the same as `drafts_of_network`; nothing is shared, changed or withdrawn until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {connection.ops.quote_name(SharedItem._meta.db_table)} IN SHARE ROW EXCLUSIVE MODE")
    return drafts_of_network()


def drafts_of_network() -> list[tuple[SharedItem, Draft]]:
    """Return every shared item of the current network with its draft, for rebuilding and checking."""
    items = list(SharedItem.objects.filter(state=ShareState.SHARED).order_by("shared_at", "id"))
    return [(item, make_draft(source_of(item.source_kind, item.source_id), choice_of(item))) for item in items]


def _check_may_share(member: Member, source: Source, policy: Policy) -> None:
    if not can_share(member, source):
        raise SharingRefusedError("Only the person who wrote this can share it.")
    _check_category(source, policy)


def _check_category(source: Source, policy: Policy) -> None:
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
    item.identity, item.redactions = choice.identity, tidy(choice.redactions)
    if item.state == ShareState.AWAITING_APPROVAL:
        return _retitle(item, source)
    if item.state == ShareState.WITHDRAWN:
        return _publish(item, source, LedgerAction.SHARED, by=by)
    return _update(item, source, by=by)


def _begin(item: SharedItem, source: Source, choice: Choice, member: Member) -> SharedItem:
    item.publication_id = random_id()
    item.identity, item.redactions = choice.identity, tidy(choice.redactions)
    item.member_id, item.requested_at = member.id, timezone.now()
    item.shared_at = item.withdrawn_at = None
    item.title = drafting.redact_title(source.title, item.redactions)
    return item


def _ask(item: SharedItem, *, by: Member) -> SharedItem:
    item.state = ShareState.AWAITING_APPROVAL
    item.save()
    _enter(item, LedgerAction.REQUESTED, member_id=item.member_id)
    record("sharing.item.requested", by=by.actor, target=item, identity=item.identity)
    return item


def _retitle(item: SharedItem, source: Source) -> SharedItem:
    item.title = drafting.redact_title(source.title, item.redactions)
    item.save()
    return item


def _update(item: SharedItem, source: Source, *, by: Member) -> SharedItem:
    """Publish again where others would read something else; the ledger records what left, not that somebody looked."""
    item.save()
    draft = make_draft(source, choice_of(item))
    with in_collective(joining_transaction=True):
        is_same = published.says_the_same(item.publication_id, draft)
    return item if is_same else _publish(item, source, LedgerAction.UPDATED, by=by)


def _publish(item: SharedItem, source: Source, action: LedgerAction, *, by: Member) -> SharedItem:
    draft = make_draft(source, choice_of(item))
    item.title, item.state, item.withdrawn_at = draft.title, ShareState.SHARED, None
    item.shared_at = item.shared_at or timezone.now()
    item.save()
    adapter_for(item.source_kind).set_publication(item.source_id, item.publication_id)
    _enter(item, action, member_id=by.id)
    record(f"sharing.item.{action}", by=by.actor, target=item, identity=item.identity)
    origin_id = this_network().id
    with in_collective(joining_transaction=True):
        publications.publish(draft, origin_id=origin_id, publication_id=item.publication_id)
    return item


def _withdraw(item: SharedItem, *, by: Member | None) -> SharedItem:
    was_waiting = item.state == ShareState.AWAITING_APPROVAL
    origin_id = this_network().id
    item.state, item.withdrawn_at = ShareState.WITHDRAWN, timezone.now()
    item.save(update_fields=["state", "withdrawn_at"])
    with in_collective(joining_transaction=True):
        replies = publications.withdraw_publication(item.publication_id, origin_id=origin_id)
    _take_in(item, replies)
    _tell_authors(replies)
    if not was_waiting:
        adapter_for(item.source_kind).set_publication(item.source_id, None, received=len(replies))
    _enter(item, LedgerAction.WITHDRAWN, member_id=by.id if by else None)
    record("sharing.item.withdrawn", by=by.actor if by else Actor.system(), target=item, replies=len(replies))
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
            hidden_at=timezone.now() if reply.is_hidden else None,
        )
        for reply in replies
    )
    if replies:
        _enter(item, LedgerAction.REPLIES_CAME_HOME, member_id=None, count=len(replies))


def _tell_authors(replies: list[HomeReply]) -> None:
    """Have their networks tell them; whose network has closed hears of it from the platform."""
    with in_collective(joining_transaction=True):
        closed = published.closed_among(reply.network_id for reply in replies)
    for reply in replies:
        if reply.network_id in closed:
            continue
        tasks.tell_author_of_return.enqueue_for(reply.network_id, reply_id=str(reply.id))


def _waiting(item: SharedItem, member: Member) -> SharedItem:
    if not can_decide(member):
        raise SharingRefusedError("Only organisers can decide this.")
    locked = _held_item(item.source_kind, item.source_id)
    if locked is None or locked.state != ShareState.AWAITING_APPROVAL:
        raise SharingRefusedError("This has been decided already.")
    return locked


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


def _held_item(kind: str, source_id: UUID) -> SharedItem | None:
    hold(source_id)
    return shared_item(kind, source_id)
