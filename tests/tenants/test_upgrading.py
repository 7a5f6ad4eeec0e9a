"""Every network comes to the release by itself: whole, once, and without waiting for one that cannot."""

from contextlib import closing

import psycopg2
import pytest
from django.db import connection, migrations, models
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shared_apps.accounts.models import User
from tenant_apps.suppliers.models import SupplierCategory
from tenants import schema, upgrading
from tenants.context import in_network
from tenants.enums import UpgradeState
from tenants.middleware import forget_hosts
from tenants.models import Network, Upgrade
from tenants.roles import as_owner
from tests.builders.accounts import token_client
from tests.builders.at_once import at_once
from tests.builders.members import client_of, make_member
from tests.builders.releases import TABLE, columns, make_slim_networks, release_with
from tests.tenants.test_schema import applied, described

pytestmark = pytest.mark.django_db(transaction=True)

ADD_COLUMN = migrations.AddField("suppliercategory", "added", models.CharField(max_length=20, default="100%s new"))
ALL_UNLIKE = migrations.AddConstraint(
    "suppliercategory", models.CheckConstraint(name="not_spoilt", condition=~models.Q(name="spoilt"))
)


def upgrade(*, jobs: int = 1, **options: object) -> upgrading.Report:
    return upgrading.upgrade_networks(upgrading.networks_behind(), jobs=jobs, **options)


def spoil(network: Network) -> None:
    """Put a row into a network that the constraint of ALL_UNLIKE refuses."""
    with in_network(network):
        SupplierCategory.objects.create(name="spoilt")


def test_new_networks_are_on_this_release(alder, birch):
    assert {alder.release, birch.release} == {schema.current_release()}
    assert upgrading.networks_behind() == []


def test_nothing_to_do_costs_one_query(alder, birch):
    with CaptureQueriesContext(connection) as captured:
        report = upgrade()

    assert report.results == []
    assert len(captured) == 1


def test_upgrade_gives_every_network_what_django_would(alder, birch):
    """One is migrated by Django, the other runs what was recorded: their catalogues are the same, to a name."""
    index = migrations.AddIndex("suppliercategory", models.Index(fields=["position"], name="added_index"))
    rename = migrations.RenameField("suppliercategory", "added", "renamed")
    with release_with(ADD_COLUMN, index, ALL_UNLIKE, rename):
        report = upgrade()

        assert [result.state for result in report.results] == [UpgradeState.DONE] * 2
        assert set(Network.objects.filter(type="network").values_list("release", flat=True)) == {
            schema.current_release()
        }
        assert upgrade().results == []
    assert "renamed" in columns(alder)
    assert described("n_alder") == described("n_birch")
    assert applied("n_alder") == applied("n_birch")
    assert ("suppliers", "9999_added") in applied("n_birch")


def test_a_release_that_touches_no_network_is_recorded_without_migrating(alder, birch):
    """A migration of a public table is state only in a network."""
    before = described("n_alder")
    added = migrations.AddField("school", "added", models.CharField(max_length=5, default=""))
    with release_with(added, app="schools"):
        report = upgrade()

    assert len(report.results) == 2
    assert report.failed == []
    assert described("n_alder")["columns"] == before["columns"]


def test_one_network_that_cannot_delays_no_other(alder, birch, client_for):
    """A hundred networks, the 37th spoilt: 99 are upgraded, it is named and served, and mended it is upgraded too."""
    spoil(alder)
    slim = make_slim_networks([f"rowan{number:03}" for number in range(98)], like=birch)
    networks = [*slim[:36], alder, *slim[36:], birch]
    with release_with(ADD_COLUMN, ALL_UNLIKE):
        report = upgrading.upgrade_networks(networks, jobs=4)

        assert len(report.results) == 100
        assert [result.network for result in report.failed] == [alder]
        assert report.failed[0].migration == "suppliers.9999_added"
        assert "not_spoilt" in report.failed[0].error
        assert "added" not in columns(alder)
        assert all("added" in columns(network) for network in (slim[0], slim[36], slim[97], birch))
        assert client_for(alder).get("/sign-in/").status_code == 200
        assert Upgrade.objects.get(network=alder).state == UpgradeState.FAILED

        with in_network(alder):
            SupplierCategory.objects.filter(name="spoilt").update(name="mended")
        second = upgrade(jobs=4)

        assert [(result.network, result.state) for result in second.results] == [(alder, UpgradeState.DONE)]
        assert "added" in columns(alder)
        assert Upgrade.objects.get(network=alder).state == UpgradeState.DONE


