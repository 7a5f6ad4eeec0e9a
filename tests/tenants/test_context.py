"""One network's rows are never read or written from another's schema."""

import gc
import threading
from unittest.mock import Mock

import pytest
from django.db import connection, transaction

from collective.publications.models import Origin
from tenant_apps.sharing.models import Policy, ReceivedReply
from tenants import context, lifecycle
from tenants.context import OpenTransactionError, WrongSchemaError, in_collective, in_network, in_public
from tenants.enums import NetworkState
from tenants.models import Network


def make_reply(body: str) -> ReceivedReply:
    return ReceivedReply.objects.create(
        source_kind="discussion",
        source_id="0190a000-0000-7000-8000-000000000001",
        body=body,
        created_at="2026-01-01T00:00Z",
    )


def test_in_network_switches_and_returns(alder: Network) -> None:
    with in_network(alder):
        inside = (context.current_schema(), context.current_network())

    assert inside == ("n_alder", alder)
    assert context.current_schema() == "public"
    assert context.current_network() is None


def test_in_network_returns_after_an_error(alder: Network) -> None:
    with pytest.raises(ZeroDivisionError), in_network(alder):
        _ = 1 / 0

    assert context.current_schema() == "public"


def test_in_network_nests(alder: Network, birch: Network) -> None:
    with in_network(alder):
        with in_network(birch):
            inner = context.current_schema()
        outer = context.current_schema()

    assert (inner, outer) == ("n_birch", "n_alder")


def test_staying_costs_no_round_trip(in_alder: Network, django_assert_num_queries) -> None:
    Policy.objects.count()

    with django_assert_num_queries(1), in_network(in_alder):
        Policy.objects.count()


def test_threads_do_not_share_a_schema(alder: Network) -> None:
    seen: list[str] = []
    with in_network(alder):
        thread = threading.Thread(target=lambda: seen.append(context.current_schema()))
        thread.start()
        thread.join()

    assert seen == ["public"]


def test_entering_another_schema_in_a_transaction_is_refused(alder: Network, birch: Network) -> None:
    with in_network(alder), transaction.atomic(), pytest.raises(OpenTransactionError):
        in_network(birch).__enter__()


def test_sharing_may_join_the_transaction(alder: Network) -> None:
    with in_network(alder), transaction.atomic(), in_collective(joining_transaction=True):
        assert context.current_schema() == "collective"


def test_a_queryset_is_refused_in_another_network(alder: Network, birch: Network) -> None:
    with in_network(alder):
        make_reply("canary alder")
        query = ReceivedReply.objects.filter(body__contains="canary")
        assert query.count() == 1

    with in_network(birch):
        for use in (
            list,
            len,
            bool,
            lambda q: q.count(),
            lambda q: q.exists(),
            lambda q: q.first(),
            lambda q: q.delete(),
            lambda q: q.update(body=""),
            lambda q: q.get(),
            lambda q: list(q.iterator()),
            lambda q: list(q.values()),
            lambda q: list(ReceivedReply.objects.filter(id__in=q)),
        ):
            with pytest.raises(WrongSchemaError):
                use(query.all())


def test_an_instance_is_refused_in_another_network(alder: Network, birch: Network) -> None:
    with in_network(alder):
        reply = make_reply("canary alder")

    with in_network(birch):
        for use in (
            reply.save,
            reply.delete,
            reply.refresh_from_db,
            lambda: ReceivedReply.objects.bulk_create([reply]),
            lambda: ReceivedReply.objects.bulk_update([reply], ["body"]),
        ):
            with pytest.raises(WrongSchemaError):
                use()
        assert ReceivedReply.objects.count() == 0


def test_a_new_instance_belongs_where_it_was_saved(alder: Network, birch: Network) -> None:
    with in_network(alder):
        loaded = ReceivedReply.objects.get(id=make_reply("x").id)
        created = ReceivedReply.objects.bulk_create(
            [ReceivedReply(source_kind="d", source_id=loaded.id, created_at=loaded.created_at)]
        )[0]

    with in_network(birch):
        for instance in (loaded, created):
            with pytest.raises(WrongSchemaError):
                instance.save()


def test_network_tables_are_not_reachable_from_public(alder: Network) -> None:
    with in_public(), connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('sharing_policy'), to_regclass('publications_origin')")
        assert cursor.fetchone() == (None, None)


