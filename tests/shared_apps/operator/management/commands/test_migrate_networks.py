"""`manage.py migrate_networks` says what it did, names what failed and why, and is run again to go on."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from shared_apps.audit.models import PlatformEvent
from shared_apps.operator.tasks import upgrade
from tenants.models import Network, Upgrade
from tenants.roles import as_owner
from tests.builders.releases import columns, release_with
from tests.tenants.test_upgrading import ADD_COLUMN, ALL_UNLIKE, spoil

pytestmark = pytest.mark.django_db(transaction=True)


def run(*arguments: str) -> str:
    """Return what it said on the error stream."""
    said = StringIO()
    call_command("migrate_networks", *arguments, stderr=said, stdout=said)
    return said.getvalue()


def test_nothing_to_do(alder, birch):
    assert run().startswith("Nothing to do.")


def test_upgrades_all_and_says_so_once(alder, birch):
    with release_with(ADD_COLUMN):
        assert "2 upgraded, 0 failed, 0 held back." in run("--jobs", "2")
        assert run().startswith("Nothing to do.")

    event = PlatformEvent.objects.get(name="operator.networks.upgraded")
    assert event.details == {"networks": 2, "failed": 0}


def test_names_what_failed_and_why(alder, birch):
    spoil(alder)
    with release_with(ALL_UNLIKE), pytest.raises(CommandError) as raised:
        run()

    assert str(raised.value) == (
        'alder: suppliers.9999_added: check constraint "not_spoilt" of relation "suppliers_suppliercategory"'
        " is violated by some row"
    )


def test_dry_run_changes_nothing(alder, birch):
    with release_with(ADD_COLUMN):
        said = run("--dry-run", "--network", "birch")

    assert said.split() == ["birch", "1", "to", "upgrade."]
    assert "added" not in columns(birch)


def test_the_collective_is_upgraded_first(alder):
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM collective.django_migrations WHERE app = 'schools'")

    assert "collective: migrated" in run()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(["--jobs", "0"], "--jobs takes a number"), (["--network", "no\x00where"], "There is no network")],
)
def test_bad_input_is_one_line(alder, arguments, words):
    with pytest.raises(CommandError, match=words):
        run(*arguments)


def test_console_shows_what_failed_and_upgrades_it(alder, birch, console):
    spoil(alder)
    with release_with(ALL_UNLIKE):
        with pytest.raises(CommandError):
            run()
        assert f"{alder.name} could not be upgraded" in console.get("/operator/").text
        detail = console.get(f"/operator/networks/{alder.id}/").text
        assert "suppliers.9999_added" in detail
        assert "Upgrade it now" in detail

        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {alder.schema_name}.suppliers_suppliercategory WHERE name = 'spoilt'")
        assert console.post(f"/operator/networks/{alder.id}/upgrade/").status_code == 302
        upgrade.run_now(network_id=alder.id)

        assert "On this release" in console.get(f"/operator/networks/{alder.id}/").text
    assert Upgrade.objects.get(network=alder).state == "done"


def test_console_chooses_canaries(alder, console):
    console.post(f"/operator/networks/{alder.id}/canary/")
    assert Network.objects.get(pk=alder.pk).is_canary

    console.post(f"/operator/networks/{alder.id}/no-canary/")
    assert not Network.objects.get(pk=alder.pk).is_canary
