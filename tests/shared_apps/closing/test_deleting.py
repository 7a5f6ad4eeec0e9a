"""Deletion: nothing is left of the network, all of the other; a certificate says so."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import caches
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from django.utils.html import escape
from django_tasks_db.models import DBTaskResult

from collective.index.tasks import fold_statistics
from collective.publications.models import KeptPublication, Origin, Publication, PublicationReply, ReturnedReply
from shared_apps.accounts.models import NetworkAccess, User
from shared_apps.audit.services import Actor
from shared_apps.billing.models import Invoice, Subscription
from shared_apps.closing import selectors, services
from shared_apps.closing.certificates import is_genuine
from shared_apps.closing.enums import ClosingState
from shared_apps.closing.models import Closing
from shared_apps.jobs.worker import Worker
from shared_apps.mail.models import PlatformMessage
from tenant_apps.discussions.models import Discussion
from tenant_apps.files.services import attach
from tenant_apps.members.enums import Role
from tenant_apps.sharing import services as sharing
from tenant_apps.sharing.models import ReceivedReply
from tenants import schema
from tenants import services as tenants
from tenants.context import in_collective, in_network
from tenants.enums import NetworkState
from tenants.models import Network
from tenants.roles import as_owner
from tests.builders.accounts import client_of as account_client
from tests.builders.accounts import host_of
from tests.builders.closing import announce
from tests.builders.discussions import away_reply, make_discussion, share
from tests.builders.files import pdf
from tests.builders.members import client_of, make_member, program_of
from tests.isolation import rows

BY = Actor.system("command")
DELETED_THERE = "its record as a customer at our payment service, with any card"
MAY_NAME_IT = {  # what is left: the certificate, the row that keeps the name, its host, the log, an unpaid bill
    *("closing_closing", "tenants_network", "tenants_domain", "audit_platform_event", "mail_platform_message"),
}


@pytest.fixture
def bea(birch):
    return make_member(birch, name="Bea Birch", role=Role.OWNER)


@pytest.fixture
def full(alder, birch, owner, bea):
    """Both networks hold something everywhere, and something of each other's."""
    for network, person, other, there in ((alder, owner, bea, birch), (birch, bea, owner, alder)):
        with in_network(network):
            question = share(make_discussion(person, title=f"A question of {network.subdomain}"), person)
            attach("plan.pdf", pdf(), kind="discussion", object_id=question.id, by=person)
        away_reply(question, other, there, body=f"An answer of {there.subdomain}")
        client_of(person, network)
        program_of(person, network)
        caches["default"].set(f"limit:{network.id}:{person.id}:post:3600", [1.0], 3600)
        (folder_of(network) / "exports").mkdir(parents=True, exist_ok=True)
        (folder_of(network) / "exports" / "a.zip").write_bytes(b"bytes")
    return alder


def folder_of(network) -> Path:
    return Path(settings.MEDIA_ROOT) / "networks" / str(network.id)


def end(network, *, keeps=False):
    closing = services.close_now(network, reason="A test.", keeps_publications=keeps, now=timezone.now(), by=BY)
    settle()
    services.advance(closing, now=timezone.now() + timedelta(seconds=60))
    return closing


def settle():
    """Have foreign keys checked as a commit would: PostgreSQL drops no table of which a check is outstanding."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def traces(network):
    """Every row of the platform and the Collective that has the network's id, name or schema in it."""
    words = (str(network.id), network.name, network.subdomain)
    return {
        f"{schema}.{table}"
        for schema in ("public", "collective")
        for table in rows.tables(schema)
        if table not in MAY_NAME_IT
        for text in rows.texts(schema, table)
        if any(word in text for word in words)
    }


def account_of(member):
    return User.objects.with_networks().get(pk=member.account_id)


def contents(network):
    return {table: sorted(rows.texts(network.schema_name, table)) for table in rows.tables(network.schema_name)}


def test_nothing_is_left_of_it_and_all_of_the_other(full, birch, bea):
    Worker().drain()
    with in_collective():
        Publication.objects.get(origin_id=birch.id)
    before = contents(birch)
    assert len(traces(full)) > 8  # it could leave something
    assert "public.django_cache" in traces(full)

    closing = end(full)

    assert closing.state == ClosingState.DELETED
    with in_collective():
        fold_statistics.run_now()
    assert traces(full) == {"public.accounts_user", "public.account_emailaddress"}  # addresses at alder.example
    assert not folder_of(full).exists()
    assert (folder_of(birch) / "exports" / "a.zip").exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_namespace WHERE nspname = %s", [full.schema_name])
        assert cursor.fetchone() == (0,)
    assert caches["default"].get(f"limit:{birch.id}:{bea.id}:post:3600") == [1.0]
    after = contents(birch)
    assert {table for table in before if before[table] != after[table]} == set()
    assert account_client(account_of(bea), birch).get("/discussions/").status_code == 200
    with in_collective():
        assert Publication.objects.filter(origin_id=birch.id).count() == 1


