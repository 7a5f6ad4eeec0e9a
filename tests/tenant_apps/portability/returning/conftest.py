"""Alder with a copy beside it, made once: every test begins with both as they were, and is rolled back."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from shared_apps.audit.services import Actor
from tenant_apps.discussions import services as discussions
from tenant_apps.discussions.models import Discussion, Reply
from tenant_apps.discussions.services import PollFacts
from tenant_apps.files import services as files
from tenant_apps.members.models import Member
from tenant_apps.portability.services import Wanted, export_network, restore_network
from tenant_apps.suppliers import services as suppliers
from tenant_apps.suppliers.models import Supplier, SupplierCategory
from tenants.context import in_network
from tenants.middleware import forget_hosts
from tenants.models import Network
from tests import cluster
from tests.builders.discussions import make_discussion, share
from tests.builders.members import make_member

BY = Actor.system("command")


@dataclass
class Then:
    """Alder as it was when its copy was made."""

    alder: Network
    aspen: Network
    people: dict[str, Member]
    discussion: Discussion
    replies: list[Reply]
    supplier: Supplier

    def wanted(self, kind: str, thing_id) -> Wanted:
        return Wanted(self.alder, self.aspen, kind, thing_id)


@pytest.fixture(scope="package")
def made(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Then]:
    """Fill the database itself, and make it anew at the end."""
    with django_db_blocker.unblock():
        forget_hosts()
        yield make(Network.objects.get(subdomain="alder"), tmp_path_factory.mktemp("archives") / "alder.zip")
        cluster.copy(cluster.ensure_template(), cluster.database_name())


@pytest.fixture
def then(made: Then, db: None) -> Then:
    return made


def make(alder: Network, path: Path) -> Then:
    """A shared question with two replies, a file, a poll and a mark as helpful, a supplier, and a copy of it all."""
    owner = make_member(alder, name="Olive Owner", role="owner", days_here=30)
    dawn = make_member(alder, name="Dawn Okafor", school="Ladywood", days_here=30)
    mo = make_member(alder, name="Mo Quiet", role="organiser", school="Nechells", days_here=30)
    with in_network(alder):
        discussion = make_discussion(owner, title="Who mends boilers?", body="Ours leaks.")
        replies = [discussions.post_reply(discussion, body=f"We ask {name}.", by=dawn) for name in ("Ada", "Grace")]
        files.attach("boilers.txt", b"Ada: 0121", kind="reply", object_id=replies[0].id, by=dawn)
        discussions.find_helpful(discussion, replies[0], is_helpful=True, by=owner)
        poll = discussions.add_poll(discussion, PollFacts(question="When?", options=["May", "June"]), by=owner)
        discussions.vote(poll, [poll.options.first().id], by=dawn)
        share(discussion, owner)
        discussions.mark_read(Discussion.objects.get(), member=owner)
        category = SupplierCategory.objects.first()
        supplier = suppliers.add_supplier(
            name="Boiler Bros", website="", description="", categories=[category], by=owner
        )
        marks = {"response": 4, "quality": 5, "value": 3, "would_use_again": True}
        suppliers.recommend(supplier, **marks, text="Came at once.", by=dawn)
    export_network(alder, path, by=BY)
    aspen = restore_network(path, subdomain="aspen", name="Alder of November", by=BY).network
    return Then(alder, aspen, {"owner": owner, "dawn": dawn, "mo": mo}, discussion, replies, supplier)
