"""Asking for a network, confirming the address, what operators decided, and forgetting.

What somebody typed is never sent to the address they typed before it is confirmed, so that nobody has us send their
words to others.
"""

import secrets
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse

from shared_apps.accounts.models import User
from shared_apps.accounts.services import hash_of
from shared_apps.audit.services import Actor, record
from shared_apps.mail.services import Notice, queue_notice
from shared_apps.requests import messages, selectors
from shared_apps.requests.enums import DECIDED, RequestState
from shared_apps.requests.models import NetworkRequest
from tenants.models import Network
from tenants.names import check_name, check_region, check_subdomain
from tenants.selectors import host_of, url_of

_FOR_LATER = {"confirmed_at", "decided_at", "network"}


class RequestError(Exception):
    """It cannot be asked for or decided as things stand; the message says why in one line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody who wants a network says of it and of themselves."""

    name: str
    subdomain: str
    members: int
    person: str
    email: str
    organisation: str
    region: str = ""
    words: str = ""


@transaction.atomic
def ask(wanted: Wanted, *, now: datetime) -> NetworkRequest:
    """Keep a request that nobody sees, and email a link with which it is sent.

    Raises RequestError for an address that is another network's, NetworkNameError or ValidationError for what the
    form would have refused.
    """
    check_name(wanted.name), check_region(wanted.region), check_subdomain(wanted.subdomain)
    if fault := selectors.address_fault(wanted.subdomain):
        raise RequestError(fault)
    token = secrets.token_urlsafe(32)
    row = NetworkRequest(**asdict(wanted), token_hash=hash_of(token), asked_at=now)
    row.clean_fields(exclude=_FOR_LATER)
    row.save(force_insert=True)
    link = url_of(host_of(None), reverse("requests:confirm", args=[token], urlconf="config.urls.platform"))
    _send(row.email, messages.confirm(row, link), kind="requests.confirm", row=row)
    return row


@transaction.atomic
def confirm(row: NetworkRequest, *, now: datetime, by: Actor) -> None:
    """Send a request to the operators, once, in the place of an earlier one for the same by the same person."""
    _hold(row, RequestState.UNCONFIRMED)
    NetworkRequest.objects.filter(email=row.email, subdomain=row.subdomain, state=RequestState.WAITING).delete()
    _write(row, state=RequestState.WAITING, confirmed_at=now)
    record("requests.request.confirmed", by=by, target=row)
    for address in _operators():
        _send(address, messages.waits(row), kind="requests.waits", row=row)


@transaction.atomic
def remind(*, now: datetime) -> int:
    """Email the operators of what has waited long, once a week however often this runs; return how much that is."""
    waiting, year_and_week = selectors.long_waiting(now).count(), now.isocalendar()[:2]
    for address in _operators() if waiting else ():
        key = f"requests.remind:{year_and_week}:{hash_of(address)[:16]}"
        notice = messages.long_waiting(waiting)
        queue_notice(address, notice, kind="requests.remind", dedupe_key=key, keep=selectors.DECIDED_KEPT)
    return waiting


@transaction.atomic
def accept(row: NetworkRequest, *, network: Network, now: datetime, by: Actor) -> None:
    """Note which network a request became; for `operator`, in the transaction that records the network."""
    _hold(row, RequestState.WAITING)
    _write(row, state=RequestState.ACCEPTED, decided_at=now, network=network)
    record("requests.request.accepted", by=by, target=row, network=network.id)


@transaction.atomic
def decline(row: NetworkRequest, *, answer: str, now: datetime, by: Actor) -> None:
    """Decline a request with words that are emailed to who asked. Raises RequestError."""
    answer = answer.strip()
    if not 1 <= len(answer) <= 2000:
        raise RequestError("Say why in at most 2,000 characters; who asked reads it.")
    _hold(row, RequestState.WAITING)
    _write(row, state=RequestState.DECLINED, decided_at=now, answer=answer)
    record("requests.request.declined", by=by, target=row)
    _send(row.email, messages.declined(row), kind="requests.declined", row=row)


def put_back(network: Network, *, now: datetime) -> None:
    """Let the request for a network wait anew, because the network was taken back before it was live."""
    NetworkRequest.objects.filter(network=network).update(
        state=RequestState.WAITING, confirmed_at=now, decided_at=None, network=None, answer=""
    )


def give_up(now: datetime) -> int:
    """Delete what nobody answered in time, and tell those who asked; return how many."""
    return sum(_give_up(row, now) for row in selectors.unanswered(now))


def forget_old(now: datetime) -> int:
    """Delete what nobody confirmed in time and what was decided some weeks ago; return how many."""
    unconfirmed = Q(state=RequestState.UNCONFIRMED, asked_at__lt=now - selectors.CONFIRMED_WITHIN)
    decided = Q(state__in=DECIDED, decided_at__lt=now - selectors.DECIDED_KEPT)
    return NetworkRequest.objects.filter(unconfirmed | decided).delete()[0]


@transaction.atomic
def _give_up(row: NetworkRequest, now: datetime) -> int:
    held = selectors.unanswered(now).select_for_update().filter(pk=row.pk).first()
    if held is None:
        return 0  # it was answered a moment ago
    _send(held.email, messages.unanswered(held), kind="requests.unanswered", row=held)
    record("requests.request.unanswered", by=Actor.system("job"), target=held)
    held.delete()
    return 1


def _operators() -> QuerySet[User, str]:
    return User.objects.filter(is_operator=True, is_active=True).values_list("email", flat=True)


def _hold(row: NetworkRequest, state: RequestState) -> None:
    """Lock the row, so that of two people who press at once the second is told."""
    try:
        row.refresh_from_db(from_queryset=NetworkRequest.objects.select_for_update(of=("self",)))
    except NetworkRequest.DoesNotExist:
        raise RequestError("This request was taken back.") from None
    if row.state != state:
        raise RequestError(f"This has been decided meanwhile: {row.get_state_display().lower()}.")


def _write(row: NetworkRequest, **changes: Any) -> None:
    for name, value in changes.items():
        setattr(row, name, value)
    row.save(update_fields=list(changes))


def _send(to: str, notice: Notice, *, kind: str, row: NetworkRequest) -> None:
    key = f"{kind}:{row.id}:{hash_of(to)[:16]}"
    queue_notice(to, notice, kind=kind, dedupe_key=key, keep=selectors.DECIDED_KEPT)
