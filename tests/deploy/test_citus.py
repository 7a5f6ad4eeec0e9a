"""What deploy/citus holds, as far as it can be tried without a Citus: on PostgreSQL, alone and with its names stood in.

The stand-ins keep lists where Citus spreads tables, so they show that the scripts go through, not that Citus does.
"""

import importlib.util
import os
import re
import subprocess
import sys
from types import ModuleType
from typing import Any

import pytest
from django.db import connection

from config import localpg
from tenants.roles import as_owner
from tests.cluster import ROOT

CITUS = ROOT / "deploy/citus"
STAND_INS = """
CREATE TABLE pg_dist_partition (logicalrelid regclass PRIMARY KEY);
CREATE TABLE pg_dist_node (nodename text, nodeport int, isactive bool, shouldhaveshards bool, noderole text);
INSERT INTO pg_dist_node VALUES ('one', 5432, true, true, 'primary'), ('two', 5432, true, true, 'primary'),
  ('coordinator', 5432, true, false, 'primary');
CREATE TABLE moved (colocation_id oid, nodename text);
CREATE VIEW citus_schemas AS SELECT oid::regnamespace AS schema_name, oid AS colocation_id FROM pg_namespace;
CREATE VIEW citus_shards AS
  SELECT relnamespace AS colocation_id, 5432 AS nodeport,
         coalesce((SELECT nodename FROM moved WHERE colocation_id = relnamespace), 'one') AS nodename
  FROM pg_class WHERE relkind = 'r';
CREATE FUNCTION citus_add_local_table_to_metadata(place regclass, cascade_via_foreign_keys bool) RETURNS void
  LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO pg_dist_partition VALUES (place);
    PERFORM setval(pg_get_serial_sequence(place::text, attname), 1, false) FROM pg_attribute
      WHERE attrelid = place AND attidentity <> '';
  END $$;
CREATE FUNCTION citus_schema_move(place regnamespace, host text, port int) RETURNS void
  LANGUAGE sql AS $$ INSERT INTO moved VALUES (place::oid, host) $$;
"""


def url() -> str:
    """Return the address of this test's database."""
    database = connection.settings_dict
    return f"postgresql://{database['USER']}@/{database['NAME']}?host={database['HOST']}"


def run(*command: object, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run a program to its end."""
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)


@pytest.fixture
def smoke() -> ModuleType:
    """deploy/citus/smoke.py as a module."""
    spec = importlib.util.spec_from_file_location("citus_smoke", CITUS / "smoke.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def psql(monkeypatch) -> None:
    """The embedded server's psql is found first."""
    monkeypatch.setenv("PATH", f"{localpg.find_cluster('test').programs}:{os.environ['PATH']}")


@pytest.mark.parametrize(("given", "said"), [("", "Name a Citus: CITUS_URL="), ("here", "No Citus at CITUS_URL: ")])
def test_smoke_refuses_what_is_no_citus_in_one_line(db, given, said):
    environ = os.environ | {"CITUS_URL": url() if given else ""}

    done = subprocess.run(
        [sys.executable, CITUS / "smoke.py"], env=environ, capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert done.stderr.startswith(said)


def test_register_refuses_what_is_no_citus(db, psql):
    done = subprocess.run(
        ["psql", "--file", CITUS / "register.sql", url()], capture_output=True, text=True, check=False
    )

    assert done.returncode != 0
    assert "This is no Citus" in done.stderr


def test_every_step_of_the_smoke_goes_through_beside_stand_ins(transactional_db, smoke, psql, settings, capsys):
    settings.CITUS = True
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(STAND_INS)

    with pytest.raises(smoke.SmokeError, match="max_prepared_transactions is 0"):
        smoke.check(url())  # the last thing that is asked
    smoke.walk(url())

    steps = re.findall(r'with step\("(.+?)"\)', (CITUS / "smoke.py").read_text())
    assert re.findall(r"^ok  (.+) \(", capsys.readouterr().out, re.MULTILINE) == steps
    assert smoke.ask(url(), "SELECT count(*) FROM pg_dist_partition WHERE logicalrelid::text LIKE 'n\\_%%'") == [(0,)]
    [[following, highest]] = smoke.ask(
        url(), "SELECT nextval(pg_get_serial_sequence('auth_permission', 'id')), max(id) FROM auth_permission"
    )
    assert following > highest
