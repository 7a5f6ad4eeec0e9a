"""Onboarding killed at each step, before, inside and after it, is finished by running it again, or leaves nothing."""

import re
import signal
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from collective.publications.models import KeptPublication, Origin
from shared_apps.audit.services import Actor
from shared_apps.closing import services as closings
from shared_apps.jobs.worker import Worker
from shared_apps.mail.models import Message, PlatformMessage
from shared_apps.operator import services
from shared_apps.operator.selectors import step_states
from tenant_apps.discussions.models import Category, Discussion
from tenant_apps.members.enums import Role
from tenant_apps.members.models import Invitation
from tenant_apps.setup.examples import DISCUSSIONS, SUPPLIERS
from tenant_apps.sharing.models import Policy
from tenant_apps.suppliers.models import Supplier, SupplierCategory
from tenants import ending, lifecycle
from tenants.beginnings import TRUST
from tenants.context import in_collective, in_network
from tenants.enums import NetworkState
from tenants.models import Domain, Network
from tenants.selectors import host_of
from tests import cluster
from tests.builders.discussions import make_discussion, share
from tests.builders.members import client_of, make_member
from tests.isolation import rows
from tests.tenants.killing import MOMENTS, Killer, run_python

pytestmark = pytest.mark.django_db(transaction=True)

STEPS = (
    *("schema", "tables", "owner", "categories", "supplier-categories", "sharing", "examples", "files"),
    *("domain", "trial", "live"),
)
ENDINGS = ("payment", "authors", "publications", "jobs", "sessions", "messages", "files", "schema", "rows")
POINTS = [(step, moment) for step in STEPS for moment in MOMENTS]
BY = Actor.system("command")


def subdomain_of(point: tuple[str, str]) -> str:
    return f"rowan-{STEPS.index(point[0]) + 1}-{point[1]}"


def arguments(subdomain: str) -> list[str]:
    address = ["--subdomain", subdomain, "--owner-email", f"owner@{subdomain}.example"]
    return ["create_network", "Rowan", *address, "--template", TRUST.key, "--examples"]


@pytest.fixture(scope="module")
def killer(django_db_setup, django_db_blocker) -> Iterator[Killer]:
    """Brings networks on line in processes that die."""
    with Killer() as ready:
        yield ready


@pytest.fixture(scope="module")
def wreck(killer, django_db_blocker) -> Iterator[str]:
    """Put a database aside in which a network was killed at each point, for the tests that begin with it."""
    name = cluster.database_name()
    aside = f"{name}_wreck"
    with django_db_blocker.unblock():
        for point in POINTS:
            killed_at(point, killer)
        cluster.put_aside(name, aside)
        cluster.copy(cluster.ensure_template(), name)
        yield aside
        cluster.drop(aside)


@pytest.fixture
def untouched(wreck, transactional_db) -> tuple[list[str], dict[str, int]]:
    """What there is where nothing was killed."""
    return everything()


@pytest.fixture
def killed(wreck, transactional_db) -> list[Network]:
    """One network for each point, killed there."""
    cluster.copy(wreck, cluster.database_name())
    return [Network.objects.get(subdomain=subdomain_of(point)) for point in POINTS]


def killed_at(point: tuple[str, str], killer: Killer) -> Network:
    """Return the network of a point, brought on line by another process which was killed there."""
    assert killer.shoot(*arguments(subdomain_of(point)), step=point[0], moment=point[1]), point
    return Network.objects.get(subdomain=subdomain_of(point))


def test_every_step_is_killed_here():
    """A step that an app registers later must be added above."""
    assert tuple(step.name for step in lifecycle.steps()) == STEPS


def test_killed_command_is_finished_by_running_it_again():
    """The command itself, started twice as a person does."""
    command = arguments("rowan")

    first, second = (
        run_python("-m", "tests.tenants.killing", "tables", "inside", *command),
        run_python("manage.py", *command),
    )

    assert (first.returncode, second.returncode) == (-signal.SIGKILL, 0), second.stderr
    network = Network.objects.get(subdomain="rowan")
    assert_whole(network)
    assert_prints(second.stdout, network)


def test_killed_onboarding_is_finished_by_the_command_in_another_process(killed, killer):
    """At each step, so that nothing is needed which only the killed process knew."""
    for point, network in zip(POINTS, killed, strict=True):
        if point[1] == "inside":
            code, out = killer.run(*arguments(network.subdomain))

            assert code == 0, (point, out)
            assert_whole(network)
            assert_prints(out, network)


def test_killed_onboarding_is_finished_by_the_command(killed, capsys):
    for network in killed:
        assert network.state != NetworkState.LIVE
        capsys.readouterr()

        call_command(*arguments(network.subdomain))

        assert_whole(network)
        assert_prints(capsys.readouterr().out, network)


def test_killed_onboarding_is_finished_by_the_reconciler(killed):
    killed_first = min(network.state_changed_at for network in killed)
    assert services.finish_interrupted(killed_first + services.INTERRUPTED_AFTER) == []  # they may be under way

    finished = services.finish_interrupted(timezone.now() + services.INTERRUPTED_AFTER + timedelta(seconds=1))

    assert finished == killed
    for network in killed:
        assert_whole(network)


