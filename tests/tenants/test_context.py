"""One network's rows are never read or written from another's schema."""

import threading
from unittest.mock import Mock

import pytest
from django.db import connection, transaction

from collective.publications.models import Origin
from tenant_apps.sharing.models import Policy, ReceivedReply
from tenants import context
from tenants.context import OpenTransactionError, WrongSchemaError, in_collective, in_network, in_public
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
            lambda q: q.aggregate(),
            lambda q: list(ReceivedReply.objects.filter(id__in=q)),
        ):
            with pytest.raises(WrongSchemaError):
                use(query.all())


def test_an_instance_is_refused_in_another_network(alder: Network, birch: Network) -> None:
    with in_network(alder):
        reply = make_reply("canary alder")

    with in_network(birch):
        for use in (
            lambda: reply.save(),
            lambda: reply.delete(),
            lambda: reply.refresh_from_db(),
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
