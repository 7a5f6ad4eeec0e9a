"""From the announcement to the day of deletion.

Each step and its event in the network's own audit are one transaction: the closing is the platform's row, the event the
network's, and neither may be without the other (`joining_transaction`).
"""

import logging
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from shared_apps.audit.services import Actor, record
from shared_apps.billing import services as billing
from shared_apps.billing.services import GatewayError
from shared_apps.closing import selectors, tasks
from shared_apps.closing.enums import OPEN, AskedBy, ClosingState, Event
from shared_apps.closing.models import Closing
from shared_apps.closing.selectors import READ_ONLY, REMINDED, day_begins
from shared_apps.closing.services.deleting import QUIET, BusyError, delete
from shared_apps.closing.signals import closing_begun, closing_moved
from tenants import services as tenants
from tenants.context import in_network
from tenants.enums import NetworkState
from tenants.lifecycle import AlreadyRunningError
from tenants.models import Network
from tenants.selectors import host_of

logger = logging.getLogger("sbm.closing")

NAME_KEPT = timedelta(days=365)
_REMINDERS = {7: Event.WEEK_LEFT, 1: Event.DAY_LEFT}


class ClosingError(Exception):
    """It cannot be announced, taken back or done as things stand; the message says why in one line."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What somebody decided: the day, what becomes of what was shared, a word to the members, an operator's reason."""

    closes_on: date
    keeps_publications: bool
    words: str = ""
    reason: str = ""


def announce(network: Network, plan: Plan, *, asked_by: AskedBy, now: datetime, by: Actor) -> Closing:
    """Announce that a network closes. Raises ClosingError.

    For an owner or an operator; the callers ask whether it is one, and for fresh proof.
    """
    try:
        selectors.check_day(plan.closes_on, now)
    except selectors.DayError as error:
        raise ClosingError(str(error)) from error
    closes_at = day_begins(plan.closes_on)
    with transaction.atomic():
        closing = _begin(network, plan, asked_by, closes_at, closes_at + READ_ONLY, now=now, by=by)
        with in_network(network, joining_transaction=True):
            record("closing.network.announced", by=by, target=closing, on=plan.closes_on.isoformat())
            closing_begun.send(Closing, closing=closing, words=plan.words)
            closing_moved.send(Closing, closing=closing, event=Event.ANNOUNCED)
    return closing


@transaction.atomic
def call_off(network: Network, *, now: datetime, by: Actor) -> None:
    """Take it back: the network goes on as before. Raises ClosingError when it is too late."""
    closing = selectors.open_closing(network)
    if closing is None:
        raise ClosingError(f"{network.name} is not closing.")
    _hold(closing, ClosingState.NOTICE, ClosingState.READ_ONLY)
    billing.hold(network)
    tenants.call_off_closing(network)
    _move(closing, ClosingState.CALLED_OFF, called_off_at=now)
    if not billing.review_network(network, now=now):
        tenants.set_read_only(network, is_read_only=False)
    network.refresh_from_db(fields=["is_read_only", "state"])
    _tell(closing, network, Event.CALLED_OFF, "called_off", by=by)


@transaction.atomic
def close_now(network: Network, *, reason: str, keeps_publications: bool, now: datetime, by: Actor) -> Closing:
    """Close a network without notice, for an operator; `delete` or the schedule does the rest. Raises ClosingError.

    What is chosen here stands in the place of what was announced. Of a network whose deletion has begun nothing is
    begun again and nothing chosen anew: its tables may be gone.
    """
    closing = selectors.open_closing(network)
    if closing is None:
        plan = Plan(timezone.localdate(now), keeps_publications, reason=reason)
        closing = _begin(network, plan, AskedBy.OPERATOR, now, now, now=now, by=by)
    _hold(closing, *OPEN)
    if closing.is_stoppable:
        closing.closes_at, closing.deletes_at, closing.reason = min(closing.closes_at, now), now, _one_line(reason)
        closing.keeps_publications = keeps_publications
        closing.save(update_fields=["closes_at", "deletes_at", "reason", "keeps_publications"])
        _begin_deletion(closing, network, by=by)
    elif closing.keeps_publications != keeps_publications:
        raise ClosingError(f"{network.name} is being deleted already, with another choice about what it shared.")
    tasks.delete.using(run_after=now + QUIET).enqueue(closing_id=closing.id)
    return closing


