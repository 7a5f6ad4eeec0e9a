"""Reads about requests, and what is wrong with an address that somebody wants."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Min, QuerySet

from shared_apps.accounts.models import User
from shared_apps.accounts.services import hash_of
from shared_apps.requests.enums import DECIDED, RequestState
from shared_apps.requests.models import NetworkRequest
from tenants.models import Network
from tenants.names import NetworkNameError, check_subdomain

CONFIRMED_WITHIN = timedelta(days=7)
DECIDED_KEPT = timedelta(days=30)
LONG = timedelta(days=5)
ANSWERED_WITHIN = timedelta(days=30)


def address_fault(subdomain: str) -> str:
    """Return in a line why nobody can have this subdomain now, or nothing."""
    try:
        check_subdomain(subdomain)
    except NetworkNameError as error:
        return str(error)
    taken = Network.objects.filter(subdomain=subdomain).exists()
    return f"Another network has the address {subdomain}. Choose another." if taken else ""


def requests() -> QuerySet[NetworkRequest]:
    """Return every request whose address is confirmed, the latest first."""
    return NetworkRequest.objects.exclude(state=RequestState.UNCONFIRMED).select_related("network").order_by("-id")


def waiting_requests() -> QuerySet[NetworkRequest]:
    """Return what nobody has answered yet, the oldest first."""
    return NetworkRequest.objects.filter(state=RequestState.WAITING).order_by("confirmed_at", "id")


def long_waiting(now: datetime) -> QuerySet[NetworkRequest]:
    """Return what has waited for so long that operators are reminded of it."""
    return waiting_requests().filter(confirmed_at__lte=now - LONG)


def unanswered(now: datetime) -> QuerySet[NetworkRequest]:
    """Return what nobody has answered in the time in which those who ask were told that they are."""
    return waiting_requests().filter(confirmed_at__lte=now - ANSWERED_WITHIN)


def decided_requests() -> QuerySet[NetworkRequest]:
    """Return what was decided and is not forgotten yet, the latest first."""
    return requests().filter(state__in=DECIDED).order_by("-decided_at", "-id")


def name_of_asker(network: Network, email: str) -> str:
    """Return who asked for this network with this address, or "" once that is forgotten or nobody did."""
    asked = NetworkRequest.objects.filter(network=network, email=email)
    return asked.values_list("person", flat=True).first() or ""


def queue() -> tuple[int, datetime | None]:
    """Return how many requests wait, and since when the oldest does, in one query."""
    row = waiting_requests().order_by().aggregate(n=Count("id"), oldest=Min("confirmed_at"))
    return row["n"], row["oldest"]


def keep_those_who_ask(accounts: Sequence[User]) -> set[UUID]:
    """Return which of some accounts have asked for a network, as long as that is not forgotten; for `accounts`."""
    asked = set(
        NetworkRequest.objects.filter(email__in=[each.email for each in accounts]).values_list("email", flat=True)
    )
    return {each.pk for each in accounts if each.email in asked}


def get_request(request_id: UUID | None) -> NetworkRequest | None:
    """Return a request whose address is confirmed, or None."""
    return requests().filter(id=request_id).first() if request_id else None


def request_of_token(token: str, now: datetime) -> NetworkRequest | None:
    """Return what a link is about: a request that can be confirmed, or that was with this link; None for others."""
    found = NetworkRequest.objects.filter(token_hash=hash_of(token)).first()
    if found is None or (found.state == RequestState.UNCONFIRMED and found.asked_at <= now - CONFIRMED_WITHIN):
        return None
    return found
