#!/usr/bin/env python3
"""Tries the product on a Citus, in a database for this alone: it makes tables and three networks, and leaves them.

CITUS_URL=postgresql://user:password@coordinator:5432/name .venv/bin/python deploy/citus/smoke.py

Each step is one line; the first that fails is the last, with what is wrong. README.md says what they show.
"""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Any

import psycopg2

ROOT = Path(__file__).resolve().parents[2]
WORKERS = "SELECT nodename, nodeport FROM pg_dist_node WHERE isactive AND shouldhaveshards AND noderole = 'primary'"
NODE = (
    "SELECT DISTINCT nodename, nodeport FROM citus_shards JOIN citus_schemas USING (colocation_id)"
    " WHERE schema_name = %s::regnamespace"
)
UNREGISTERED = (
    "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE relkind = 'r'"
    " AND nspname IN ('public', 'collective')"
    " AND NOT EXISTS (SELECT FROM pg_dist_partition WHERE logicalrelid = c.oid)"
    " AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = c.oid AND deptype = 'e')"
)


class SmokeError(Exception):
    """What is wrong, in one line."""


def main() -> int:
    """Return 0 when all went well."""
    url = os.environ.get("CITUS_URL", "")
    try:
        check(url)
        os.environ |= {"DATABASE_URL": url, "CITUS": "true"}
        os.environ.pop("DATABASE_OWNER_URL", None)  # of another database
        sys.path.insert(0, str(ROOT))
        import django

        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        django.setup()
        walk(url)
    except SmokeError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def check(url: str) -> None:
    """Raise SmokeError where this is no Citus with two workers on which the product could run."""
    if not url:
        raise SmokeError("Name a Citus: CITUS_URL=postgresql://user:password@coordinator:5432/name")
    if not ask(url, "SELECT 1 FROM pg_proc WHERE proname = 'citus_schema_move'"):
        raise SmokeError("No Citus at CITUS_URL: the extension citus, from 12.1 on, is not in that database.")
    if len(ask(url, WORKERS)) < 2:
        raise SmokeError("Fewer than two workers: SELECT citus_add_node('host', 5432), as README.md says.")
    if ask(url, "SHOW max_prepared_transactions") == [("0",)]:
        raise SmokeError("max_prepared_transactions is 0: no commit could be in a network and in the Collective.")


def ask(url: str, question: str, *values: Any) -> list[tuple]:
    """Ask the coordinator, outside the product."""
    try:
        with closing(psycopg2.connect(url)) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(question, values)
                return cursor.fetchall()
    except psycopg2.OperationalError as error:
        raise SmokeError(f"No connection to CITUS_URL: {str(error).strip().splitlines()[0]}") from None


def walk(url: str) -> None:
    """Do each step, in networks of its own."""
    from django.core.management import call_command

    with step("tables of the platform and the Collective"):
        call_command("migrate_networks", verbosity=0)
    with step("the Collective registered"):
        register(url)
    with step("two networks, each on a node"):
        owners = [make_network(f"smoke-{token_hex(3)}") for _ in range(2)]
        schemas = [owner.network.schema_name for owner in owners]
        expect(all(len(ask(url, NODE, schema)) == 1 for schema in schemas), "a network is on no node")
    with step("a question shared: one commit in a network and in the Collective"):
        share_and_keep(owners[0])
    with step("a share that is broken off leaves nothing in either"):
        share_and_break_off(owners[1])
    with step("a network moved to another node while it is written to"):
        move(url, owners[0])
    with step("an archive of it restored as another network, which is written to"):
        restore(owners[0])
    with step("an upgrade with nothing to do"):
        call_command("migrate_networks", verbosity=0)


@contextmanager
def step(what: str) -> Iterator[None]:
    """Say that a step went well, and in how many seconds; what breaks in it becomes one line."""
    began = monotonic()
    try:
        yield
    except SmokeError as error:
        raise SmokeError(f"FAILED  {what}: {error}") from None
    except Exception as error:
        raise SmokeError(f"FAILED  {what}: {type(error).__name__}: {str(error).strip()}") from error
    print(f"ok  {what} ({monotonic() - began:.1f} s)", flush=True)


def expect(holds: bool, otherwise: str) -> None:
    """Raise SmokeError unless it holds."""
    if not holds:
        raise SmokeError(otherwise)


def register(url: str) -> None:
    """Run register.sql twice, as an upgrade does."""
    for _ in range(2):
        command = ["psql", "--quiet", "--no-psqlrc", f"--file={Path(__file__).with_name('register.sql')}", url]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        expect(done.returncode == 0, done.stderr.strip())
    left = ask(url, UNREGISTERED)
    expect(left == [], f"not registered: {left}")


