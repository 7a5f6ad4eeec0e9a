"""A network that was exported and dropped comes back whole under another subdomain, also after a kill."""

import json
import re
import shutil
import threading
from pathlib import Path
from zipfile import ZipFile

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, migrations, models, transaction

from collective.publications import services as publications
from collective.publications.models import Publication, PublicationReply
from shared_apps.accounts.models import NetworkAccess, Session, User
from shared_apps.mail.models import Message
from shared_apps.schools.models import School
from tenant_apps.discussions import services as discussions
from tenant_apps.discussions.models import Discussion
from tenant_apps.files.models import StoredFile
from tenant_apps.files.services import attach, content_of, put_back
from tenant_apps.members.models import Member
from tenant_apps.members.services import SchoolFacts
from tenant_apps.portability import reader
from tenant_apps.portability.archive import only_writer
from tenant_apps.portability.services import exporting
from tenant_apps.sharing.rebuilding import find_drift
from tenant_apps.suppliers.models import SupplierCategory
from tenants import schema, upgrading
from tenants.context import in_collective, in_network
from tenants.enums import NetworkState
from tenants.models import Network
from tenants.roles import as_owner
from tenants.selectors import get_network
from tests.builders.accounts import host_of
from tests.builders.discussions import away_reply, make_discussion, share
from tests.builders.members import make_member
from tests.builders.releases import ONE_COLUMN, TABLE, release_with
from tests.builders.schools import make_school
from tests.isolation import rows
from tests.tenants.killing import Killer
from tests.tenants.test_schema import applied, described

CODE = re.compile(r"\b[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}\b")

