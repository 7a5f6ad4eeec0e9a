"""Ten thousand of Stripe's events, each twice, shuffled, with an hour without Stripe: the end is what Stripe says."""

from time import perf_counter

import pytest

from shared_apps.billing import services
from shared_apps.billing.models import Invoice, StripeEvent
from tenant_apps.members.enums import Role
from tenants import lifecycle
from tenants.models import Network
from tenants.services import request_network
from tests.benchmarks.reports import Table
from tests.builders.members import make_member
from tests.builders.payments import Years, differences, emails, notices
from tests.till import day

pytestmark = [pytest.mark.benchmark, pytest.mark.django_db(transaction=True)]

NETWORKS, DAYS, ACTS, EVENTS = 20, 2_080, 4, 10_000


def test_ten_thousand_events(till, report):
    networks = [made(number) for number in range(NETWORKS)]
    years, started = Years(till, networks, acts=ACTS), perf_counter()

    years.pass_by(DAYS, outage_on=31, hear_every=160)
    seconds, events = perf_counter() - started, StripeEvent.objects.count()
    read = services.reconcile(now=day(DAYS))

    table = Table("Stripe's events", ["", ""])
    table.add("events, each sent twice or more", events)
    table.add("invoices", Invoice.objects.count())
    table.add("seconds, with the stand-in's own", seconds)
    table.add("of them refunded, credited", _given_back())
    report(table)
    assert events >= EVENTS
    assert years.sent >= 2 * events
    assert read == NETWORKS
    assert differences(till, networks) == []
    assert emails(networks) == notices()


def _given_back() -> str:
    return ", ".join(str(Invoice.objects.filter(**{f"pence_{how}__gt": 0}).count()) for how in ("refunded", "credited"))


def made(number: int) -> Network:
    """Return a network with one owner."""
    name = {"name": f"Rowan {number}", "subdomain": f"rowan{number}", "owner_email": f"o{number}@rowan.example"}
    network = lifecycle.advance(request_network(**name)).network
    make_member(network, name="Olu Owner", role=Role.OWNER)
    return network