class Owner:
    """A network's first member, and how it is written to."""

    def __init__(self, network: Any, member: Any) -> None:
        self.network, self.member = network, member

    def here(self) -> Any:
        """Enter the network."""
        from tenants.context import in_network

        return in_network(self.network)

    def discuss(self, title: str) -> Any:
        """Begin a discussion."""
        from tenant_apps.discussions.services import start_discussion

        with self.here():
            return start_discussion(title=title, body="Written by the smoke.", kind="question", by=self.member)

    def reply(self, discussion: Any, body: str) -> None:
        """Reply in it."""
        from tenant_apps.discussions.services import post_reply

        with self.here():
            post_reply(discussion, body=body, by=self.member)


def make_network(subdomain: str) -> Owner:
    """Put a network on line and take it over."""
    from shared_apps.audit.enums import Via
    from shared_apps.audit.services import Actor
    from shared_apps.operator.services import onboard_network
    from tenant_apps.members.models import Invitation
    from tenant_apps.members.services import accept_invitation
    from tenants.context import in_network

    email = f"owner@{subdomain}.example"
    by = Actor.system("command")
    network = onboard_network(name=subdomain, subdomain=subdomain, owner_email=email, by=by).network
    with in_network(network):
        invitation = Invitation.objects.get(accepted_at=None, revoked_at=None)
        _account, member = accept_invitation(invitation, proved_email=email, name="Smoke", via=Via.COMMAND)
    return Owner(network, member)


def share(owner: Owner) -> None:
    """Share a question with the Collective by name."""
    from collective.publications.enums import Identity
    from tenant_apps.discussions.enums import SHARE_KIND
    from tenant_apps.sharing.services import Choice, share_item

    discussion = owner.discuss("Who mends boilers?")
    with owner.here():
        share_item(SHARE_KIND, discussion.id, Choice(identity=Identity.NAMED), by=owner.member)


def share_and_keep(owner: Owner) -> None:
    """Share, and find it in both."""
    before = count_shared(owner)
    share(owner)
    expect(count_shared(owner) == (before[0] + 1, before[1] + 1), "it is not in both")


def share_and_break_off(owner: Owner) -> None:
    """Take back a share in which both have been written to."""
    from django.db import transaction

    before = count_shared(owner)
    with owner.here(), transaction.atomic():
        share(owner)
        transaction.set_rollback(True)
    expect(count_shared(owner) == before, "something of it is left")


def count_shared(owner: Owner) -> tuple[int, int]:
    """Return how many publications a network has, and how many discussions."""
    from collective.publications.models import Publication
    from tenant_apps.discussions.models import Discussion
    from tenants.context import in_collective

    with in_collective():
        publications = Publication.objects.filter(origin_id=owner.network.id).count()
    with owner.here():
        return publications, Discussion.objects.count()


def move(url: str, owner: Owner) -> None:
    """Move a network while replies are written to it; all of them are there afterwards."""
    from tenant_apps.discussions.models import Reply

    discussion = owner.discuss("Who moves house?")
    schema = owner.network.schema_name
    [here] = ask(url, NODE, schema)
    host, port = next(node for node in ask(url, WORKERS) if node != here)
    written = writing(lambda number: owner.reply(discussion, f"Reply {number}"))
    with written as replies:
        ask(url, "SELECT citus_schema_move(%s::regnamespace, %s, %s)", schema, host, port)
    expect(ask(url, NODE, schema) == [(host, port)], "it is not where it was moved to")
    with owner.here():
        found = set(Reply.objects.filter(discussion_id=discussion.id).values_list("body", flat=True))
    expect(
        len(replies) > 0 and set(replies) == found, f"{len(replies)} replies were acknowledged, {len(found)} are there"
    )
    owner.reply(discussion, "Afterwards")


@contextmanager
def writing(write: Callable[[int], None]) -> Iterator[list[str]]:
    """Write in another thread until the end of the block; yields what was acknowledged."""
    from django.db import connection

    done: list[str] = []
    began, stopping = threading.Event(), threading.Event()

    def go_on() -> None:
        try:
            while not stopping.is_set():
                write(len(done))
                done.append(f"Reply {len(done)}")
                began.set()
        finally:
            began.set()
            connection.close()

    writer = threading.Thread(target=go_on)
    writer.start()
    began.wait()
    try:
        yield done
    finally:
        stopping.set()
        writer.join()


def restore(owner: Owner) -> None:
    """Write the network's archive, make a network of it, and write to that one."""
    from shared_apps.audit.services import Actor
    from tenant_apps.discussions.models import Discussion
    from tenant_apps.members.models import Member
    from tenant_apps.portability.services import export_network, restore_network
    from tenants.context import in_network

    by, subdomain = Actor.system("command"), f"{owner.network.subdomain}-copy"
    with TemporaryDirectory() as folder:
        path = Path(folder) / "archive.zip"
        export_network(owner.network, path, by=by)
        copy = restore_network(path, subdomain=subdomain, by=by).network
    with owner.here():
        before = Discussion.objects.count()
    with in_network(copy):
        member = Member.objects.get(name="Smoke")
    Owner(copy, member).discuss("Who is here?")
    with in_network(copy):
        expect(Discussion.objects.count() == before + 1, "not all discussions are there")


if __name__ == "__main__":
    sys.exit(main())
