"""Who may do what in a discussion, as a table."""

import pytest

from tenant_apps.discussions import permissions
from tenant_apps.discussions.models import Discussion, Reply
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


def may(predicate, *things) -> set[str]:
    return {who for who, member in PEOPLE.items() if predicate(member, *things)}


@pytest.mark.parametrize(
    ("predicate", "things", "allowed"),
    [
        (permissions.can_take_part, (), {"author", "member", "moderator", "organiser", "owner"}),
        (permissions.can_edit_discussion, (Discussion(author=AUTHOR),), {"author", "moderator", "organiser", "owner"}),
        (permissions.can_edit_reply, (Reply(author=AUTHOR),), {"author", "moderator", "organiser", "owner"}),
        (
            permissions.can_mark_answer,
            (Discussion(author=AUTHOR, kind="question"),),
            {"author", "moderator", "organiser", "owner"},
        ),
        (permissions.can_mark_answer, (Discussion(author=AUTHOR, kind="discussion"),), set()),
        (permissions.can_manage_categories, (), {"organiser", "owner"}),
    ],
)
def test_who_may(predicate, things, allowed) -> None:
    assert may(predicate, *things) == allowed


def test_nobody_takes_part_without_being_a_member() -> None:
    assert permissions.can_take_part(None) is False