def test_the_first_of_a_group_may_be_the_one_that_cannot(alder, birch):
    spoil(alder)
    with release_with(ALL_UNLIKE):
        report = upgrading.upgrade_networks([alder, birch])

    assert [(result.network, result.state) for result in report.results] == [
        (alder, UpgradeState.FAILED),
        (birch, UpgradeState.DONE),
    ]


def test_error_says_what_stopped_it_and_nothing_it_holds(alder, birch):
    """PostgreSQL's detail quotes the row; only its first line is kept, in public."""
    with in_network(alder):
        category = SupplierCategory.objects.first()
        SupplierCategory.objects.create(name="Private words", position=category.position)
    unique = migrations.AddConstraint(
        "suppliercategory", models.UniqueConstraint(name="once", fields=["position"], deferrable=None)
    )
    with release_with(unique):
        upgrading.upgrade_networks([birch, alder])

    failed = Upgrade.objects.get(network=alder)
    assert failed.error == 'could not create unique index "once"'
    assert "Private words" not in str(vars(failed))


def test_error_of_wrong_data_does_not_quote_it(alder, birch):
    with in_network(alder):
        SupplierCategory.objects.create(name="Private words", position=99)
    with release_with(migrations.AlterField("suppliercategory", "name", models.IntegerField())):
        upgrading.upgrade_networks([alder])

    assert Upgrade.objects.get(network=alder).error == "invalid input syntax for type integer"


def test_canary_that_fails_holds_the_others_back(alder, birch):
    spoil(alder)
    Network.objects.filter(pk=alder.pk).update(is_canary=True)
    with release_with(ALL_UNLIKE):
        report = upgrade()

        assert ([result.network for result in report.failed], report.held_back) == ([alder], [birch])
        assert birch.release == Network.objects.get(pk=birch.pk).release

        assert upgrade(past_canaries=True).held_back == []
        assert Network.objects.get(pk=birch.pk).release == schema.current_release()


def test_held_lock_is_tried_again_and_keeps_nobody(alder, birch, monkeypatch):
    """Somebody reads a table in a transaction they do not end: the other network goes first, this one follows."""
    monkeypatch.setattr(upgrading, "LOCK_TIMEOUT", "50ms")
    monkeypatch.setattr(upgrading, "PAUSES", (0.05,) * 3)
    with closing(psycopg2.connect(**connection.get_connection_params())) as reader, reader.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {alder.schema_name}.{TABLE}")

        def let_go(result: upgrading.Result, total: int) -> None:
            reader.rollback()

        with release_with(ADD_COLUMN):
            report = upgrading.upgrade_networks([alder, birch], on_result=let_go)

    assert [(result.network, result.state) for result in report.results] == [
        (birch, UpgradeState.DONE),
        (alder, UpgradeState.DONE),
    ]
    assert report.results[1].attempts > 1


def test_lock_that_is_never_let_go_is_a_failure_that_says_so(alder, monkeypatch):
    monkeypatch.setattr(upgrading, "LOCK_TIMEOUT", "20ms")
    monkeypatch.setattr(upgrading, "PAUSES", (0.01,) * 2)
    with closing(psycopg2.connect(**connection.get_connection_params())) as reader, reader.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {alder.schema_name}.{TABLE}")

        with release_with(ADD_COLUMN):
            report = upgrading.upgrade_networks([alder])

    assert report.failed[0].attempts == 3
    assert report.failed[0].error == "canceling statement due to lock timeout"


