"""What it costs a page to belong to a network: the lean page without networks, as the product, as stock."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection, models
from django.db.models.sql import Query
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from tenants.context import in_network
from tenants.models import Network, SchemaBoundModel, SchemaBoundQuery
from tests.benchmarks import lean
from tests.benchmarks.measuring import Call, compare
from tests.benchmarks.places import fill, page
from tests.benchmarks.reports import Table, times
from tests.builders.accounts import host_of
from tests.builders.members import client_of, make_member

pytestmark = [pytest.mark.benchmark, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("as_served")]

ROUNDS, EACH = 60, 10
BUDGET = 1.05
PLAIN, OURS, STOCK = "without networks", "as the product", "stock django-tenants"


def test_tenancy_costs_little(alder, settings, report):
    """The same lean page in three ways, in turns; the first has no middleware, no SET and no guards."""
    prepare(settings)
    reader = make_member(alder)
    fill(alder, reader, discussions=400, replies=4_000, on_first=19)
    with in_network(alder):
        cookies = lean.lean_cookies(client_of(reader, alder))
    calls = {
        PLAIN: asking(alder, cookies),
        OURS: asking(alder, cookies, "tenants.middleware.NetworkMiddleware"),
        STOCK: asking(alder, cookies, "django_tenants.middleware.main.TenantMainMiddleware"),
    }
    within = {PLAIN: lambda: without_networks(alder), STOCK: as_stock}
    trips = {name: round_trips(call, within.get(name)) for name, call in calls.items()}

    found = compare(calls, rounds=ROUNDS, each=EACH, within=within)

    table = Table("a lean page of 20 discussions", ["", "round trips", "CPU ms", "p50 ms", "CPU"])
    for name, timings in found.items():
        table.add(name, trips[name], timings.middle("cpu"), timings.middle("wall"), times(timings.ratio(found[PLAIN])))
    report(table)
    assert trips[OURS] == trips[PLAIN] + 1
    assert found[OURS].ratio(found[PLAIN]) <= BUDGET


def prepare(settings) -> None:
    """Let the lean pages find their backend and templates."""
    settings.AUTHENTICATION_BACKENDS = [*settings.AUTHENTICATION_BACKENDS, lean.BACKEND]
    folders = [*settings.TEMPLATES[0]["DIRS"], Path(__file__).parent / "templates"]
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": folders}]


def asking(network: Network, cookies: str, *middleware: str) -> Call:
    """Return a call of the lean list behind this middleware."""
    chain = [*middleware, *lean.MIDDLEWARE]
    with override_settings(MIDDLEWARE=chain, SESSION_ENGINE="tests.benchmarks.lean"):
        handler = WSGIHandler()
    return page(handler, host_of(network), "/discussions/", cookies=cookies)


@contextmanager
def without_networks(network: Network) -> Iterator[None]:
    """Plain Django: the search path is set once, and neither the backend nor the models think of schemas again."""
    with in_network(network):
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        with (
            patch.object(connection, "_handle_search_path", lambda cursor=None: None),
            patch.object(SchemaBoundQuery, "get_compiler", Query.get_compiler),
            patch.object(SchemaBoundModel, "from_db", classmethod(models.Model.from_db.__func__)),
        ):
            yield


@contextmanager
def as_stock() -> Iterator[None]:
    """The settings that django-tenants has by itself: the host is looked up and the path set at every query."""
    with override_settings(TENANT_LIMIT_SET_CALLS=False):
        yield


def round_trips(call: Call, within) -> int:
    """Return how many statements a page sends."""
    with within() if within else override_settings():
        call()
        with CaptureQueriesContext(connection) as captured:
            call()
    return len(captured)