def advance_all(now: datetime) -> int:
    """Move on every closing whose day has come, and return how many ended; one that fails delays no other."""
    ended = 0
    for closing in selectors.closings_due(now):
        try:
            advance(closing, now=now)
            ended += closing.state == ClosingState.DELETED
        except (BusyError, AlreadyRunningError, GatewayError) as error:
            logger.info("closing %s goes on later: %s", closing.id, type(error).__name__)
        except Exception:
            logger.exception("closing %s could not be moved on", closing.id)
    return ended


def advance(closing: Closing, *, now: datetime) -> None:
    """Do what the time asks of one closing."""
    if closing.state == ClosingState.NOTICE and closing.has_come(now):
        _end_writing(closing, now=now)
    if closing.state == ClosingState.READ_ONLY:
        _remind(closing, now=now)
    if closing.state == ClosingState.READ_ONLY and closing.deletes_at <= now:
        with transaction.atomic():
            _hold(closing, ClosingState.READ_ONLY)
            _begin_deletion(closing, selectors.network_of(closing), by=Actor.system("job"))
    if closing.state == ClosingState.DELETING:
        delete(closing, now=now)


def release_names(now: datetime) -> int:
    """Let the names of networks that were deleted a year ago be had again; return how many."""
    return tenants.forget_deleted(before=now - NAME_KEPT)


def _begin(
    network: Network,
    plan: Plan,
    asked_by: AskedBy,
    closes_at: datetime,
    deletes_at: datetime,
    *,
    now: datetime,
    by: Actor,
) -> Closing:
    network.refresh_from_db(from_queryset=Network.objects.select_for_update(of=("self",)))  # of two at once one waits
    if network.state not in (NetworkState.LIVE, NetworkState.SUSPENDED, NetworkState.CLOSED):
        raise ClosingError(f"{network.name} is {network.get_state_display().lower()}, so there is nothing to close.")
    if selectors.open_closing(network) is not None:
        raise ClosingError("It is closing already. Take that back first.")
    closing = Closing.objects.create(
        network_id=network.id,
        name=network.name,
        host=host_of(network),
        asked_at=now,
        asked_by=asked_by,
        asked_by_id=by.account_id,
        reason=_one_line(plan.reason),
        keeps_publications=plan.keeps_publications,
        closes_at=closes_at,
        deletes_at=deletes_at,
    )
    tenants.announce_closing(network, closes_at=closes_at, deletes_at=deletes_at)
    billing.end_charges(network)
    return closing


@transaction.atomic
def _end_writing(closing: Closing, *, now: datetime) -> None:
    """Let the network be read and not written: its closing day has come."""
    _hold(closing, ClosingState.NOTICE)
    network = selectors.network_of(closing)
    _move(closing, ClosingState.READ_ONLY)
    tenants.set_read_only(network, is_read_only=True)
    _tell(closing, network, Event.READ_ONLY, "ended", by=Actor.system("job"))


@transaction.atomic
def _remind(closing: Closing, *, now: datetime) -> None:
    """Tell owners that a week is left, and that a day is; what is past already is not said late."""
    left = closing.deletes_at - now
    due = min((days for days in REMINDED if left <= timedelta(days=days)), default=None)
    if due is None or left <= timedelta(0) or (closing.days_told or max(REMINDED) + 1) <= due:
        return
    _hold(closing, ClosingState.READ_ONLY)
    closing.days_told = due
    closing.save(update_fields=["days_told"])
    _tell(closing, selectors.network_of(closing), _REMINDERS[due], "reminded", by=Actor.system("job"))


def _begin_deletion(closing: Closing, network: Network, *, by: Actor) -> None:
    with in_network(network, joining_transaction=True):
        record("closing.network.deletion_begun", by=by, target=closing)
    keeps = closing.keeps_publications
    record("closing.network.deletion_begun", by=by, target=network, closing=closing.id, keeps_publications=keeps)
    tenants.close_network(network)
    _move(closing, ClosingState.DELETING)


def _tell(closing: Closing, network: Network, event: Event, what: str, *, by: Actor) -> None:
    with in_network(network, joining_transaction=True):
        record(f"closing.network.{what}", by=by, target=closing)
        closing_moved.send(Closing, closing=closing, event=event)


def _one_line(reason: str) -> str:
    return " ".join(reason.split())[:300]


def _hold(closing: Closing, *states: ClosingState) -> None:
    """Lock the row, so that of two people who press at once the second is told."""
    closing.refresh_from_db(from_queryset=Closing.objects.select_for_update())
    if closing.state not in states:
        raise ClosingError(f"This has gone on meanwhile: {closing.get_state_display().lower()}.")


def _move(closing: Closing, state: ClosingState, **changes: object) -> None:
    closing.state = state
    for name, value in changes.items():
        setattr(closing, name, value)
    closing.save(update_fields=["state", *changes])
