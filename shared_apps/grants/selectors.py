"""Reads about support access."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from shared_apps.accounts.permissions import is_operator
from shared_apps.grants.enums import OPEN, GrantState
from shared_apps.grants.models import SupportGrant
from tenants.enums import NetworkState
from tenants.models import Network

ANSWERED_WITHIN = timedelta(days=7)


def grants_of(network: Network) -> QuerySet[SupportGrant]:
    """Return a network's grants with the operators who asked, the latest first."""
    return SupportGrant.objects.filter(network=network).select_related("account", "network").order_by("-id")


def get_grant(network: Network, grant_id: UUID | None) -> SupportGrant | None:
    """Return a grant of this network, or None."""
    return grants_of(network).filter(id=grant_id).first() if grant_id else None


def open_grant(network: Network, account_id: UUID) -> SupportGrant | None:
    """Return what an operator has asked a network for, or was allowed there, or None."""
    return grants_of(network).filter(account_id=account_id, state__in=OPEN).first()


def running_grant(network: Network, account_id: UUID, now: datetime) -> SupportGrant | None:
    """Return the grant with which an operator may look into a network now, or None."""
    running = grants_of(network).filter(account_id=account_id, state=GrantState.ALLOWED, ends_at__gt=now)
    return running.filter(account__is_operator=True, account__is_active=True).first()


def visit_of(network: Network, account: Any, now: datetime) -> SupportGrant | None:
    """Return the grant with which this account visits a network, or None; a query for operators alone."""
    return running_grant(network, account.pk, now) if is_operator(account) else None


def overdue_grants(now: datetime) -> list[SupportGrant]:
    """Return the grants that are open in name only: their time is over, or nobody answered, or nobody may use them."""
    ran_out = Q(state=GrantState.ALLOWED, ends_at__lte=now)
    unanswered = Q(state=GrantState.ASKED, asked_at__lte=now - ANSWERED_WITHIN)
    unusable = Q(account__is_operator=False) | Q(account__is_active=False) | ~Q(network__state=NetworkState.LIVE)
    found = SupportGrant.objects.filter(ran_out | unanswered | unusable, state__in=OPEN)
    return list(found.select_related("account", "network").order_by("id"))