def test_collective_tables_are_not_reachable_from_a_network(in_alder: Network) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('publications_origin')")
        assert cursor.fetchone() == (None,)


def test_each_network_enters_every_live_network(alder: Network, birch: Network) -> None:
    visited = {network.subdomain: context.current_schema() for network in context.each_network()}

    assert visited == {"alder": "n_alder", "birch": "n_birch"}
    assert context.current_schema() == "public"


def test_on_commit_runs_where_it_was_registered(
    alder: Network, birch: Network, django_capture_on_commit_callbacks
) -> None:
    seen = Mock()
    with django_capture_on_commit_callbacks() as callbacks, in_network(alder):
        context.on_commit_here(lambda: seen(context.current_schema()))

    with in_network(birch):
        callbacks[0]()
        assert context.current_schema() == "n_birch"

    seen.assert_called_once_with("n_alder")


def test_origin_of_the_collective_is_refused_in_a_network(alder: Network) -> None:
    with in_collective():
        query = Origin.objects.all()

    with in_network(alder), pytest.raises(WrongSchemaError):
        list(query)


def test_each_network_left_early_disturbs_nobody_later(alder, birch):
    """The frame of a loop that failed lives as long as its exception; forgetting it must not switch the schema."""

    def fail() -> None:
        held = context.each_network()
        for _network in held:
            raise ZeroDivisionError

    with in_public(), pytest.raises(ZeroDivisionError) as kept:
        fail()
    with in_network(birch):
        kept.value.__traceback__ = None
        del kept
        gc.collect()

        assert context.current_network() == birch


def test_each_network_is_refused_in_a_transaction(alder):
    with transaction.atomic(), pytest.raises(OpenTransactionError):
        next(context.each_network())

    assert context.current_schema() == "public"


def test_each_network_enters_the_states_it_is_asked_for(alder, birch):
    lifecycle.set_state(birch, NetworkState.SUSPENDED)

    assert [network.subdomain for network in context.each_network(NetworkState.SUSPENDED)] == ["birch"]
    assert [network.subdomain for network in context.each_network()] == ["alder"]


def test_on_commit_of_a_failed_transaction_never_runs(alder, django_capture_on_commit_callbacks):
    seen = Mock()

    with django_capture_on_commit_callbacks(execute=True), in_network(alder), transaction.atomic():
        context.on_commit_here(seen)
        transaction.set_rollback(True)

    seen.assert_not_called()


@pytest.mark.parametrize("place", ["public", "collective"])
def test_this_network_is_refused_elsewhere(db, place):
    there = in_public() if place == "public" else in_collective()

    with there, pytest.raises(WrongSchemaError):
        context.this_network()


@pytest.mark.django_db(transaction=True)
def test_threads_work_in_their_own_networks_at_once(alder, birch):
    """Two threads, each with a connection of its own, alternate statement by statement; none sees the other's rows."""
    turn = threading.Barrier(2)
    seen: dict[str, set] = {}

    def work(network: Network) -> None:
        try:
            with in_network(network):
                make_reply(f"canary {network.subdomain}")
                for _round in range(20):
                    turn.wait(30)
                    seen.setdefault(network.subdomain, set()).update(
                        ReceivedReply.objects.values_list("body", flat=True)
                    )
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=[network]) for network in (alder, birch)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert seen == {"alder": {"canary alder"}, "birch": {"canary birch"}}
    assert context.current_schema() == "public"


@pytest.mark.django_db(transaction=True)
def test_a_network_and_the_collective_commit_together_or_not_at_all(alder):
    with in_network(alder):
        with transaction.atomic():
            make_reply("canary")
            with in_collective(joining_transaction=True):
                Origin.objects.filter(id=alder.id).update(name="changed")
            transaction.set_rollback(True)
        assert ReceivedReply.objects.count() == 0

    with in_collective():
        assert Origin.objects.get(id=alder.id).name == alder.name


def test_current_schema_is_that_of_the_connection_in_use(alder, birch):
    for network in (alder, birch):
        with in_network(network):
            connection.copy()

            assert context.current_schema() == connection.schema_name == network.schema_name
    assert context.current_schema() == connection.schema_name == "public"
