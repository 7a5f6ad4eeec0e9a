"""Asking for a network, and its moves between states, also when two people act at once."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from collective.publications.models import Origin
from tenants import services
from tenants.context import in_collective
from tenants.enums import NetworkState
from tenants.lifecycle import WrongStateError
from tenants.models import Network
from tenants.names import NetworkNameError
from tenants.services import NetworkTakenError, request_network

ROWAN = {"name": "Rowan", "subdomain": "rowan", "owner_email": "owner@rowan.example"}


def test_request_network_records_what_is_wanted(db):
    network = request_network(
        name=" Rowan  Bursars ", subdomain="rowan", owner_email=" Owner@Rowan.Example ", region="x"
    )

    kept = Network.objects.get(id=network.id)
    assert (kept.name, kept.subdomain, kept.schema_name) == ("Rowan Bursars", "rowan", "n_rowan")
    assert (kept.owner_email, kept.region, kept.state, kept.type) == (
        "owner@rowan.example",
        "x",
        "requested",
        "network",
    )


def test_request_network_again_returns_the_first(db):
    assert request_network(**ROWAN) == request_network(**ROWAN | {"owner_email": "OWNER@rowan.example"})
    assert Network.objects.filter(subdomain="rowan").count() == 1


@pytest.mark.parametrize("other", [{"name": "Rowan Two"}, {"owner_email": "another@rowan.example"}])
def test_request_network_refuses_anothers_subdomain(db, other):
    request_network(**ROWAN)

    with pytest.raises(NetworkTakenError, match=r"^The subdomain rowan belongs to another network or another owner\.$"):
        request_network(**ROWAN | other)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("second", "ends"), [(ROWAN, "the same"), (ROWAN | {"name": "Other"}, "NetworkTakenError")])
def test_request_network_by_two_at_once(second, ends):
    """The second waits for the first to commit, and gets its network or is told that it is another's."""
    started, ended = threading.Event(), []

    def ask() -> None:
        try:
            with connection.execute_wrapper(lambda call, sql, *rest: (started.set(), call(sql, *rest))[1]):
                ended.append(request_network(**second).id)
        except NetworkTakenError:
            ended.append("NetworkTakenError")
        finally:
            connection.close()

    thread = threading.Thread(target=ask)
    with transaction.atomic():
        first = request_network(**ROWAN)
        thread.start()
        started.wait(30)
    thread.join(60)

    assert ended == [first.id if ends == "the same" else ends]
    assert Network.objects.filter(subdomain="rowan").count() == 1


MOVES = {
    services.suspend_network: ([NetworkState.LIVE], NetworkState.SUSPENDED),
    services.reactivate_network: ([NetworkState.SUSPENDED], NetworkState.LIVE),
    services.close_network: ([NetworkState.LIVE, NetworkState.SUSPENDED, NetworkState.CLOSED], NetworkState.CLOSED),
}


@pytest.mark.parametrize("state", list(NetworkState))
@pytest.mark.parametrize("move", MOVES, ids=lambda move: move.__name__)
def test_moves_start_from_their_states_only(alder, move, state):
    start, end = MOVES[move]
    Network.objects.filter(id=alder.id).update(state=state)

    if state in start:
        move(alder)
    else:
        with pytest.raises(WrongStateError):
            move(alder)

    assert Network.objects.get(id=alder.id).state == (end if state in start else state)


def test_the_second_of_two_moves_is_told(alder):
    """Both pages showed a suspended network; one operator reactivates it, the other then does so too."""
    services.suspend_network(alder)
    first, second = Network.objects.get(id=alder.id), Network.objects.get(id=alder.id)
    services.reactivate_network(first)

    with pytest.raises(WrongStateError, match=r"^Alder SBM Network is live, not suspended\.$"):
        services.reactivate_network(second)

    assert Network.objects.get(id=alder.id).state == NetworkState.LIVE


@pytest.mark.parametrize(
    ("moves", "is_visible"),
    [
        ([services.suspend_network], False),
        ([services.suspend_network, services.reactivate_network], True),
        ([services.suspend_network, services.close_network], False),
    ],
)
def test_the_collective_follows_in_the_same_transaction(alder, birch, moves, is_visible):
    for move in moves:
        move(alder)

    with in_collective():
        assert Origin.objects.get(id=alder.id).is_visible == is_visible
        assert Origin.objects.get(id=birch.id).is_visible


def test_the_collective_does_not_follow_what_is_rolled_back(alder):
    with transaction.atomic():
        services.suspend_network(alder)
        transaction.set_rollback(True)

    with in_collective():
        assert Origin.objects.get(id=alder.id).is_visible


def test_update_appearance_shows_in_the_collective(alder):
    services.update_appearance(alder, colour="#123456", name="Alder and Ash")

    with in_collective():
        origin = Origin.objects.get(id=alder.id)
    assert (origin.name, origin.colour) == ("Alder and Ash", "#123456")


@pytest.mark.parametrize("name", ["\u202eAlder", "a" * 81])
def test_update_appearance_checks_the_name(alder, name):
    with pytest.raises(NetworkNameError):
        services.update_appearance(alder, name=name)

    assert Network.objects.get(id=alder.id).name == "Alder SBM Network"


def test_note_activity_writes_at_most_once_in_a_while(alder, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(services, "_noted", {})
    now = timezone.now()

    with django_assert_num_queries(1):
        services.note_activity(alder, now)
        services.note_activity(alder, now + timedelta(minutes=9))
    services.note_activity(alder, now + timedelta(minutes=11))

    assert Network.objects.get(id=alder.id).last_active_at == now + timedelta(minutes=11)
