"""Support access: asked for, and allowed."""

from datetime import datetime

from django.utils import timezone

from shared_apps.accounts.models import User
from shared_apps.audit.enums import Via
from shared_apps.audit.services import Actor
from shared_apps.grants import services
from shared_apps.grants.models import SupportGrant
from tenants.models import Network


def actor(account: User) -> Actor:
    """Return an account as the audit names it."""
    return Actor(account_id=account.pk, label="", via=Via.PAGE)


def ask(
    network: Network,
    operator: User,
    *,
    reason: str = "You wrote to us.",
    minutes: int = 60,
    now: datetime | None = None,
) -> SupportGrant:
    """Return a request of the operator's."""
    at = now or timezone.now()
    return services.ask(network, operator, reason=reason, minutes=minutes, now=at, by=actor(operator))


def let_in(network: Network, operator: User, owner: User, *, now: datetime | None = None) -> SupportGrant:
    """Return a grant with which the operator may look in for an hour."""
    grant = ask(network, operator, now=now)
    services.allow(grant, now=now or timezone.now(), by=actor(owner))
    return grant
