"""What lies in the Collective leaves with its network, whole, however many parts it is read in."""

import pytest

from tenant_apps.sharing import services
from tenant_apps.sharing.services import moving
from tenants.context import in_network
from tests.builders.discussions import away_reply, make_discussion, share
from tests.builders.members import make_member


@pytest.mark.parametrize("at_once", [1, 3, 4])
def test_everything_leaves_once(alder, birch, monkeypatch, at_once):
    asker, replier = make_member(alder, name="Priya Raman"), make_member(birch, name="Martin Bayliss")
    with in_network(alder):
        shared = [share(make_discussion(asker, title=f"Question {number}?"), asker) for number in range(3)]
        answers = [away_reply(each, replier, birch) for each in shared]
    monkeypatch.setattr(moving, "_AT_ONCE", at_once)

    with in_network(alder):
        published = [each["id"] for each in services.publications_here()]
        came = [each["id"] for each in services.replies_here()]
        nothing = list(services.replies_elsewhere())
    with in_network(birch):
        written = [each["id"] for each in services.replies_elsewhere()]

    assert published == sorted(each.publication_id for each in shared)
    assert sorted(came) == written == sorted(each.id for each in answers)
    assert nothing == []
