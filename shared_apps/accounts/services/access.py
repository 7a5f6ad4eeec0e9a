"""Letting accounts into networks, and what is kept beside their access; API tokens."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils import timezone

from shared_apps.accounts.enums import AccessState
from shared_apps.accounts.models import NetworkAccess, Session, User
from shared_apps.accounts.selectors import may_enter_network
from shared_apps.api import services as api_services
from shared_apps.api.services import NewToken
from shared_apps.audit.services import Actor, record
from tenants.models import Network


class NoAccessError(Exception):
    """The account has no access to the network."""


def grant_access(*, account_id: UUID, network: Network, display_name: str) -> NetworkAccess:
    """Let an account into a network, or change the name it shows to other networks.

    For `members`, in the transaction that makes the member active; that is where it is audited. Raises NoAccessError
    for an account that was anonymised: whoever it was has another one when they come back.
    """
    somebody = User.objects.filter(pk=account_id, anonymised_at=None)
    if not somebody.update(alone_since=None, end_told_at=None):
        raise NoAccessError("This account is nobody's any more.")
    access, _ = NetworkAccess.objects.update_or_create(
        account_id=account_id,
        network=network,
        defaults={"display_name": display_name.strip()[:120], "state": AccessState.ACTIVE},
    )
    return access


def describe_access(*, account_id: UUID, network: Network, job: str, school: str, phase: str) -> None:
    """Write the job, school and phase that an account may show to other networks; for `members`, as above."""
    NetworkAccess.objects.filter(account_id=account_id, network=network).update(
        display_job=job[:120], display_school=school[:200], display_phase=phase[:100], changed_at=timezone.now()
    )


def restrict_access(*, account_id: UUID, network: Network, until: datetime | None) -> None:
    """Let an account only read for a network until a time, in the Collective too; None lets it write again.

    For `members`, as above.
    """
    NetworkAccess.objects.filter(account_id=account_id, network=network).update(
        reads_only_until=until, changed_at=timezone.now()
    )


def require_second_step(*, account_id: UUID, network: Network, is_needed: bool) -> None:
    """Note whether the role that an account holds in a network asks for a second step; for `members`, as above."""
    NetworkAccess.objects.filter(account_id=account_id, network=network).update(
        needs_second_step=is_needed, changed_at=timezone.now()
    )


def count_unseen(network: Network, changes: Mapping[UUID, int]) -> None:
    """Add to how much each account has not seen in a network; for `members`, as above.

    The rows are held in the order of accounts, so that two networks telling the same people never deadlock.
    """
    held = NetworkAccess.objects.filter(network=network, account_id__in=list(changes)).order_by("account_id")
    accounts = list(held.select_for_update().values_list("account_id", flat=True))
    for amount in sorted(set(changes.values())):
        of_these = [account_id for account_id in accounts if changes[account_id] == amount]
        rows = NetworkAccess.objects.filter(network=network, account_id__in=of_these)
        rows.update(unseen=Greatest(F("unseen") + amount, 0))


def revoke_access(*, account_id: UUID, network: Network) -> None:
    """Shut an account out of a network at once: its sessions there end, its tokens for it are revoked."""
    NetworkAccess.objects.filter(account_id=account_id, network=network).update(
        state=AccessState.ENDED, changed_at=timezone.now()
    )
    Session.objects.filter(account_id=account_id, network_id=network.id).delete()
    api_services.revoke_tokens_of(account_id=account_id, network=network)


@transaction.atomic
def create_network_token(account: User, *, network_id: UUID, name: str, by: Actor) -> NewToken:
    """Make a token that acts for an account in one network; raises NoAccessError."""
    if not may_enter_network(account.pk, network_id):
        raise NoAccessError("This person has no access to this network.")
    made = api_services.create_token(account_id=account.pk, network_id=network_id, name=name)
    record("api.token.created", by=by, target=made.token, network=network_id)
    return made


@transaction.atomic
def create_operator_token(account: User, *, name: str, by: Actor) -> NewToken:
    """Make a token that acts for an operator on the platform's host; raises NoAccessError."""
    if not (account.is_operator and account.is_active):
        raise NoAccessError("This person is not an operator.")
    made = api_services.create_token(account_id=account.pk, network_id=None, name=name)
    record("api.token.created", by=by, target=made.token, operator=True)
    return made


@transaction.atomic
def revoke_token(account: User, *, token_id: UUID, by: Actor) -> bool:
    """Revoke one of the account's own tokens; returns whether there was one to revoke."""
    revoked = api_services.revoke_token(account_id=account.pk, token_id=token_id)
    if revoked:
        record("api.token.revoked", by=by, target_kind="api.apitoken", target_id=token_id)
    return revoked
