"""Who may do what, for every role and for somebody who has left."""

import pytest
from django.utils import timezone

from tenant_apps.members.enums import MemberState, Role
from tenant_apps.members.models import Member
from tenant_apps.suppliers import permissions
from tenant_apps.suppliers.models import Recommendation, ServiceNote, Supplier

EVERYBODY = [*Role.values, "author", "left", "nobody"]


def person(who: str) -> Member | None:
    """Return a member of that role; `author` is a plain member, and `left` was an owner."""
    if who == "nobody":
        return None
    if who == "left":
        return Member(name=who, role=Role.OWNER, state=MemberState.LEFT, left_at=timezone.now())
    return Member(name=who, role=Role.MEMBER if who == "author" else who)


TABLE = {
    "can_add_supplier": {"owner", "organiser", "moderator", "member", "author"},
    "can_archive_supplier": {"owner", "organiser"},
    "can_recommend": {"owner", "organiser", "moderator", "member", "author"},
    "can_recommend_archived": set(),
    "can_edit_recommendation": {"author"},
    "can_remove_recommendation": {"owner", "organiser", "author"},
    "can_edit_note": {"author"},
}


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize("act", TABLE)
def test_permissions(act: str, who: str) -> None:
    member = person(who)
    author = member if who == "author" else Member(name="Priya Raman")
    arguments = {
        "can_add_supplier": (),
        "can_archive_supplier": (),
        "can_recommend": (Supplier(name="Greenfield Kitchens"),),
        "can_recommend_archived": (Supplier(name="Greenfield Kitchens", is_archived=True),),
        "can_edit_recommendation": (Recommendation(author=author),),
        "can_remove_recommendation": (Recommendation(author=author),),
        "can_edit_note": (ServiceNote(author=author),),
    }[act]

    allowed = getattr(permissions, act.removesuffix("_archived"))(member, *arguments)

    assert allowed == (who in TABLE[act])


def test_an_author_who_has_left_may_change_nothing() -> None:
    author = person("left")

    assert not permissions.can_edit_recommendation(author, Recommendation(author=author))
    assert not permissions.can_remove_recommendation(author, Recommendation(author=author))
    assert not permissions.can_edit_note(author, ServiceNote(author=author))
