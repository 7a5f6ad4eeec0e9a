"""One member of each role, in no database, and which of them may do something."""

from collections.abc import Callable
from typing import Any

from tenant_apps.members.enums import MemberState, Role
from tenant_apps.members.models import Member

AUTHOR = Member(name="Priya Raman", role=Role.MEMBER)
PEOPLE = {
    "author": AUTHOR,
    "member": Member(name="Tom Whitlock", role=Role.MEMBER),
    "moderator": Member(name="Rob Casey", role=Role.MODERATOR),
    "organiser": Member(name="Helen Marsh", role=Role.ORGANISER),
    "owner": Member(name="Olu Ade", role=Role.OWNER),
    "former owner": Member(name="Flo Gone", role=Role.OWNER, state=MemberState.LEFT),
}


def may(predicate: Callable[..., bool], *things: Any) -> set[str]:
    """Return those of PEOPLE for whom the predicate holds."""
    return {who for who, member in PEOPLE.items() if predicate(member, *things)}
