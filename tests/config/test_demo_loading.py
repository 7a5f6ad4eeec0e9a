"""The demonstration loads through the services, twice without a difference, and shares what its files say."""

import datetime as dt

import pytest

from collective.publications.models import Publication, PublicationReply
from config import demo
from config.demo import loading
from tenant_apps.discussions.models import Discussion, Reply
from tenant_apps.members.models import Member
from tenant_apps.sharing.rebuilding import find_drift
from tenant_apps.suppliers.models import Recommendation, ServiceNote, Supplier
from tenants.context import in_collective, in_network
from tenants.selectors import get_network

TODAY = dt.date(2026, 11, 23)
COUNTED = (Member, Discussion, Reply, Supplier, Recommendation, ServiceNote)


def counts() -> dict[str, list[int]]:
    found = {}
    for row in demo.networks():
        with in_network(get_network(row["subdomain"])):
            found[row["subdomain"]] = [model.objects.count() for model in COUNTED]
    with in_collective():
        found["collective"] = [Publication.objects.count(), PublicationReply.objects.count()]
    return found


@pytest.mark.django_db
def test_load_fills_three_networks_and_changes_nothing_the_second_time() -> None:
    loading.load(TODAY)
    first = counts()
    loading.load(TODAY)

    discussions, suppliers = demo.discussions(), demo.suppliers()
    totals = [sum(first[row["subdomain"]][place] for row in demo.networks()) for place in range(len(COUNTED))]
    assert totals == [
        sum(len(row["members"]) for row in demo.networks()),
        len(discussions),
        sum(len(row["replies"]) for row in discussions),
        sum(len(row["networks"]) for row in suppliers),
        sum(len(row["recommendations"]) for row in suppliers),
        sum(len(row["notes"]) for row in suppliers),
    ]
    assert first["collective"][0] >= (totals[1] + totals[4]) / 3
    assert counts() == first
    assert find_drift() == []
