"""Who may do what, as a table."""

import pytest

from tenant_apps.members import permissions
from tenant_apps.members.enums import MemberState, Role
from tenant_apps.members.models import Member
from tenants.ids import new_id

OWNER, ORGANISER, MODERATOR, MEMBER = Role.OWNER, Role.ORGANISER, Role.MODERATOR, Role.MEMBER


def member(role: str, state: str = MemberState.ACTIVE) -> Member:
    return Member(id=new_id(), account_id=new_id(), name="Priya Raman", role=role, state=state)


@pytest.mark.parametrize(
    ("role", "owner", "organiser", "moderator"),
    [
        (OWNER, True, True, True),
        (ORGANISER, False, True, True),
        (MODERATOR, False, False, True),
        (MEMBER, False, False, False),
    ],
)
def test_roles_include_those_below(role, owner, organiser, moderator):
    by = member(role)

    assert permissions.is_owner(by) is owner
    assert permissions.is_organiser(by) is organiser
    assert permissions.can_edit_branding(by) is organiser
    assert permissions.is_moderator(by) is moderator


@pytest.mark.parametrize("state", [MemberState.LEFT, MemberState.SUSPENDED])
@pytest.mark.parametrize(
    "may",
    [
        permissions.is_active,
        permissions.is_owner,
        permissions.is_organiser,
        permissions.is_moderator,
        permissions.can_invite,
    ],
)
def test_nobody_who_is_not_active_may_anything(state, may):
    assert may(member(OWNER, state)) is False
    assert may(None) is False


@pytest.mark.parametrize(
    ("by", "of", "to", "allowed"),
    [
        (OWNER, MEMBER, OWNER, True),
        (OWNER, OWNER, MEMBER, True),
        (OWNER, MEMBER, MEMBER, False),
        (OWNER, MEMBER, "king", False),
        (ORGANISER, MEMBER, MODERATOR, True),
        (ORGANISER, MODERATOR, ORGANISER, True),
        (ORGANISER, ORGANISER, MEMBER, True),
        (ORGANISER, MEMBER, OWNER, False),
        (ORGANISER, OWNER, MEMBER, False),
        (MODERATOR, MEMBER, MODERATOR, False),
        (MEMBER, MEMBER, MODERATOR, False),
    ],
)
def test_can_change_role(by, of, to, allowed):
    assert permissions.can_change_role(member(by), member(of), to) is allowed


def test_can_change_role_of_the_removed_is_false():
    assert permissions.can_change_role(member(OWNER), member(MEMBER, MemberState.LEFT), MODERATOR) is False


@pytest.mark.parametrize(
    ("by", "of", "allowed"),
    [
        (OWNER, OWNER, True),
        (OWNER, MEMBER, True),
        (ORGANISER, OWNER, False),
        (ORGANISER, ORGANISER, True),
        (MODERATOR, MEMBER, False),
        (MEMBER, MEMBER, False),
    ],
)
def test_can_remove_and_reinstate(by, of, allowed):
    assert permissions.can_remove(member(by), member(of)) is allowed
    assert permissions.can_reinstate(member(by), member(of, MemberState.LEFT)) is allowed


def test_can_remove_oneself_is_false():
    owner = member(OWNER)

    assert permissions.can_remove(owner, owner) is False


def test_can_edit_profile_is_for_the_person():
    owner, other = member(OWNER), member(MEMBER)

    assert permissions.can_edit_profile(owner, owner) is True
    assert permissions.can_edit_profile(owner, other) is False
    assert permissions.can_edit_profile(None, other) is False