ALL_UNLIKE = migrations.AddConstraint(
    "suppliercategory", models.CheckConstraint(name="not_spoilt", condition=~models.Q(name="spoilt"))
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def archive(alder: Network, birch: Network, tmp_path: Path) -> Path:
    """Alder's: a shared question that birch answered, a reply with a file, and an owner."""
    owner = make_member(alder, name="Olive Owner", role="owner", password="three words apart")
    martin = make_member(birch, name="Martin Bayliss")
    with in_network(alder):
        discussion = make_discussion(owner, title="Who mends boilers?")
        reply = discussions.post_reply(discussion, body="We ask Ada.", by=owner)
        attach("boilers.txt", b"=Ada", kind="reply", object_id=reply.id, by=owner)
        shared = share(discussion, owner)
        away_reply(shared, martin, birch, body="We ask Grace.")
        discussions.count_away_replies(shared)
    path = tmp_path / "alder.zip"
    call_command("export_network", "alder", str(path))
    return path


def forget(network: Network) -> None:
    """Leave nothing of a network, as if the archive were taken to another installation."""
    with in_network(network):
        accounts = list(Member.objects.values_list("account_id", flat=True))
    with in_collective():
        ids = Publication.objects.filter(origin_id=network.id).values_list("id", flat=True)
        PublicationReply.objects.filter(publication_id__in=list(ids)).delete()
        publications.forget_strays(network.id, keep=set())
        publications.remove_origin(network.id)
    with as_owner(), transaction.atomic():
        schema.drop_schema(network.schema_name)
        NetworkAccess.objects.filter(network=network).delete()
        Network.objects.filter(pk=network.pk).delete()
        EmailAddress.objects.filter(user__in=accounts).delete()
        Session.objects.filter(account_id__in=accounts).delete()
        User.objects.filter(pk__in=accounts).delete()
    shutil.rmtree(Path(settings.MEDIA_ROOT) / "networks" / str(network.id))


def test_network_comes_back_whole_where_it_was_unknown(alder, archive, client_for, capsys):
    old = User.objects.get(email__startswith="olive")
    forget(alder)

    call_command("restore_network", str(archive), "--subdomain", "aspen", "--name", "Aspen Bursars")

    aspen = get_network("aspen")
    assert (aspen.state, aspen.name, aspen.colour) == (NetworkState.LIVE, "Aspen Bursars", alder.colour)
    account = User.objects.get(email=old.email)
    assert account.pk != old.pk
    assert not account.has_usable_password()
    with in_network(aspen):
        owner, discussion = Member.objects.get(role="owner"), Discussion.objects.get(title="Who mends boilers?")
        assert (owner.account_id, owner.name) == (account.pk, "Olive Owner")
        assert (discussion.is_shared, discussion.reply_count, discussion.received_count) == (False, 1, 1)
        assert content_of(StoredFile.objects.get()) == b"=Ada"
    assert find_drift() == []

    client = client_for(aspen)
    client.post("/sign-in/code/", {"email": account.email})
    with in_network(aspen):
        code = CODE.search(Message.objects.get().text)[0]
    client.post("/sign-in/code/type/", {"code": code})
    page = client.get(f"/discussions/{discussion.id}/").content.decode()
    assert "We ask Grace." in page
    assert "We ask Ada." in page


def test_network_publishes_again_where_so_chosen(alder, archive):
    forget(alder)

    call_command("restore_network", str(archive), "--subdomain", "aspen", "--publish")

    aspen = get_network("aspen")
    with in_collective():
        assert list(Publication.objects.values_list("title", "origin_id")) == [("Who mends boilers?", aspen.id)]
    with in_network(aspen):
        assert Discussion.objects.get(title="Who mends boilers?").is_shared
    assert find_drift() == []


def test_schools_that_the_register_here_lacks_are_counted(alder, tmp_path, capsys):
    make_member(alder, school=SchoolFacts.of(make_school()))
    path = tmp_path / "alder.zip"
    call_command("export_network", "alder", str(path))
    said = []

    for is_known in (True, False):
        if not is_known:
            School.objects.all().delete()
        call_command("restore_network", str(path), "--subdomain", "aspen", "--dry-run")
        said.append("the register here does not have: 1." in capsys.readouterr().out)

    assert said == [False, True]


def test_copy_stands_beside_the_original(alder, archive, capsys):
    call_command("restore_network", str(archive), "--subdomain", "aspen", "--dry-run")
    assert "Nothing was written" in capsys.readouterr().out
    assert get_network("aspen") is None

    call_command("restore_network", str(archive), "--subdomain", "aspen")

    with in_collective():
        assert Publication.objects.get().origin_id == alder.id
    with in_network(alder):
        assert Discussion.objects.get(title="Who mends boilers?").is_shared
    assert NetworkAccess.objects.filter(account__email__startswith="olive").count() == 2
    with pytest.raises(CommandError, match="belongs to Alder"):
        call_command("restore_network", str(archive), "--subdomain", "aspen")


@pytest.mark.parametrize(("step", "moment"), [("tables", "inside"), ("sharing", "after"), ("live", "before")])
def test_restore_that_was_killed_is_seen_by_nobody_and_run_again(alder, archive, client_for, monkeypatch, step, moment):
    monkeypatch.setenv("MEDIA_ROOT", str(settings.MEDIA_ROOT))
    with Killer() as killer:
        assert killer.shoot("restore_network", str(archive), "--subdomain", "aspen", step=step, moment=moment)

    aspen = get_network("aspen")
    assert aspen.state == NetworkState.RESTORING
    assert client_for(aspen).get("/").status_code == 404
    call_command("restore_network", str(archive), "--subdomain", "aspen")

    again = get_network("aspen")
    assert again.state == NetworkState.LIVE
    assert client_for(again).get("/sign-in/").status_code == 200
    assert not (Path(settings.MEDIA_ROOT) / "networks" / str(aspen.id)).exists()
    assert find_drift() == []


def test_archive_of_an_earlier_release_is_brought_to_this_one_also_after_a_kill(
    alder, archive, client_for, monkeypatch
):
    """The archive was written before the release had its last migration: it brings its own tables, then is upgraded."""
    monkeypatch.setenv("MEDIA_ROOT", str(settings.MEDIA_ROOT))
    with Killer() as killer:
        assert killer.shoot("restore_later", str(archive), "aspen")
    half = get_network("aspen")
    assert half.state == NetworkState.RESTORING
    assert TABLE in rows.tables(half.schema_name)  # as that release had it, and empty

    with release_with(ONE_COLUMN, ALL_UNLIKE):
        assert upgrading.networks_behind(only=half) == []  # an upgrade passes it by
        call_command("restore_network", str(archive), "--subdomain", "aspen")

        aspen = get_network("aspen")
        assert aspen.release == schema.current_release()
        upgrading.upgrade_networks([alder])
        assert described(aspen.schema_name) == described(alder.schema_name)
        assert applied(aspen.schema_name) == applied(alder.schema_name)
        assert set(rows.column(aspen.schema_name, TABLE, "added")) == {"new"}
        assert client_for(aspen).get("/sign-in/").status_code == 200
    with in_network(aspen):
        assert Discussion.objects.get().title == "Who mends boilers?"
        assert content_of(StoredFile.objects.get()) == b"=Ada"
    assert not (Path(settings.MEDIA_ROOT) / "networks" / str(half.id)).exists()
    assert find_drift() == []


def test_archive_of_an_earlier_release_that_cannot_come_to_this_one_is_refused(alder, tmp_path):
    with in_network(alder):
        SupplierCategory.objects.create(name="spoilt")
    archive = tmp_path / "alder.zip"
    call_command("export_network", "alder", str(archive))

    with release_with(ALL_UNLIKE), pytest.raises(CommandError, match="not_spoilt") as refused:
        call_command("restore_network", str(archive), "--subdomain", "aspen")

    assert "\n" not in str(refused.value)
    assert get_network("aspen").state == NetworkState.RESTORING
    call_command("restore_network", str(archive), "--subdomain", "aspen")  # with the release that it is of
    assert get_network("aspen").state == NetworkState.LIVE


def test_archive_of_a_newer_release_is_refused_in_one_line(alder, tmp_path):
    archive = tmp_path / "alder.zip"
    with release_with(ALL_UNLIKE):
        upgrading.upgrade_networks([alder])
        call_command("export_network", "alder", str(archive))

    with pytest.raises(CommandError, match=r"another release \(suppliers/9999_added") as refused:
        call_command("restore_network", str(archive), "--subdomain", "aspen")

    assert "\n" not in str(refused.value)
    assert get_network("aspen") is None


@pytest.mark.parametrize(("subdomain", "why"), [("www", "reserved"), ("Aspen", "lower-case"), ("birch", "belongs to")])
def test_restore_refuses_a_bad_subdomain(archive, subdomain, why):
    with pytest.raises(CommandError, match=why):
        call_command("restore_network", str(archive), "--subdomain", subdomain)


def test_export_refuses_what_it_cannot_do(alder, birch, archive, tmp_path):
    birch.state = NetworkState.DELETED
    birch.save(update_fields=["state"])
    with pytest.raises(CommandError, match="Birch Bursars is deleted"):
        call_command("export_network", "birch", str(tmp_path / "birch.zip"))
    with pytest.raises(CommandError, match="is there already"):
        call_command("export_network", "alder", str(archive))
    with pytest.raises(CommandError, match="no network"):
        call_command("export_network", "nobody", str(tmp_path / "x.zip"))
    with pytest.raises(CommandError, match="cannot be written: No such file"):
        call_command("export_network", "alder", str(tmp_path / "nowhere" / "x.zip"))
    with only_writer(tmp_path / "x.zip"), pytest.raises(CommandError, match="Another process is writing"):
        call_command("export_network", "alder", str(tmp_path / "x.zip"))
    Network.objects.filter(pk=alder.pk).update(release="")
    with pytest.raises(CommandError, match="migrate_networks"):
        call_command("export_network", "alder", str(tmp_path / "x.zip"))


def test_archive_with_a_damaged_file_is_restored_without_it(alder, archive, tmp_path, capsys):
    with in_network(alder):
        file = StoredFile.objects.get()
        put_back(file.path, b"=Eve")
    path = tmp_path / "damaged.zip"

    call_command("export_network", "alder", str(path))
    call_command("restore_network", str(path), "--subdomain", "aspen")

    assert "1 files are named but gone or damaged" in capsys.readouterr().out
    with ZipFile(path) as opened:
        assert json.loads(opened.read("manifest.json"))["missing_files"] == [f"files/{file.id}/boilers.txt"]
    with in_network(get_network("aspen")):
        assert content_of(StoredFile.objects.get()) is None


def test_export_is_of_one_moment(alder, birch, tmp_path, monkeypatch):
    """What is written while an export runs is in none of its parts."""
    owner = make_member(alder, name="Olive Owner", role="owner")
    with in_network(alder):
        make_discussion(owner, title="Before")

    def meanwhile() -> None:
        with in_network(alder):
            make_discussion(owner, title="Meanwhile")
        connection.close()

    def write_sheets(*args: object) -> None:
        thread = threading.Thread(target=meanwhile)
        thread.start()
        thread.join()
        reader.write_sheets(*args)

    monkeypatch.setattr(exporting, "write_sheets", write_sheets)
    path = tmp_path / "alder.zip"

    call_command("export_network", "alder", str(path))

    with ZipFile(path) as opened:
        everything = b"".join(opened.read(name) for name in opened.namelist()).decode(errors="replace")
        manifest = json.loads(opened.read("manifest.json"))
    assert "Before" in everything
    assert "Meanwhile" not in everything
    assert manifest["network"]["subdomain"] == "alder"
    with in_network(alder):
        assert Discussion.objects.filter(title="Meanwhile").exists()
    assert host_of(alder) in manifest["network"]["domains"]
