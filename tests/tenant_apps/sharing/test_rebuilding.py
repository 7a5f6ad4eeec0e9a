"""The Collective can be made anew from the networks, and drift is found."""

import pytest
from django.core.management import CommandError, call_command

from collective.index.models import PublicationEntry
from collective.publications.models import Origin, Publication, PublicationReply
from tenant_apps.sharing.rebuilding import find_drift, rebuild
from tenants.context import in_collective, in_network
from tenants.models import Network
from tests.builders.discussions import away_reply, make_discussion, share
from tests.builders.members import make_member


@pytest.fixture
def shared(alder: Network, birch: Network):
    priya, martin = make_member(alder, name="Priya Raman"), make_member(birch, name="Martin Bayliss")
    with in_network(alder):
        discussion = share(make_discussion(priya), priya)
        away_reply(discussion, martin, birch)
    return discussion


def snapshot() -> list[tuple]:
    with in_collective():
        fields = [field.name for field in Publication._meta.fields if field.name not in ("version", "published_at")]
        return [*Publication.objects.values_list(*fields), *PublicationReply.objects.values_list("id", "body")]


def test_rebuild_brings_everything_back_with_its_id_and_replies(shared) -> None:
    before = snapshot()
    with in_collective():
        Publication.objects.all().delete()
        PublicationEntry.objects.all().delete()
        Origin.objects.update(name="Wrong")
    assert len(find_drift()) == 4

    results = {each.network: (each.written, each.removed) for each in rebuild()}

    assert results == {"alder": (1, 0), "birch": (0, 0)}
    assert snapshot() == before
    assert find_drift() == []


def test_rebuild_removes_what_nobody_shares(shared) -> None:
    with in_collective():
        stray = Publication.objects.get()
        stray.pk, stray.id = None, "0190a000-0000-7000-8000-000000000009"
        stray._state.adding = True
        stray.save(force_insert=True)

    assert [each.removed for each in rebuild()] == [1, 0]
    assert find_drift() == []


def test_check_collective_names_each_difference(shared) -> None:
    with in_collective():
        publication = Publication.objects.get()
        Publication.objects.update(title="Another title")
        PublicationReply.objects.update(publication="0190a000-0000-7000-8000-000000000007")

    drift = find_drift()

    assert drift[0] == f"publication {publication.id}: differs in title"
    assert len(drift) == 2
    assert "reply" in drift[1]
    with pytest.raises(CommandError, match="2 differences"):
        call_command("check_collective")


def test_check_collective_is_quiet_where_all_is_well(shared, capsys) -> None:
    call_command("check_collective")

    assert capsys.readouterr().out == "The Collective shows exactly what the networks share.\n"