def test_its_address_says_that_it_has_closed_and_its_name_is_not_given_away_for_a_year(alder):
    end(alder)
    network = Network.objects.get(id=alder.id)

    answer = Client(headers={"host": host_of(alder)}).get("/")

    assert (network.state, network.owner_email) == (NetworkState.DELETED, "")
    assert answer.status_code == 410
    assert "has closed" in answer.content.decode()
    assert f"//{host_of('platform')}" in answer.content.decode()  # where what was kept is seen
    with pytest.raises(tenants.NetworkTakenError):
        tenants.request_network(name=alder.name, subdomain="alder", owner_email="new@alder.example")
    assert services.release_names(timezone.now() + timedelta(days=364)) == 0
    assert services.release_names(timezone.now() + timedelta(days=366)) == 1
    assert tenants.request_network(name="Alder Again", subdomain="alder", owner_email="new@alder.example")
    assert Closing.objects.get().certificate


def test_owners_get_a_certificate_that_counts_names_nobody_and_can_be_checked(full, owner, tmp_path, capsys):
    make_member(full, name="Mo Member")
    closing = end(full)
    Worker().drain()

    mail = PlatformMessage.objects.get(kind="closing.certificate")
    assert (mail.to_address, "The platform’s reason: A test." in mail.text) == (owner.email, True)
    text = closing.certificate
    for words in ("Certificate of deletion", full.name, "2 people", "2 files", "by an operator", "What remains"):
        assert words in text
    for words in ("Olu", "@", "Mo Member", str(owner.account_id)):
        assert words not in text
    browser = Client(headers={"host": host_of("platform")})
    page = browser.get(f"/certificates/{closing.id}/")
    file = browser.get(f"/certificates/{closing.id}/download/")
    assert "unchanged" in page.content.decode()
    assert escape(text) in page.content.decode()
    assert file.content.decode() == text
    assert "as it was written" in browser.post("/certificates/check/", {"text": text}).content.decode()
    changed = text.replace("2 people", "3 people")
    assert "was changed" in browser.post("/certificates/check/", {"text": changed}).content.decode()
    (tmp_path / "good.txt").write_text(text)
    (tmp_path / "bad.txt").write_text(changed)
    call_command("check_certificate", tmp_path / "good.txt")
    assert "as it was written" in capsys.readouterr().out
    with pytest.raises(CommandError, match="not a certificate of ours"):
        call_command("check_certificate", tmp_path / "bad.txt")
    assert not is_genuine(" \n")
    assert is_genuine("\r\n".join(f"> {line}" for line in text.splitlines()))


def test_kept_it_stays_without_a_name_and_its_authors_remove_theirs(full, birch, owner, bea):
    closing = end(full, keeps=True)

    with in_collective():
        publication = Publication.objects.get(origin_id=full.id)
        assert (publication.shown_network, publication.is_closed) == ("A network that has closed", True)
        assert Origin.objects.get(id=full.id).name == "A network that has closed"
        assert PublicationReply.objects.filter(network_id=full.id).count() == 1
    assert "1 thing that it shared with other networks, and what its members answered there" in closing.certificate
    mine, other = account_client(account_of(owner), "platform"), account_client(account_of(bea), "platform")
    page = mine.get("/kept/").content.decode()
    assert "A question of alder" in page
    assert "A question of birch" in page  # which was answered
    assert "A question of" not in other.get("/kept/").content.decode()
    with in_collective():
        kept, answer = KeptPublication.objects.get(), PublicationReply.objects.get(network_id=full.id)
    for path in (f"/kept/{kept.id}/remove/", f"/kept/answers/{answer.id}/remove/"):
        assert other.post(path).status_code == 404
        assert mine.get(path).status_code == 200
        assert "Removed." in mine.post(path, follow=True).content.decode()
    with in_collective():
        assert not Publication.objects.filter(origin_id=full.id).exists()
        assert not PublicationReply.objects.filter(network_id=full.id).exists()
        assert Publication.objects.filter(origin_id=birch.id).count() == 1


@pytest.fixture
def went_home(full, birch, owner, bea):
    """Two answers that birch took home, one before alder closed and one after that; their ids by their words."""
    with in_network(birch):
        first, second = Discussion.objects.get(), share(make_discussion(bea, title="Another question"), bea)
    away_reply(second, owner, full, body="Another answer of alder")
    with in_network(birch):
        sharing.withdraw_item("discussion", first.id, by=bea)
    end(full, keeps=True)
    with in_network(birch):
        sharing.withdraw_item("discussion", second.id, by=bea)
    Worker().drain()
    with in_collective():
        return {each.excerpt: each.id for each in ReturnedReply.objects.filter(account_id=owner.account_id)}


