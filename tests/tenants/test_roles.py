"""The app's role uses tables and owns nothing; what was done it can only add to; the owner's door closes behind one."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import psycopg2
import pytest
from django.core.handlers.base import BaseHandler
from django.db import connection, migrations, models, transaction
from django.http import HttpRequest, HttpResponse
from psycopg2.errors import InsufficientPrivilege

from config import localpg
from tenants import lifecycle, roles, services
from tenants.context import OpenTransactionError, current_schema, in_collective, in_network
from tests.builders.releases import release_with
from tests.roles import NoOwnerHereError
from tests.tenants.killing import database_url
from tests.tenants.test_upgrading import upgrade


def current_user() -> str:
    return ask("SELECT current_user")


def ask(question: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()[0]


def tell(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


# What the app has


def test_the_app_has_what_it_should_in_every_schema(alder, birch):
    assert roles.findings() == []


def test_findings_tell_what_is_too_much_and_what_is_too_little(as_owner, alder):
    tell(
        "GRANT UPDATE ON n_alder.audit_event TO collective_app",
        "GRANT TRUNCATE ON collective.publications_publication TO PUBLIC",
        "REVOKE DELETE ON n_alder.members_member FROM collective_app",
        "GRANT CREATE ON SCHEMA n_alder TO collective_app",
        "REVOKE USAGE ON SCHEMA collective FROM collective_app",
    )
    rows = "SELECT, INSERT, UPDATE, DELETE"

    assert roles.findings() == [
        f"collective.publications_publication: {rows}, TRUNCATE, MAINTAIN, not {rows}, MAINTAIN",
        "n_alder.audit_event: SELECT, INSERT, UPDATE, not SELECT, INSERT",
        f"n_alder.members_member: SELECT, INSERT, UPDATE, MAINTAIN, not {rows}, MAINTAIN",
        "schema collective: sees nothing of it",
        "schema n_alder: makes tables there",
    ]


@pytest.mark.django_db(transaction=True)
def test_what_is_made_later_is_the_apps_to_use_and_the_audit_to_add_to(alder):
    """A network put on line, and an upgrade that adds a table: by Django in one network, by what it ran in another."""
    rowan = services.request_network(name="Rowan", subdomain="rowan", owner_email="owner@rowan.example")
    lifecycle.advance(rowan)
    assert roles.findings() == []

    with release_with(migrations.CreateModel("Added", [("id", models.BigAutoField(primary_key=True))])):
        assert upgrade().failed == []

    assert roles.findings() == []
    for network in (alder, rowan):
        tell(f"INSERT INTO {network.schema_name}.suppliers_added DEFAULT VALUES")


def test_an_installation_of_one_role_is_brought_to_two(as_owner, alder):
    for name in ("public", "collective", "n_alder", "n_birch"):
        tell(f"REVOKE ALL ON ALL TABLES IN SCHEMA {name} FROM collective_app")
    tell("ALTER DEFAULT PRIVILEGES REVOKE ALL ON TABLES FROM collective_app")
    assert len(roles.findings()) > 100

    first, second = roles.prepare(), roles.prepare()

    assert (first, second, roles.findings()) == (True, False, [])


# What it may not


@pytest.fixture(scope="module")
def signed_in(django_db_setup, django_db_blocker) -> Iterator[Any]:
    """A connection as web servers have it."""
    with django_db_blocker.unblock():
        name = connection.settings_dict["NAME"]
    with closing(psycopg2.connect(database_url(name, localpg.APP_ROLE))) as client:
        yield client


@pytest.mark.parametrize(
    "statement",
    [
        *(
            f"{act} {table}{rest}"
            for table in ("n_alder.audit_event", "collective.audit_event", "audit_platform_event")
            for act, rest in (("UPDATE", " SET at = now()"), ("DELETE FROM", ""), ("TRUNCATE", ""))
        ),
        "INSERT INTO n_alder.django_migrations (app, name, applied) VALUES ('a', 'b', now())",
        "UPDATE tenants_schemascript SET sql = 'DROP SCHEMA collective CASCADE'",
        "CREATE TABLE mine (id int)",
        "CREATE TABLE n_alder.mine (id int)",
        "CREATE FUNCTION n_alder.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE RULE mine AS ON INSERT TO n_alder.audit_event DO INSTEAD NOTHING",
        "CREATE SCHEMA mine",
        "CREATE DATABASE mine",
        "CREATE ROLE mine",
        "ALTER TABLE n_alder.members_member ADD mine int",
        "TRUNCATE n_alder.members_member CASCADE",
        "DROP TABLE n_alder.members_member CASCADE",
        "DROP SCHEMA n_alder CASCADE",
        "SET ROLE collective_owner",
        "SET SESSION AUTHORIZATION collective_owner",
        "SELECT set_config('role', 'collective_owner', false)",
        "SET session_replication_role = replica",
        "COPY n_alder.members_member TO PROGRAM 'cat'",
        "SELECT pg_read_file('postgresql.conf')",
    ],
)
def test_the_app_is_refused(signed_in, statement):
    with closing(signed_in.cursor()) as cursor:
        if "CREATE DATABASE" in statement:
            cursor.execute("COMMIT")
        with pytest.raises(InsufficientPrivilege):
            cursor.execute(statement)
    signed_in.rollback()


def test_the_app_may_do_what_web_servers_do(signed_in):
    signed_in.notices.clear()
    with closing(signed_in.cursor()) as cursor:
        cursor.execute("CREATE TEMP TABLE staged (id int) ON COMMIT DROP")
        cursor.execute("DELETE FROM n_alder.sharing_policy; ANALYZE n_alder.search_searchentry")
        cursor.execute("SELECT count(*) FROM n_alder.audit_event")
        assert cursor.fetchone()[0]
        assert signed_in.notices == []
    signed_in.rollback()


# The owner's door


@pytest.mark.django_db(transaction=True)
def test_as_owner_is_another_connection_in_the_same_schema_and_leaves_none(alder):
    with in_network(alder):
        with roles.as_owner():
            inside = current_user(), ask("SHOW search_path"), current_schema()
            with roles.as_owner(), in_collective(), transaction.atomic():
                within = current_user(), ask("SHOW search_path")
        after = current_user(), ask("SHOW search_path"), current_schema()

    assert inside == ("collective_owner", "n_alder, public", "n_alder")
    assert within == ("collective_owner", "collective, public")
    assert after == ("collective_app", "n_alder, public", "n_alder")
    assert ask("SELECT count(*) FROM pg_stat_activity WHERE usename = 'collective_owner'") == 0


@pytest.mark.django_db(transaction=True)
def test_as_owner_comes_back_after_an_error(alder):
    def go_wrong() -> None:
        with roles.as_owner(), in_network(alder), transaction.atomic():
            tell("CREATE TABLE n_alder.undone (id int)")
            _ = 1 / 0

    with pytest.raises(ZeroDivisionError):
        go_wrong()

    assert (current_user(), current_schema()) == ("collective_app", "public")
    assert ask("SELECT to_regclass('n_alder.undone') IS NULL")


def test_as_owner_refuses_an_open_transaction(db):
    with transaction.atomic(), pytest.raises(OpenTransactionError), roles.as_owner():
        pass


def test_a_request_finds_the_door_shut(db, rf):
    """As in a web server, which does not know the owner: what a page wants made or removed is a job."""

    def open_it(_request: HttpRequest) -> HttpResponse:
        with roles.as_owner():
            return HttpResponse()

    handler = BaseHandler()
    handler._middleware_chain = open_it

    with pytest.raises(NoOwnerHereError):
        handler.get_response(rf.get("/"))


def test_with_one_role_nothing_changes(alder, settings):
    settings.DATABASE_OWNER = None

    with transaction.atomic(), roles.as_owner():
        assert current_user() == "collective_app"
    assert (roles.prepare(), roles.findings()) == (False, [])
    roles.narrow("n_nowhere", "network")


def test_check_warns_of_a_role_that_makes_tables(db):
    app = roles.check_roles(databases=["default"])
    with roles.as_owner():
        owner = roles.check_roles(databases=["default"])

    assert (app, [warning.id for warning in owner]) == ([], ["tenants.W001"])
