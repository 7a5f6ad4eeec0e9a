"""Bringing 200 networks to a release, beside `migrate_schemas` in the same run."""

from io import StringIO
from time import perf_counter

import pytest
from django.core.management import call_command
from django.db import connection, migrations, models

from config import localpg
from tenant_apps.suppliers.models import SupplierCategory
from tenants import lifecycle, services, upgrading
from tenants.context import in_network
from tenants.models import Network
from tenants.roles import as_owner
from tests.benchmarks.reports import Table, times
from tests.builders.releases import columns, release_with
from tests.roles import become

pytestmark = [pytest.mark.benchmark, pytest.mark.django_db(transaction=True)]

NETWORKS = 200
STOCK = 20  # networks that stock migrations are given; their time for each grows with all there are
ADD_COLUMN = migrations.AddField("suppliercategory", "added", models.CharField(max_length=20, default=""))


def test_upgrade_of_many_networks(report):
    """Nothing to do, and one column; stock is asked of a tenth of the networks and reckoned up."""
    for number in range(NETWORKS):
        lifecycle.advance(
            services.request_network(name=f"Rowan {number}", subdomain=f"rowan{number}", owner_email="o@rowan.example")
        )
    names = list(Network.objects.filter(type="network").order_by("created_at").values_list("schema_name", flat=True))

    nothing, stock_nothing = seconds(ours), seconds(lambda: stock(names[:STOCK])) * len(names) / STOCK
    with release_with(ADD_COLUMN):
        column = seconds(ours)
        assert upgrading.networks_behind() == []
    assert all("added" in columns(network) for network in Network.objects.filter(type="network"))

    table = Table(f"upgrade of {len(names)} networks", ["", "seconds", "of stock"])
    table.add("stock, nothing to do", stock_nothing, "1.00 ×")
    table.add("ours, nothing to do", nothing, times(nothing / stock_nothing))
    table.add("ours, one column", column, times(column / stock_nothing))
    table.notes.append("for 1,000 networks 3 s and 30 s were promised")
    table.notes.append(f"a backend after visiting {len(names)} networks: {backend_megabytes():.0f} MB")
    report(table)
    assert nothing < stock_nothing / 50
    assert column < stock_nothing


def ours() -> None:
    """What `migrate_networks` does for networks."""
    upgrading.upgrade_networks(upgrading.networks_behind(), jobs=2)


def stock(names: list[str]) -> None:
    """What django-tenants does for these."""
    with as_owner():
        for name in names:
            call_command("migrate_schemas", schema_name=name, interactive=False, verbosity=0, stdout=StringIO())


def seconds(call) -> float:
    """Return how long it took."""
    started = perf_counter()
    call()
    return perf_counter() - started


def backend_megabytes() -> float:
    """Return what the backend of this connection holds in memory, after reading in every network."""
    for network in Network.objects.filter(type="network"):
        with in_network(network):
            list(SupplierCategory.objects.all())
    with become(localpg.ADMIN), connection.cursor() as cursor:
        cursor.execute("SELECT sum(total_bytes) / 1048576.0 FROM pg_backend_memory_contexts")
        return float(cursor.fetchone()[0])