def test_an_answer_that_went_home_is_told_of_and_removed_by_its_author_too(went_home, birch, owner, bea):
    mine, other = account_client(account_of(owner), "platform"), account_client(account_of(bea), "platform")

    page = mine.get("/kept/").content.decode()
    for reply_id in went_home.values():
        path = f"/kept/answers/{reply_id}/returned/"
        assert other.post(path).status_code == 404
        assert "removes your words" in mine.get(path).content.decode()
        assert "It will be removed there." in mine.post(path, follow=True).content.decode()
    Worker().drain()

    assert [words in page for words in ("An answer of alder", "Another answer of alder")] == [True, True]
    mail = PlatformMessage.objects.get(kind="portal.returned_reply")
    assert (mail.to_address, "/kept/" in mail.text) == (owner.email, True)
    assert not DBTaskResult.objects.filter(status="FAILED").exists()  # nobody asked the network that is gone
    with in_network(birch):
        assert list(ReceivedReply.objects.values_list("body", flat=True)) == ["", ""]
    assert "nswer of alder" not in mine.get("/kept/").content.decode()


def test_the_schedule_deletes_it_when_its_days_are_over(alder, owner):
    closing = announce(alder, owner)
    Worker().drain()

    for days in (0, 29, 30):
        settle()
        services.advance_all(closing.closes_at + timedelta(days=days, minutes=1))
    closing.refresh_from_db()
    assert closing.state == ClosingState.DELETED
    assert "by an owner of the network" in closing.certificate
    assert not NetworkAccess.objects.filter(network=alder).exists()


def test_it_waits_while_a_job_of_the_network_runs(alder, owner):
    with in_network(alder):
        make_discussion(owner)
    row = DBTaskResult.objects.filter(args_kwargs__network=str(alder.id)).first()
    row.claim("a-worker")

    closing = services.close_now(alder, reason="x", keeps_publications=False, now=timezone.now(), by=BY)
    settle()
    with pytest.raises(services.BusyError, match="A job"):
        services.advance(closing, now=timezone.now() + timedelta(seconds=60))

    assert services.advance_all(timezone.now() + timedelta(minutes=1)) == 0
    with in_network(alder):
        assert rows.tables(alder.schema_name)
    DBTaskResult.objects.filter(pk=row.pk).update(status="SUCCESSFUL")
    settle()
    assert services.advance_all(timezone.now() + timedelta(minutes=1)) == 1


def test_asked_for_again_half_way_it_goes_on(alder):
    closing = services.close_now(alder, reason="x", keeps_publications=False, now=timezone.now(), by=BY)
    settle()
    with as_owner():
        schema.drop_schema(alder.schema_name)  # and the process was killed

    again = services.close_now(alder, reason="x", keeps_publications=False, now=timezone.now(), by=BY)
    settle()
    services.advance(again, now=timezone.now() + timedelta(seconds=60))

    assert (again.id, again.state) == (closing.id, ClosingState.DELETED)


def test_taken_back_at_the_same_moment_it_is_not_deleted(alder, owner, monkeypatch):
    stale = announce(alder, owner)
    monkeypatch.setattr(selectors, "open_closing", lambda network: stale)  # read a moment before
    services.call_off(alder, now=timezone.now(), by=owner.actor)

    with pytest.raises(services.ClosingError, match="taken back"):
        services.close_now(alder, reason="x", keeps_publications=False, now=timezone.now(), by=BY)

    assert Network.objects.get(id=alder.id).state == NetworkState.LIVE


def test_its_customer_at_stripe_is_erased_and_its_invoices_stay(till, alder, birch):
    till.customer(alder), till.customer(birch)
    mine, theirs = (Subscription.objects.get(network=each).stripe_customer for each in (alder, birch))
    Invoice.objects.create(
        subscription=Subscription.objects.get(network=alder),
        number="SBM-000001",
        billed_to=alder.name,
        description="Medium, a year",
        pence_net=100,
        pence_vat=20,
        vat_basis_points=2000,
        covers_from=timezone.now(),
        covers_until=timezone.now() + timedelta(days=365),
        issued_at=timezone.now(),
        due_at=timezone.now(),
    )

    closing = end(alder)

    customers = till.stand_in.v1.customers
    assert customers.retrieve(mine).to_dict().get("deleted")
    assert not customers.retrieve(theirs).to_dict().get("deleted")
    assert Invoice.objects.get().subscription is None
    assert "1 invoice, for the six years" in closing.certificate
    assert DELETED_THERE in closing.certificate


def test_the_certificate_does_not_say_that_a_customer_was_deleted_who_was_not(till, alder, birch, settings):
    till.customer(alder)
    settings.STRIPE_SECRET_KEY = ""

    was_one, was_none = (end(network).certificate for network in (alder, birch))

    assert [DELETED_THERE in text for text in (was_one, was_none)] == [False, False]
    assert ["ask us to have it removed there" in text for text in (was_one, was_none)] == [True, False]
