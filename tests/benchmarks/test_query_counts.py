"""How many queries each page makes, with 3 and with 30 rows of whatever it lists: the same, or this fails."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from collective.publications.models import Publication
from collective.publications.services import note_authors
from shared_apps.accounts.selectors import account_of_email
from shared_apps.audit.services import Actor
from shared_apps.closing.enums import AskedBy, ClosingState
from shared_apps.closing.models import Closing
from shared_apps.operator.enums import DrillState
from shared_apps.operator.models import Drill
from shared_apps.requests import services as requests
from shared_apps.requests.models import NetworkRequest
from tenant_apps.discussions import services as reply_service
from tenant_apps.discussions.models import Discussion, Reply
from tenant_apps.members import services as members
from tenant_apps.members.enums import Role
from tenant_apps.members.models import Member
from tenant_apps.portability.services import export_network, restore_network
from tenant_apps.setup import services as setup
from tenant_apps.sharing import services as sharing
from tenants.context import in_collective, in_network
from tenants.enums import NetworkState
from tenants.models import Domain, Network
from tests.benchmarks.reports import Table
from tests.builders import accounts, discussions, suppliers
from tests.builders.closing import announce
from tests.builders.domains import claim
from tests.builders.grants import ask
from tests.builders.members import client_of, make_member
from tests.builders.requests import make_request
from tests.builders.schools import make_school

pytestmark = [pytest.mark.benchmark, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("as_served")]
FEW, MANY = 3, 30


def test_query_counts(alder, birch, report, tmp_path):
    """Every main page of every kind of host, read by an owner, who sees most."""
    world = World(alder, birch, tmp_path / "alder.zip")
    world.grow(FEW)
    few = counts(world)
    world.grow(MANY - FEW)
    many = counts(world)

    table = Table(
        "Queries per page, SET search_path and transactions included", ("", f"{FEW} rows", f"{MANY} rows", "kB")
    )
    for name, (queries, _) in few.items():
        table.add(name, queries, many[name][0], many[name][1] / 1000)
    report(table)
    assert {name: queries for name, (queries, _) in many.items()} == {
        name: queries for name, (queries, _) in few.items()
    }


def counts(world: "World") -> dict[str, tuple[int, int]]:
    """Return the queries and the bytes of each page, asked for the second time."""
    return {name: counted(client, path) for name, client, path in world.pages()}


def counted(client: Client, path: str) -> tuple[int, int]:
    """Ask twice and count the second time, when what a process remembers is remembered."""
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        response = client.get(path)
        number = len(captured.captured_queries)
    assert response.status_code == 200, (path, response.status_code)
    return number, len(response.content)


class World:
    """Two networks whose every list has as many rows as it was grown by, each row by somebody else."""

    def __init__(self, alder: Network, birch: Network, archive: Path) -> None:
        self.alder, self.birch, self.size = alder, birch, 0
        self.owner = make_member(alder, name="Helen Marsh", role=Role.OWNER, school="Alder Green Primary School")
        self.asker = make_member(birch, name="Birch Asker")
        with in_network(alder):
            self.plain = discussions.make_discussion(self.owner, title="Plain")
            self.shared = discussions.share(discussions.make_discussion(self.owner, title="Shared"), self.owner)
            self.supplier = suppliers.make_supplier(self.owner)
            self.recommendation = suppliers.make_recommendation(self.supplier, self.owner)
            suppliers.share(self.recommendation, self.owner)
            setup.add_examples(by=self.owner)
        claim(alder, "community.alder.org.uk")
        self.lost = self.lose_replies()
        self.copy = self.make_copy(archive)

    def lose_replies(self) -> dict[int, Discussion]:
        """Return discussions of which the network lacks so many replies once it was copied."""
        with in_network(self.alder):
            found = {rows: discussions.make_discussion(self.owner, title=f"Lost {rows}") for rows in (FEW, MANY)}
            for rows, each in found.items():
                for number in range(rows):
                    reply_service.post_reply(each, body=f"Reply {number}", by=self.owner)
        return found

    def make_copy(self, archive: Path) -> Network:
        """Copy the network as it is, lose those replies, and let the copy say that it will close."""
        export_network(self.alder, archive, by=Actor.system("command"))
        copy = restore_network(archive, subdomain="aspen", name="Aspen", by=Actor.system("command")).network
        assert copy is not None
        with in_network(self.alder):
            Reply.objects.filter(discussion__in=self.lost.values()).delete()
        with in_network(copy):
            self.leaver = Member.objects.get(role=Role.OWNER)
        announce(copy, self.leaver)
        return copy

    def grow(self, rows: int) -> None:
        """Add so many rows to every list."""
        for number in range(self.size, self.size + rows):
            self.add_network(number)
            make_school(f"School {number}")
            here, away = self.add_people(number)
            self.add_in_birch(number, away)
            with in_network(self.alder):
                mine = self.add_discussions(number, here, away)
                self.add_suppliers(number, here)
                self.add_to_manage(number, here)
            with in_collective():
                note_authors({mine.publication_id: account_of_email(self.owner.email).pk})
            self.add_to_operate(number)
        self.size += rows

    def add_network(self, number: int) -> None:
        """One more network for the operator, without a schema, which the console does not enter."""
        network = Network.objects.create(
            name=f"Network {number}",
            subdomain=f"net{number:02}",
            schema_name=f"n_net{number:02}",
            state=NetworkState.LIVE,
            owner_email=f"owner@net{number:02}.example",
        )
        Domain.objects.create(domain=f"net{number:02}.localhost", tenant=network, is_primary=True)
        accounts.make_account(network, email=f"member@net{number:02}.example")

    def add_people(self, number: int) -> tuple[Member, Member]:
        """One more member in each of the two networks, and one who left."""
        here = make_member(self.alder, name=f"Alder {number}", school=f"School {number}")
        left = make_member(self.alder, name=f"Left {number}")
        with in_network(self.alder):
            members.remove_member(left, by=self.owner)
        return here, make_member(self.birch, name=f"Birch {number}", school=f"School {number}")

    def add_in_birch(self, number: int, away: Member) -> None:
        """One more question from elsewhere that waits, and one that the owner has answered, and one withdrawn since."""
        with in_network(self.birch):
            discussions.share(discussions.make_discussion(away, title=f"Waits {number}"), away)
            for title in ("Answered", "Withdrawn"):
                asked = discussions.share(discussions.make_discussion(away, title=f"{title} {number}"), away)
                discussions.away_reply(asked, self.owner, self.alder)
                if title == "Withdrawn":
                    sharing.withdraw_item("discussion", asked.id, by=away)

    def add_discussions(self, number: int, here: Member, away: Member) -> Discussion:
        """Return one more discussion of its own, shared; one more reply and edit in those that are opened."""
        mine = discussions.make_discussion(here, title=f"Asked {number}")
        discussions.share(mine, here)
        discussions.away_reply(mine, away, self.birch)
        for each in (self.plain, self.shared):
            reply_service.post_reply(each, body=f"Reply {number}", by=here)
        discussions.away_reply(self.shared, away, self.birch)
        reply_service.edit_discussion(
            self.plain,
            title=f"Plain {number}",
            body="Edited.",
            kind="question",
            category=self.plain.category,
            by=self.owner,
        )
        return mine

    def add_suppliers(self, number: int, here: Member) -> None:
        """One more supplier with a recommendation that is shared; one more of the supplier that is opened."""
        for supplier in (suppliers.make_supplier(here, name=f"Supplier {number}"), self.supplier):
            suppliers.share(suppliers.make_recommendation(supplier, here), here)
        suppliers.make_note(self.supplier, self.owner, text=f"Note {number}")

    def add_to_manage(self, number: int, here: Member) -> None:
        """One more of what an organiser looks after: an invitation, something that waits for approval, a category."""
        members.invite_member(email=f"invited{number}@school.example", by=self.owner)
        policy = {"kept_categories": [], "blocked_networks": [], "by": self.owner}
        sharing.update_policy(approval_required=True, **policy)
        discussions.share(discussions.make_discussion(here, title=f"Asks {number}"), here)
        sharing.update_policy(approval_required=False, **policy)
        reply_service.save_category(name=f"Category {number}", by=self.owner)

    def add_to_operate(self, number: int) -> None:
        """One more request that waits and one declined, operator who asks to look in, closing taken back, drill."""
        make_request(subdomain=f"wanted{number}", email=f"asks{number}@school.example")
        declined = make_request(subdomain=f"refused{number}", email=f"refused{number}@school.example")
        now, by = timezone.now(), Actor.system("command")
        requests.decline(declined, answer="There is one.", now=now, by=by)
        self.grant = ask(self.alder, accounts.make_account(email=f"looks{number}@example.org", operator=True))
        Closing.objects.create(
            network_id=self.alder.id,
            name="Alder",
            host="alder.localhost",
            state=ClosingState.CALLED_OFF,
            asked_by=AskedBy.OPERATOR,
            keeps_publications=True,
            **dict.fromkeys(("asked_at", "closes_at", "deletes_at", "called_off_at"), now),
        )
        Drill.objects.create(state=DrillState.PASSED, asked_at=now, ended_at=now)

    def pages(self) -> Iterator[tuple[str, Client, str]]:
        """Yield every page: its name, who asks, and where."""
        account = account_of_email(self.owner.email)
        operator = accounts.make_account(email="operator@example.org", operator=True)
        clients = {
            "network": client_of(self.owner, self.alder),
            "network that closes": client_of(self.leaver, self.copy),
            "platform, for members": accounts.client_of(account, "platform"),
            "collective": accounts.client_of(account, "collective"),
            "platform": accounts.client_of(operator, "platform"),
            "network API": accounts.token_client(account, self.alder),
            "collective API": accounts.token_client(account, self.alder, on="collective"),
            "platform API": accounts.token_client(operator, "platform"),
        }
        for place, paths in self.paths().items():
            for name, path in paths.items():
                yield f"{place}: {name}", clients[place], path

    def paths(self) -> dict[str, dict[str, str]]:
        """Return the addresses of each kind of host."""
        plain, shared, supplier = (
            f"/discussions/{self.plain.id}/",
            f"/discussions/{self.shared.id}/",
            f"/suppliers/{self.supplier.id}/",
        )
        alder, lost = f"networks/{self.alder.id}/", self.lost[self.size].id
        return {
            "network": {
                "home": "/",
                "discussions": "/discussions/",
                "unread": "/discussions/?show=unread",
                "discussion": plain,
                "shared discussion": shared,
                "new discussion": "/discussions/new/",
                "history": f"{plain}history/",
                "inbox": "/inbox/",
                "preferences": "/notifications/preferences/",
                "share preview": f"{plain}share/",
                "what is shared": f"{shared}share/",
                "members": "/members/",
                "profile": f"/members/{self.owner.id}/",
                "own profile": "/members/me/edit/",
                "postings": "/members/me/postings/",
                "suppliers": "/suppliers/",
                "supplier": supplier,
                "notes": f"{supplier}notes/",
                "share recommendation": f"/recommendations/{self.recommendation.id}/share/",
                "ledger": "/sharing/",
                "manage": "/manage/",
                "manage members": "/manage/members/",
                "manage sharing": "/manage/sharing/",
                "categories": "/manage/categories/",
                "branding": "/manage/branding/",
                "set up": "/manage/setup/",
                "remove examples": "/manage/setup/examples/remove/",
                "own domain": "/manage/address/",
                "close": "/manage/closing/",
                "support access": "/manage/support/",
                "who asks to look in": f"/manage/support/{self.grant.id}/",
                "account": "/account/",
                "switch": "/switch/",
            },
            "network that closes": {"home": "/", "closing": "/closing/", "take it back": "/manage/closing/stop/"},
            "platform, for members": {"start a network": "/start/", "what stayed": "/kept/"},
            "collective": {
                "newest": "/",
                "search": "/?q=retired",
                "publication": f"/publications/{self.shared.publication_id}/",
                "waiting": "/waiting/",
                "suppliers": "/suppliers/",
                "supplier": f"/suppliers/{self.supplier_key()}/",
                "answers": "/answers/",
            },
            "platform": {
                "networks": "/operator/",
                "network": f"/operator/{alder}",
                "closing": f"/operator/{alder}closing/",
                "own domain": f"/operator/{alder}domain/",
                "support access": f"/operator/{alder}support/",
                "merge back": f"/operator/{alder}merge-back/?copy={self.copy.id}&page=/discussions/{lost}/",
                "requests": "/operator/requests/",
                "request": f"/operator/requests/{NetworkRequest.objects.earliest('asked_at').id}/",
                "overview": "/operator/figures/",
                "new network": "/operator/networks/new/",
                "jobs": "/operator/jobs/",
            },
            "network API": {
                name: f"/api/v1/{name}/"
                for name in ("discussions", "members", "schools", "suppliers", "support-requests", "setup", "domain")
            }
            | {
                "replies": f"/api/v1/discussions/{self.plain.id}/replies/",
                "recommendations of a supplier": f"/api/v1/suppliers/{self.supplier.id}/recommendations/",
            },
            "collective API": {
                "search": "/api/v1/search/?q=retired",
                "publications": "/api/v1/publications/",
                "replies": f"/api/v1/publications/{self.shared.publication_id}/replies/",
            },
            "platform API": {name: f"/api/v1/{name}/" for name in ("networks", "requests", "restore-drills")}
            | {
                "support access": f"/api/v1/{alder}support/",
                "closing": f"/api/v1/{alder}closing/",
                "merge back": f"/api/v1/{alder}merge-back/?copy={self.copy.id}&kind=discussion&thing={lost}",
            },
        }

    def supplier_key(self) -> str:
        """Return how the Collective calls the supplier that is opened."""
        with in_collective():
            return Publication.objects.filter(supplier_name=self.supplier.name).values_list("supplier_key", flat=True)[
                0
            ]
