"""Who may share, withdraw and decide, and what may leave, as tables."""

import pytest

from tenant_apps.sharing import permissions
from tenant_apps.sharing.models import Policy, SharedItem
from tests.builders.roles import AUTHOR, PEOPLE, may
from tests.tenant_apps.sharing.test_drafting import source


def test_only_the_author_shares() -> None:
    assert may(permissions.can_share, source(author_id=AUTHOR.id)) == {"author"}


def test_the_author_and_organisers_withdraw() -> None:
    assert may(permissions.can_withdraw, SharedItem(member_id=AUTHOR.id)) == {"author", "organiser", "owner"}


def test_organisers_decide() -> None:
    assert may(permissions.can_decide) == {"organiser", "owner"}


@pytest.mark.parametrize(
    ("kept", "category", "leaves"),
    [([], "Staff", True), (["Staff"], "Staff", False), (["STAFF"], "staff", False), (["Staff"], "", True)],
)
def test_kept_categories_stay(kept, category, leaves) -> None:
    assert permissions.may_leave(Policy(kept_categories=kept), category) is leaves


def test_what_an_organiser_shares_is_checked_already() -> None:
    asked = {
        who for who, member in PEOPLE.items() if permissions.needs_approval(Policy(approval_required=True), member)
    }

    assert asked == {"author", "member", "moderator", "former owner"}
    assert not permissions.needs_approval(Policy(approval_required=False), AUTHOR)
