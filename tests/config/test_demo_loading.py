"""The demonstration loads through the services, twice without a difference, and shares what its files say."""

import datetime as dt
from typing import Any

import pytest

from collective.publications.models import Publication, PublicationReply
from config import demo
from config.demo import loading
from shared_apps.accounts.models import User
from shared_apps.mail.enums import InboundState
from shared_apps.mail.models import InboundMessage
from tenant_apps.discussions.enums import Via
from tenant_apps.discussions.models import Discussion, Mention, PollVote, Reply, Revision
from tenant_apps.files.models import StoredFile
from tenant_apps.members.enums import MemberState
from tenant_apps.members.models import Member
from tenant_apps.moderation.enums import CaseState
from tenant_apps.moderation.models import Case
from tenant_apps.sharing.rebuilding import find_drift
from tenant_apps.suppliers.models import Recommendation, ServiceNote, Supplier
from tenants.context import in_collective, in_network
from tenants.enums import NetworkState
from tenants.models import Network
from tenants.selectors import get_network

TODAY = dt.date(2026, 11, 23)
POSTED_HERE = {"via": Via.PAGE, "archive": None}
COUNTED = {
    Member: {"state": MemberState.ACTIVE},
    Discussion: POSTED_HERE,
    Reply: POSTED_HERE,
    Supplier: {},
    Recommendation: {},
    ServiceNote: {},
}
AROUND = {
    "posted by email": (InboundMessage, {"state": InboundState.POSTED}),
    "held email": (InboundMessage, {"state": InboundState.HELD}),
    "from the old list": (Discussion, {"archive__isnull": False}),
    "waiting question": (Discussion, {"awaits_approval": True}),
    "pinned": (Discussion, {"pinned_at__isnull": False}),
    "locked": (Discussion, {"locked_at__isnull": False}),
    "files": (StoredFile, {}),
    "members named": (Mention, {}),
    "votes": (PollVote, {}),
    "earlier versions": (Revision, {}),
    "open cases": (Case, {"state": CaseState.OPEN}),
    "decided cases": (Case, {"state": CaseState.CLOSED}),
}


def counts() -> dict[str, Any]:
    found = {}
    for row in demo.networks():
        with in_network(get_network(row["subdomain"])):
            found[row["subdomain"]] = [model.objects.filter(**wanted).count() for model, wanted in COUNTED.items()]
    with in_network(get_network("birmingham")):
        found["around"] = {name: model.objects.filter(**wanted).count() for name, (model, wanted) in AROUND.items()}
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
    assert first["around"] == {
        "posted by email": 3,
        "held email": 1,
        "from the old list": 2,
        "waiting question": 1,
        "pinned": 1,
        "locked": 1,
        "files": 3,
        "members named": 4,
        "votes": 10,
        "earlier versions": 1,
        "open cases": 1,
        "decided cases": 2,
    }
    assert counts() == first
    assert find_drift() == []


def test_once_somebody_has_deleted_one_of_its_networks_all_is_left_as_it_is(db) -> None:
    kent = Network(name="Kent SBM Network", subdomain="kent", schema_name="n_kent", state=NetworkState.DELETED)
    kent.save()

    loading.load(TODAY)

    assert get_network("birmingham") is None
    assert User.objects.get(email=loading.OPERATOR).is_operator
