"""The addresses members answer to, and who an address belongs to."""

import secrets
from collections.abc import Iterable, Mapping
from uuid import UUID

from tenant_apps.members.enums import MemberState
from tenant_apps.members.models import Member
from tenant_apps.notifications.inbound.destinations import place_named, takes_email
from tenant_apps.notifications.models import MemberAddress, ReplyAddress
from tenants.context import this_network
from tenants.selectors import first_host_of

PREFIX = "reply+"
_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
_LENGTH = 20  # 100 random bits


def reply_addresses(members: Iterable[Member], kind: str, object_id: UUID) -> Mapping[UUID, str]:
    """Return, by member id, the address to which each may answer about a thing, in two queries."""
    if not takes_email(kind):
        return {}
    ids = [member.id for member in members]
    ReplyAddress.objects.bulk_create(
        [ReplyAddress(token=_new_token(), member_id=each, kind=kind, object_id=object_id) for each in ids],
        ignore_conflicts=True,
        batch_size=1000,
    )
    found = ReplyAddress.objects.filter(member_id__in=ids, kind=kind, object_id=object_id)
    host = first_host_of(this_network())
    return {member_id: f"{PREFIX}{token}@{host}" for member_id, token in found.values_list("member_id", "token")}


def reply_address_of(local_part: str) -> ReplyAddress | None:
    """Return what the part before the @ stands for, however a program on the way wrote it."""
    name = local_part.strip().lower()
    if not name.startswith(PREFIX):
        return None
    return ReplyAddress.objects.select_related("member").filter(token=name.removeprefix(PREFIX)).first()


def takes(local_part: str) -> bool:
    """Whether the current network has this address."""
    return reply_address_of(local_part) is not None or place_named(local_part) is not None


def member_of_address(address: str) -> Member | None:
    """Return the active member who writes from an address, their own or one that an organiser gave them."""
    active = Member.objects.filter(state=MemberState.ACTIVE)
    found = active.filter(email__iexact=address).first()
    if found is None:
        other = MemberAddress.objects.filter(address__iexact=address, member__state=MemberState.ACTIVE)
        found = next((each.member for each in other.select_related("member")), None)
    return found


def _new_token() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
