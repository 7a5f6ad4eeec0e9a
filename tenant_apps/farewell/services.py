"""What owners decide about the closing, and telling the people of the network."""

from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from shared_apps.closing import selectors as closings
from shared_apps.closing import services as closing_services
from shared_apps.closing.enums import AskedBy, Event
from shared_apps.closing.models import Closing
from shared_apps.closing.services import ClosingError, Plan
from shared_apps.mail.services import queue_message
from tenant_apps.farewell import messages
from tenant_apps.farewell.models import LONGEST, Farewell
from tenant_apps.farewell.permissions import can_close
from tenant_apps.farewell.selectors import words_of
from tenant_apps.members.models import Member
from tenant_apps.members.permissions import refusal
from tenant_apps.members.selectors import directory, owners
from tenant_apps.notifications import services as notifications
from tenant_apps.notifications.enums import Kind
from tenant_apps.sharing.services import withdraw_all
from tenants.context import in_network, in_public, this_network
from tenants.enums import NetworkState
from tenants.models import Network
from tenants.selectors import network_of_id, network_url

_TO_OWNERS = (Event.WEEK_LEFT, Event.DAY_LEFT)


def announce(plan: Plan, *, now: datetime, by: Member) -> Closing:
    """Announce that this network closes, as an owner. Raises ClosingError."""
    _refuse_others(by)
    if len(plan.words) > LONGEST:
        raise ClosingError(f"Say it in at most {LONGEST:,} characters.")
    return closing_services.announce(this_network(), plan, asked_by=AskedBy.OWNER, now=now, by=by.actor)


def call_off(*, now: datetime, by: Member) -> None:
    """Take it back, as an owner. Raises ClosingError."""
    _refuse_others(by)
    closing_services.call_off(this_network(), now=now, by=by.actor)


def keep_words(closing: Closing, words: str) -> None:
    """Keep what is said to the members, in the transaction that announces it."""
    if words.strip():
        Farewell.objects.create(closing_id=closing.id, words=words.strip()[:LONGEST])


def tell(closing_id: UUID, event: Event) -> None:
    """Tell members, or owners of what is theirs to do, once; a network that is suspended tells its owners alone.

    Of one that is being deleted by now no day that was named is true; its owners get the certificate.
    """
    closing = closings.get_closing(closing_id)
    network = network_of_id(closing.network_id) if closing else None
    if closing is None or network is None or network.state in (NetworkState.CLOSED, NetworkState.DELETED):
        return
    with in_network(network):
        words = messages.words_of(closing, event, words_of(closing))
        readers, to_all = owners(), event not in _TO_OWNERS and network.state == NetworkState.LIVE
        if to_all:
            _tell_members(closing, event, words)
    if not to_all:
        _tell_owners(network, closing, event, words, [(each.id, each.account_id, each.email) for each in readers])


def withdraw_shared() -> int:
    """Take back what this network shares, with the answers, while it can still be read and taken along."""
    closing = closings.open_closing(this_network())
    return withdraw_all() if closing is not None and not closing.keeps_publications else 0


def _tell_members(closing: Closing, event: Event, words: messages.Words) -> None:
    reason = f"You get this email because you are a member of {closing.name}."
    notifications.notify_members(
        list(directory()),
        kind=Kind.MODERATION,
        key=f"closing.{event}.{closing.id}",
        title=words.title,
        words=words.values(reason),
        path=words.path,
        mail_kind=f"closing.{event}",
        always=True,
    )


def _tell_owners(
    network: Network, closing: Closing, event: Event, words: messages.Words, readers: list[tuple[UUID, UUID, str]]
) -> None:
    values = words.values(f"You get this email because you own {closing.name}.")
    answers = network.state == NetworkState.LIVE
    values |= {"action_url": network_url(network, words.path)} if answers else {"action_label": ""}
    desk: AbstractContextManager[Any] = in_network(network) if answers else in_public()
    with desk, transaction.atomic():
        for member_id, account_id, address in readers:
            queue_message(
                to=address,
                subject=words.title,
                template="notice",
                context=values,
                kind=f"closing.{event}",
                dedupe_key=f"closing:{closing.id}:{event}:{member_id}",
                to_account_id=account_id,
            )


def _refuse_others(by: Member) -> None:
    if not can_close(by):
        raise PermissionDenied(refusal(owners=True))
