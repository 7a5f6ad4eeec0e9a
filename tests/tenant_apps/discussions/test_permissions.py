"""Who may do what in a discussion, as a table."""

import pytest

from tenant_apps.discussions import permissions
from tenant_apps.discussions.models import Discussion, Reply
from tests.builders.roles import AUTHOR, may


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