def test_killed_onboarding_is_removed_without_a_trace(untouched, killed):
    for network in killed:
        services.start_again(network, by=BY)  # so that a job waits, too

        services.remove_unfinished(network, by=BY)

    assert everything() == untouched


def test_killed_removal_leaves_the_network_whole(alder, killer):
    """A removal is one transaction, so after a kill inside it can be done again, or the network be brought on line."""
    nothing = everything()
    network = services.request_network(name="Rowan", subdomain="rowan", owner_email="owner@rowan.example", by=BY)
    lifecycle.advance(network)
    lifecycle.set_state(network, NetworkState.FAILED, failed_step="live")
    before = everything()

    assert killer.shoot("remove", "rowan")

    assert everything() == before
    services.remove_unfinished(network, by=BY)
    assert everything() == nothing


def test_mail_of_a_killed_onboarding_waits_until_it_is_finished(killer):
    network = killed_at(("domain", "before"), killer)
    Worker().drain()
    with in_network(network):
        assert Message.objects.get().state == "queued"

    services.finish_interrupted(timezone.now() + timedelta(hours=1))

    assert_whole(network)


def test_killed_deletion_is_finished_and_touches_no_other(alder, birch, killer):
    """One network, killed at every step in turn, each time further on."""
    owner = make_member(alder, name="Olu Owner", role=Role.OWNER)
    other = make_member(birch, name="Bea Birch")
    for network, person in ((alder, owner), (birch, other)):
        with in_network(network):
            share(make_discussion(person, title=f"A question of {network.subdomain}"), person)
        client_of(person, network)
    Worker().drain()
    closing = closings.close_now(alder, reason="A test.", keeps_publications=True, now=timezone.now(), by=BY)
    before = contents(birch)

    for name in ENDINGS:
        for moment in MOMENTS:
            assert killer.shoot("end", "alder", step=f"ending:{name}", moment=moment), (name, moment)
    closing.refresh_from_db()
    assert (closing.state, closing.found["people"], closing.found["shared"]) == ("deleting", 1, 1)
    closings.advance(closing, now=timezone.now() + timedelta(minutes=1))

    assert Network.objects.get(id=alder.id).state == NetworkState.DELETED
    assert "the access of 1 person" in closing.certificate
    assert PlatformMessage.objects.filter(kind="closing.certificate", to_address=owner.email).count() == 1
    assert schemas_like("n_alder") == []
    with in_collective():
        assert KeptPublication.objects.get().account_id == owner.account_id
        assert not Origin.objects.filter(name=alder.name).exists()
    assert contents(birch) == before


def test_every_step_of_deletion_is_killed_here():
    """A step that an app registers later must be added above."""
    assert tuple(each.name for each in ending.endings()) == ENDINGS


def contents(network: Network) -> dict[str, list[str]]:
    return {table: sorted(rows.texts(network.schema_name, table)) for table in rows.tables(network.schema_name)}


def assert_whole(network: Network) -> None:
    """Everything is there once."""
    network.refresh_from_db()
    assert (network.state, network.failed_step) == (NetworkState.LIVE, "")
    assert schemas_like(network.schema_name) == [network.schema_name]
    assert list(Domain.objects.filter(tenant=network).values_list("domain", "is_primary")) == [(host_of(network), True)]
    assert [step.state for step in step_states([network])[network.id]] == ["done"] * len(STEPS)
    with in_collective():
        assert Origin.objects.filter(id=network.id, is_visible=True).count() == 1
    with in_network(network):
        assert Policy.objects.get().kept_categories == list(TRUST.kept)
        assert tuple(Category.objects.values_list("name", flat=True)) == tuple(each.name for each in TRUST.subjects)
        assert tuple(SupplierCategory.objects.values_list("name", flat=True)) == TRUST.services
        assert Discussion.objects.count() == len(DISCUSSIONS)
        assert Supplier.objects.count() == len(SUPPLIERS)
        valid = Invitation.objects.filter(revoked_at=None, accepted_at=None, expires_at__gt=timezone.now())
        assert [(each.email, each.role) for each in valid] == [(network.owner_email, "owner")]
        assert Message.objects.filter(kind="invitation", to_address=network.owner_email).count() == 1


def assert_prints(out: str, network: Network) -> None:
    """The last two lines are the address and the invitation that is valid."""
    host = re.escape(f"http://{host_of(network)}:") + r"\d+"
    lines = re.fullmatch(rf"address: {host}/\ninvitation: {host}(/join/[\w-]+/)\n", out)
    assert lines, out
    assert Client(headers={"host": host_of(network)}).get(lines[1]).status_code == 200


def schemas_like(name: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE %s", [f"{name}%"])
        return [name for (name,) in cursor.fetchall()]


def everything() -> tuple[list[str], dict[str, int]]:
    """Return all schemas, and how many rows each table of the platform and the Collective has, but for the audit's."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_(toast_)?temp' ORDER BY 1")
        schemas = [name for (name,) in cursor.fetchall()]
        cursor.execute("SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('public', 'collective')")
        tables = [f'"{schema}"."{table}"' for schema, table in cursor.fetchall() if table != "audit_platform_event"]
        cursor.execute(" UNION ALL ".join(f"SELECT '{table}', count(*) FROM {table}" for table in tables))
        return schemas, dict(cursor.fetchall())
