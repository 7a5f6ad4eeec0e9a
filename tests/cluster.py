"""The tests' database: a copy of a template that is made once for each state of the migrations.

TEST_DB names the copy, so that several runs can go on at once; each process of pytest-xdist has its own.
"""

import fcntl
import hashlib
import os
import re
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg2
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.test import TransactionTestCase

from config import localpg
from tenants import roles

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("config", "tenants", "shared_apps", "tenant_apps", "collective")
KEPT_TEMPLATES = 4  # of other branches and earlier states

fillers: list[Callable[[], None]] = []
"""What the template holds besides empty tables; conftest appends to it."""


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker) -> Iterator[None]:
    """Give this process a fresh copy, and forget it at the end."""
    name = database_name()
    localpg.ensure_running("test")
    with one_run(name), django_db_blocker.unblock():
        template = ensure_template()
        TransactionTestCase._fixture_teardown = lambda case: copy(template, name)
        copy(template, name)
        yield
        point_django_at("postgres")
        drop(name)


def database_name() -> str:
    """The name from TEST_DB, in each process of xdist another."""
    name = re.sub(r"\W", "_", os.environ.get("TEST_DB", "test").lower())
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    return f"{name}_{worker}" if worker else name


@contextmanager
def one_run(name: str) -> Iterator[None]:
    """Refuse a second run on the same database; the lock ends with its process."""
    with (localpg.RUN / f"tests-{name}.lock").open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pytest.exit(f"Other tests are using the database {name}: name another one with TEST_DB=…", returncode=4)
        yield


def copy(template: str, name: str) -> None:
    """Make the database anew. Transactional tests end so: a flush cannot truncate across schemas."""
    point_django_at(name)
    drop(name)
    execute(f'CREATE DATABASE "{name}" OWNER {localpg.OWNER_ROLE} TEMPLATE "{template}" STRATEGY wal_log')


def put_aside(name: str, aside: str) -> None:
    """Keep the database, as it is now, as one to copy from; the caller drops it."""
    point_django_at(name)
    drop(aside)
    execute(f'ALTER DATABASE "{name}" RENAME TO "{aside}"')


def drop(name: str) -> None:
    """Drop the database, whoever still uses it."""
    execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def ensure_template() -> str:
    """Make the template when this state of the migrations has none, and return its name."""
    name = f"template_{fingerprint()}"
    with (localpg.RUN / "tests-template.lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]):
            make_template(name)
            drop_old_templates()
    return name


def make_template(name: str) -> None:
    """Fill a draft and rename it, so that a killed run leaves no template half made."""
    execute('DROP DATABASE IF EXISTS "draft" WITH (FORCE)')
    execute(f'CREATE DATABASE "draft" OWNER {localpg.OWNER_ROLE} TEMPLATE template0')
    point_django_at("draft")
    with roles.as_owner():
        call_command("migrate_schemas", interactive=False, verbosity=0)
    for fill in fillers:
        fill()
    point_django_at("postgres")
    execute(f'ALTER DATABASE "draft" RENAME TO "{name}"')


def drop_old_templates() -> None:
    """Keep the newest few."""
    found = execute("SELECT datname FROM pg_database WHERE datname LIKE %s ORDER BY oid DESC", [r"template\_%"])
    for (name,) in found[KEPT_TEMPLATES:]:
        execute(f'DROP DATABASE IF EXISTS "{name}"')


def fingerprint() -> str:
    """A hash of everything that shapes the template: migrations, settings, packages and what onboarding does."""
    digest = hashlib.sha256(os.environ["DATABASE_URL"].encode())
    for path in sorted(shaping_files()):
        digest.update(str(path.relative_to(ROOT)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def shaping_files() -> set[Path]:
    """Return those files."""
    found = {ROOT / "requirements.txt", ROOT / "config/settings.py", *(ROOT / "tests").glob("*.py")}
    found.update((ROOT / "tenants").rglob("*.py"))
    for package in PACKAGES:
        found.update((ROOT / package).rglob("migrations/*.py"))
        for path in (ROOT / package).rglob("apps.py"):
            if "register_step(" in path.read_text():
                found.update(path.parent.glob("*.py"))
    return found


def point_django_at(name: str) -> None:
    """Let Django's connection use this database from its next query on."""
    for connection in connections.all(initialized_only=True):
        connection.close()
    connections.settings["default"]["NAME"] = name
    connections["default"].settings_dict["NAME"] = name
    settings.DATABASE_OWNER["NAME"] = name


def end_connection(pid: int) -> None:
    """End a connection as if the server had, which the product's role may not, and wait until it is gone."""
    execute("SELECT pg_terminate_backend(%s::int, 5000)", [str(pid)])


def lose_connection() -> None:
    """Have the server end Django's connection, and notice it: raises OperationalError."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        end_connection(cursor.fetchone()[0])
        cursor.execute("SELECT 1")


def execute(sql: str, parameters: list[str] | None = None) -> list[tuple]:
    """Run one statement on the test server, outside any transaction."""
    url = localpg.find_cluster("test").url_of(localpg.ADMIN).replace(f"/{localpg.DATABASE}?", "/postgres?")
    with closing(psycopg2.connect(url)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            return cursor.fetchall() if cursor.description else []
