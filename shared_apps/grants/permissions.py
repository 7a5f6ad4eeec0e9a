"""Who may ask to look into a network, and who may look in."""

from uuid import UUID

from django.utils import timezone

from shared_apps.accounts.models import User
from shared_apps.accounts.permissions import is_operator
from shared_apps.grants.enums import GrantState
from shared_apps.grants.models import SupportGrant
from tenants.enums import NetworkState
from tenants.models import Network


def can_ask(account: User, network: Network) -> bool:
    """Whether somebody may ask for support access: an operator who is not a member, of a network that is live."""
    is_member = any(each.id == network.id for each in account.networks)
    return is_operator(account) and not is_member and network.state == NetworkState.LIVE


def is_guest(account: User, network_id: UUID) -> bool:
    """Whether an account may enter a network's host as a support visitor now; asked on each of an operator's requests.

    The network's own members need no grant, and nobody but an operator is ever asked about.
    """
    if not is_operator(account):
        return False
    running = SupportGrant.objects.filter(account_id=account.pk, network_id=network_id, state=GrantState.ALLOWED)
    return running.filter(ends_at__gt=timezone.now()).exists()
