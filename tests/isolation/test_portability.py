"""An archive holds everything of its network and nothing of another; a copy made of it is the same, and its own."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.db import connection, transaction
from django.test import Client
from django_tasks_db.models import DBTaskResult

from collective.publications.models import Publication
from collective.publications.services import remove_origin
from shared_apps.accounts.models import NetworkAccess, User
from shared_apps.api.models import ApiToken
from shared_apps.audit.services import Actor
from shared_apps.mail.models import Message
from shared_apps.operator.services import remove_unfinished
from tenant_apps.discussions.models import Discussion
from tenant_apps.files.models import StoredFile
from tenant_apps.files.services import content_of
from tenant_apps.members.models import Member
from tenant_apps.notifications.enums import Channel
from tenant_apps.notifications.models import Notification
from tenant_apps.portability.adapters import travel_of
from tenant_apps.portability.dumping import columns_of, dump, load, network_models
from tenant_apps.portability.selectors import get_export
from tenant_apps.portability.services import Restored, export_network, open_export, restore_network
from tenant_apps.sharing.rebuilding import find_drift
from tenants import roles
from tenants.context import in_collective, in_network
from tenants.enums import NetworkState
from tenants.lifecycle import set_state
from tenants.middleware import forget_hosts
from tenants.models import Network
from tenants.roles import as_owner
from tenants.schema import drop_schema
from tenants.selectors import host_of
from tests import cluster
from tests.isolation import rows
from tests.isolation.canaries import all_words, private_words
from tests.isolation.world import World

STAY = {"mail.Message", "notifications.ReplyAddress", "portability.Export", "farewell.Farewell"}
CHANGED_IN_A_COPY = {  # columns of rows that are there in both
    "members.Invitation": {"code_hash"},
    "notifications.Notification": {"channel", "in_inbox"},
    "discussions.Archive": {"path"},
    "discussions.Discussion": {"publication_id", "away_count", "received_count", "is_answered", "last_activity_at"},
    "suppliers.Recommendation": {"publication_id"},
    "sharing.SharedItem": {"publication_id", "state", "withdrawn_at"},
    "search.SearchEntry": {"is_answered", "body", "extra_text", "tokens", "frequencies", "length", "words"},
}
MORE_IN_A_COPY = {"audit.Event", "sharing.LedgerEntry", "sharing.ReceivedReply", "search.SearchTermChange"}
FEWER_IN_A_COPY = {"discussions.Archive"}  # an upload that nobody had decided about stays behind


@pytest.fixture(scope="module")
def archive(built: World, django_db_blocker, tmp_path_factory) -> Path:
    """Alder's, written from what is committed: it is read as of one moment, which a test's transaction would be."""
    path = tmp_path_factory.mktemp("archives") / "alder.zip"
    with django_db_blocker.unblock():
        export_network(built.alder.network, path, by=Actor.system())
    return path


@pytest.fixture(scope="module")
def contents(archive: Path) -> dict[str, str]:
    with ZipFile(archive) as opened:
        return {name: opened.read(name).decode(errors="replace") for name in opened.namelist()}


@pytest.fixture(scope="module")
def copy(built: World, archive: Path, django_db_blocker) -> Iterator[Restored]:
    """A copy of alder beside it."""
    with django_db_blocker.unblock():
        restored = restore_network(archive, subdomain="aspen", by=Actor.system())
        yield restored
        set_state(restored.network, NetworkState.RESTORING)
        remove_unfinished(restored.network, by=Actor.system())


@pytest.fixture
def unblocked(django_db_blocker) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield


def test_archive_holds_everything_of_its_network(contents, world):
    said = json.loads(contents["manifest.json"])

    assert set(said["tables"]) | set(said["left_out"]) == {model._meta.label for model in network_models()}
    assert set(said["left_out"]) == STAY
    for label, table in said["tables"].items():
        kept = rows.texts(world.alder.schema, table["table"])
        said_after = 1 if label == "audit.Event" else 0  # that it was exported
        assert table["rows"] + said_after == len(kept), label
        assert table["rows"] == contents[table["file"]].count("\n"), label
    for folder in ("data/", "csv/", "read/discussions/", "read/suppliers/", "files/", "collective/", "public/accounts"):
        words = [text for name, text in contents.items() if name.startswith(folder)]
        assert any(all_words("alder").search(text) for text in words), folder


def test_archive_holds_nothing_of_another_network(contents, world):
    strangers = {str(key) for who, member in world.birch.people.items() if who != "both" for key in keys_of(member)}
    strangers |= rows.ids(world.birch.schema) - rows.ids(world.alder.schema)
    strangers -= set(rows.column(world.birch.schema, "sharing_receivedreply", "id"))  # which alder's people wrote

    found = {
        name: private_words("birch").findall(text) + sorted(strangers & set(re.findall(UUID_FORM, text)))
        for name, text in contents.items()
    }

    assert {name: words for name, words in found.items() if words} == {}
    answered = "".join(text for name, text in contents.items() if name.startswith(("collective/", "read/")))
    assert world.birch.shared("answer") in answered  # so that it could have been


UUID_FORM = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"


def keys_of(member: Member) -> tuple:
    return member.id, member.account_id


def test_archive_shows_readers_nothing_that_waits_or_is_hidden(contents, world):
    shown = "".join(text for name, text in contents.items() if name.startswith(("read/", "csv/")))

    assert [what for what in ("nameless", "bad", "hiddenreply", "note") if world.alder.kept(what) + "<" in shown] == []
    assert world.alder.kept("polltitle") + "<" in shown


@pytest.fixture(scope="module")
def owners(built: World, django_db_blocker) -> dict[str, str]:
    """What the owner of alder has."""
    alder, by = built.alder, built.alder.people["owner"]
    with (
        django_db_blocker.unblock(),
        in_network(alder.network),
        open_export(get_export(alder.ids["export_id"]), by=by) as file,
        ZipFile(file) as opened,
    ):
        return {name: opened.read(name).decode(errors="replace") for name in opened.namelist()}


def test_owners_archive_lacks_what_members_keep_to_themselves(built, contents, owners):
    alder = built.alder
    everything, kept = "".join(owners.values()), "".join(contents.values())
    asker = str(alder.people["both"].id)
    thing = next(line for line in contents["data/discussions.discussion.jsonl"].splitlines() if asker in line)

    for secret in ("draft", "replydraft", "note", "heldsubject"):
        assert (alder.kept(secret) in everything, alder.kept(secret) in kept) == (False, True), secret
    told = [line for text in owners.values() for line in text.splitlines() if json.loads(thing)["id"] in line]
    assert [line for line in told if asker in line] == []
    assert len(told) > 2
    assert json.loads(owners["manifest.json"])["is_full"] is False
    assert {name: words for name, text in owners.items() if (words := private_words("birch").findall(text))} == {}


def test_owners_archive_joins_nobody_to_what_they_wrote_without_their_name(built, contents, owners, unblocked):
    alder = built.alder
    with in_network(alder.network):
        nameless = Discussion.objects.get(title=alder.kept("nameless"))

    for who, thing in (("both", nameless.id), ("hidden", alder.ids["anon_reply"])):
        assert telling(alder.people[who], str(thing), owners) == []
        assert len(telling(alder.people[who], str(thing), contents)) > 2, who  # such as itself, a case and an act
        assert len(joined(str(thing), owners)) > 2, who


def telling(member: Member, thing: str, archive: dict[str, str]) -> list[str]:
    """Return the lines that join a member to a thing, in one step or through the case, act and appeal about it."""
    return [line for line in joined(thing, archive) if any(str(key) in line for key in keys_of(member))]


def joined(thing: str, archive: dict[str, str]) -> list[str]:
    about, found = {thing}, []
    for name in ("moderation.case", "moderation.act", "moderation.appeal"):
        for line in archive[f"data/{name}.jsonl"].splitlines():
            if about & set(re.findall(UUID_FORM, line)):
                about.add(json.loads(line)["id"])
    for name, text in archive.items():
        if name.endswith(".jsonl"):
            found += [line for line in text.splitlines() if about & set(re.findall(UUID_FORM, line))]
    return found


def test_archive_holds_nothing_that_lets_anybody_in(contents, world):
    everything = "\n".join(contents.values())
    passwords = set(User.objects.values_list("password", flat=True)) - {""}
    tokens = set(ApiToken.objects.values_list("token_hash", flat=True))

    assert [each for each in passwords | tokens if each in everything] == []
    assert [secret for place in world.places for secret in place.secrets.values() if secret in everything] == []
    assert len(passwords) > 5
    assert len(tokens) > 3


def test_archive_pages_need_nothing_from_elsewhere(contents):
    pages = {name: text for name, text in contents.items() if name.endswith((".html", ".css"))}
    loading = re.compile(r"<script|<link[^>]+href=.?(?:https?:|//)|<img|<iframe|\bsrc=|\bon\w+=|url\(|@import")

    assert len(pages) > 10
    assert [name for name, text in pages.items() if loading.search(text)] == []
    for name, text in pages.items():
        for target in re.findall(r'href="(?!https?:|mailto:)([^"]+)"', text):
            assert resolved(name, target) in contents, (name, target)


def resolved(page: str, target: str) -> str:
    from posixpath import dirname, join, normpath
    from urllib.parse import unquote

    return normpath(join(dirname(page), unquote(target)))


def test_copy_is_the_same_table_by_table(copy, contents, built, unblocked):
    assert differences_of(copy.network, contents, built) == {}


def compared(label: str, lines: Iterable[str], network: Network) -> Counter[str]:
    own = CHANGED_IN_A_COPY.get(label, set())
    rows_there = [{name: value for name, value in json.loads(line).items() if name not in own} for line in lines]
    return Counter(json.dumps(row).replace(str(network.id), "(network)") for row in rows_there)


def test_copy_publishes_nothing_and_tells_nobody(copy, built, unblocked):
    schema = copy.network.schema_name

    assert set(rows.column(schema, "discussions_discussion", "publication_id")) == {""}
    assert set(rows.column(schema, "suppliers_recommendation", "publication_id")) == {""}
    assert "shared" not in rows.column(schema, "sharing_shareditem", "state")
    assert rows.texts(schema, "mail_message") == []
    with in_network(copy.network):
        waiting = Notification.objects.filter(channel=Channel.DIGEST, digest_id=None, seen_at=None)
        assert not waiting.exists()
    assert not DBTaskResult.objects.filter(args_kwargs__network=str(copy.network.id)).exists()
    assert find_drift() == []


def test_copy_brings_home_what_others_answered(copy, built, unblocked):
    bodies = rows.column(copy.network.schema_name, "sharing_receivedreply", "body")

    assert built.birch.shared("answer") in bodies
    assert built.birch.anon("answer") in bodies


def test_copy_lets_in_who_was_in_the_original(copy, built, unblocked):
    def people(network: Network) -> set[tuple]:
        return set(NetworkAccess.objects.filter(network=network).values_list(*ACCESS))

    assert people(copy.network) == people(built.alder.network)


ACCESS = (
    *("account_id", "display_name", "display_job", "display_school", "display_phase", "state", "reads_only_until"),
    "needs_second_step",
)


def test_copy_accepts_inserts_into_every_table(copy, built, unblocked):
    assert refused_inserts(copy.network, one_of_each(built.alder.network)) == {}

    with as_owner(), in_network(copy.network), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('a', 'b', now()) RETURNING id")
        assert cursor.fetchone()[0]
        transaction.set_rollback(True)


def test_copy_is_the_apps_as_any_network_is(copy, unblocked):
    assert roles.findings() == []


def insert_anew(model, row: dict) -> None:
    """Put a row in the place of itself, and undo it; keys to others are checked where they would be at the end."""
    table = model._meta.db_table
    with transaction.atomic():
        with connection.cursor() as cursor:
            if "id" in row:
                cursor.execute(f'DELETE FROM "{table}" WHERE id = %s', [row["id"]])
        assert load(table, columns_of(table), [json.dumps(row | {"term": "inserted"} if "term" in row else row)]) == 1
        transaction.set_rollback(True)


def test_network_is_the_same_on_a_fresh_installation(archive, contents, built, settings, tmp_path, unblocked):
    """Another database without any network, another folder, another key: all is there, and it works."""
    one = one_of_each(built.alder.network)
    settings.MEDIA_ROOT, settings.SECRET_KEY = tmp_path, "of another installation"
    with fresh_database():
        alder = restore_network(archive, subdomain="alder", publish=True, by=Actor.system()).network

        assert alder.id != built.alder.network.id
        assert alder.restored_from is None  # it was not written here
        assert set(differences_of(alder, contents, built)) == {"sharing.SharedItem"}  # they are shared anew, now
        assert refused_inserts(alder, one) == {}
        assert roles.findings() == []
        assert find_drift() == []
        with in_collective():
            assert Publication.objects.filter(origin_id=alder.id).exists()
        with in_network(alder):
            files = {str(file.id): sha256(content_of(file) or b"").hexdigest() for file in StoredFile.objects.all()}
            owner = Member.objects.filter(role="owner", state="active").first()
        assert files == {row["id"]: row["sha256"] for row in lines_of(contents, "files.StoredFile")}
        assert files
        assert signs_in(owner, alder)


@contextmanager
def fresh_database() -> Iterator[None]:
    """Let Django be on a database as `migrate_schemas` leaves it: no network, no account, nothing shared."""
    name = f"{cluster.database_name()}_fresh"
    cluster.copy(cluster.ensure_template(), name)
    try:
        for network in Network.objects.filter(type="network"):
            with as_owner():
                drop_schema(network.schema_name)
            with in_collective():
                remove_origin(network.id)
            network.delete(force_drop=False)
        assert not User.objects.exists()
        yield
    finally:
        forget_hosts()
        cluster.point_django_at(cluster.database_name())
        cluster.drop(name)


def lines_of(contents: dict[str, str], label: str) -> list[dict]:
    return [json.loads(line) for line in contents[f"data/{label.lower()}.jsonl"].splitlines()]


def differences_of(copy: Network, contents: dict[str, str], built: World) -> dict[str, tuple]:
    """Return the rows that are not the same, by table; people are known by their addresses."""
    had = {row["email"]: row["account_id"] for row in map(json.loads, contents["public/accounts.jsonl"].splitlines())}
    accounts = {str(key): had[email] for email, key in User.objects.values_list("email", "pk") if email in had}
    found = {}
    for model in network_models():
        label = model._meta.label
        if travel_of(label).stays:
            continue
        with in_network(copy), transaction.atomic():
            copied = [
                ACCOUNT.sub(lambda key: accounts.get(key[0], key[0]), line) for line in dump(model, travel_of(""))
            ]
        said = contents[f"data/{label.lower()}.jsonl"].splitlines()
        there, here = compared(label, copied, copy), compared(label, said, built.alder.network)
        lost, added = here - there, there - here
        if (lost and label not in FEWER_IN_A_COPY) or (added and label not in MORE_IN_A_COPY):
            found[label] = (list(lost)[:2], list(added)[:2])
    return found


def one_of_each(network: Network) -> dict[type, dict]:
    """Return a row of every table, also of those that do not travel."""
    with in_network(network), transaction.atomic():
        return {model: json.loads(next(dump(model, travel_of("")))) for model in network_models()}


def refused_inserts(copy: Network, one: dict[type, dict]) -> dict[str, str]:
    """Put a row into every table, and return what was refused."""
    refused = {}
    with as_owner(), in_network(copy):  # who may take a row of the audit out for a moment
        for model, row in one.items():
            try:
                insert_anew(model, row)
            except Exception as error:  # noqa: BLE001 - every one of them is to be told
                refused[model._meta.label] = str(error)
    return refused


def signs_in(member: Member, network: Network) -> bool:
    """Whether a member comes in by an emailed code, and reads the front page."""
    client = Client(headers={"host": host_of(network)})
    client.post("/sign-in/code/", {"email": member.email})
    with in_network(network):
        code = CODE.search(Message.objects.latest("id").text)[0]
    client.post("/sign-in/code/type/", {"code": code})
    return member.initials in client.get("/account/").content.decode()


ACCOUNT = re.compile(UUID_FORM)
CODE = re.compile(r"\b[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}\b")
