"""The organisers' rules, and how the Collective knows a network."""

from uuid import UUID

from django.db import transaction

from collective.publications import services as publications
from shared_apps.audit.services import record
from tenant_apps.members.models import Member
from tenant_apps.sharing.adapters import adapters
from tenant_apps.sharing.enums import LedgerAction
from tenant_apps.sharing.models import LedgerEntry, Policy
from tenant_apps.sharing.permissions import can_decide, may_leave
from tenant_apps.sharing.selectors import get_policy
from tenant_apps.sharing.services.items import SharingRefusedError, follow_edit
from tenants.beginnings import USUAL, Template
from tenants.context import in_collective, this_network
from tenants.models import Network


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
    fields = ["approval_required", "kept_categories", "blocked_networks"]
    record("sharing.policy.changed", by=by.actor, target=policy, fields=fields)
    tell_collective(blocks=policy.blocked_networks)
    return policy


@transaction.atomic
def follow_category(kind: str, source_ids: list[UUID], *, old_name: str, name: str, by: Member) -> None:
    """Follow a category's new name: what was kept under the old one is kept under the new one, publications change."""
    policy = ensure_policy()
    if not may_leave(policy, old_name):
        policy.kept_categories = sorted({*policy.kept_categories, name})
        policy.save(update_fields=["kept_categories", "updated_at"])
    for source_id in sorted(source_ids):
        follow_edit(kind, source_id, by=by)


def known_categories() -> list[str]:
    """Return the names of categories that things can be shared under, from every feature's adapter."""
    names = {name for adapter in adapters() for name in adapter.categories()}
    return sorted(names | set(get_policy().kept_categories))


def ensure_policy() -> Policy:
    """Return the network's policy, making the default one where there is none."""
    policy, _ = Policy.objects.get_or_create(is_only=True)
    return policy


@transaction.atomic
def join_collective(template: Template = USUAL) -> None:
    """Give a new network its template's policy and make it known to the Collective; a step of onboarding."""
    Policy.objects.get_or_create(
        is_only=True,
        defaults={"approval_required": template.approval_required, "kept_categories": sorted(template.kept)},
    )
    tell_collective()


def leave_collective(network: Network) -> None:
    """Take back `join_collective` for a network that never went live; called in the public schema."""
    with in_collective(joining_transaction=True):
        publications.remove_origin(network.id)


def tell_collective(*, is_visible: bool = True, blocks: list[UUID] | None = None) -> None:
    """Write how this network is shown in the Collective."""
    network = this_network()
    with in_collective(joining_transaction=True):
        publications.save_origin(network, is_visible=is_visible, blocks=blocks)