def test_two_runs_at_once_upgrade_each_network_once(alder, birch, monkeypatch):
    monkeypatch.setattr(upgrading, "PAUSES", (0.05,) * 20)
    slim = make_slim_networks([f"rowan{number}" for number in range(10)], like=birch)

    with release_with(ADD_COLUMN):
        ours, theirs = upgrading.networks_behind(), upgrading.networks_behind()
        reports = at_once(lambda: upgrading.upgrade_networks(ours), lambda: upgrading.upgrade_networks(theirs))

    assert [report.failed for report in reports] == [[], []]
    for network in (alder, birch, *slim):
        assert applied(network.schema_name).count(("suppliers", "9999_added")) == 1
        assert columns(network).count("added") == 1


def test_migration_that_runs_python_is_refused_before_anything_is_changed(alder, birch):
    with release_with(ADD_COLUMN, migrations.RunPython(print)), pytest.raises(schema.UnscriptableMigrationError):
        upgrade()

    assert "added" not in columns(alder)


@pytest.mark.parametrize("jobs", [1, 2])
def test_network_removed_meanwhile_is_named_and_delays_no_other(alder, birch, jobs):
    """Its row went between the list and its turn, so that not even its failure can be written down."""
    with release_with(ADD_COLUMN):
        networks = upgrading.networks_behind()
        removed = next(network for network in networks if network == alder)
        Network.objects.filter(pk=alder.pk).delete()

        report = upgrading.upgrade_networks(networks, jobs=jobs)

    assert [result.network.subdomain for result in report.failed] == [removed.subdomain]
    assert "added" in columns(birch)


def test_a_release_before_this_can_add_networks_after_the_migration(alder):
    """Its INSERT knows nothing of the columns that came since."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = 'tenants_network'"
            " AND table_schema = 'public' AND is_nullable = 'NO' AND column_default IS NULL"
        )
        assert {"release", "is_canary"}.isdisjoint(name for (name,) in cursor.fetchall())


def test_network_without_tables_is_left_to_onboarding(alder, birch):
    Network.objects.create(name="Rowan", subdomain="rowan", schema_name="n_rowan")

    report = upgrade()

    assert report.results == []


def test_networks_of_an_installation_that_recorded_no_release_are_read_and_recorded(alder, birch):
    Network.objects.filter(type="network").update(release="")

    report = upgrade()

    assert [result.state for result in report.results] == [UpgradeState.DONE] * 2
    assert upgrading.networks_behind() == []


@pytest.mark.parametrize(
    ("path", "kind"), [("/discussions/", "text/html"), ("/api/v1/discussions/", "application/problem+json")]
)
def test_page_that_breaks_on_another_release_says_it_is_being_updated(alder, birch, path, kind):
    """A column that this code reads is not there yet; on a network that is on this release it is an error like any."""
    clients = {network.subdomain: asking(network, path) for network in (alder, birch)}
    with as_owner(), connection.cursor() as cursor:
        for network in (alder, birch):
            cursor.execute(f"ALTER TABLE {network.schema_name}.members_member RENAME COLUMN name TO before")
    Network.objects.filter(pk=alder.pk).update(release="another")

    forget_hosts()
    answers = {name: client.get(path) for name, client in clients.items()}

    assert {name: answer.status_code for name, answer in answers.items()} == {"alder": 503, "birch": 500}
    assert answers["alder"].headers["Retry-After"] == "60"
    assert answers["alder"].headers["Content-Type"].startswith(kind)
    assert "being updated" in answers["alder"].text


def asking(network: Network, path: str) -> Client:
    """Return a member's browser, or their program."""
    with in_network(network):
        member = make_member(network, email=f"mo@{network.subdomain}.example")
    account = User.objects.get(pk=member.account_id)
    client = token_client(account, network) if "/api/" in path else client_of(member, network)
    client.raise_request_exception = False
    return client
