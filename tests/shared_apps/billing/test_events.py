"""Years of events, each twice, in any order, with an hour without Stripe; tests/benchmarks has ten thousand."""

import pytest

from shared_apps.billing import services
from shared_apps.billing.models import Invoice, StripeEvent, Subscription
from tenant_apps.members.enums import Role
from tests.builders.members import make_member
from tests.builders.payments import Years, differences, emails, notices
from tests.till import day

pytestmark = pytest.mark.django_db


def test_whatever_comes_when_the_end_is_what_stripe_says(till, alder, birch):
    networks = [alder, birch]
    for network in networks:
        make_member(network, name="Olu Owner", role=Role.OWNER)
    years = Years(till, networks)

    years.pass_by(480, outage_on=7, hear_every=80)
    before, events = rows(), StripeEvent.objects.count()
    services.reconcile(now=day(480))

    assert years.sent >= 2 * events > 200
    assert differences(till, networks) == []
    given_back = Invoice.objects.filter(pence_refunded__gt=0), Invoice.objects.filter(pence_credited__gt=0)
    assert all(each.exists() for each in given_back)
    assert rows() == before
    assert emails(networks) == notices()


def rows() -> list[tuple]:
    """Everything that Stripe could change."""
    left = [Model.objects.order_by("id").values_list() for Model in (Invoice, Subscription)]
    return [row for found in left for row in found]
