"""The command dumps, restores and compares what is there, and says in one line how it ended."""

import re
from unittest import mock

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from config import localpg
from shared_apps.operator import drill


def test_restore_drill_restores_everything_there_is(alder, birch, capsys):
    call_command("restore_drill")

    said = capsys.readouterr()
    figures = re.fullmatch(
        r"([\d,]+) tables with ([\d,]+) rows restored, ([\d,]+) took a row, 0 differ. .+ s\n", said.out
    )
    tables, rows, inserted = (int(each.replace(",", "")) for each in figures.groups())
    assert (tables > 100, rows > 500, inserted > tables * 0.8) == (True, True, True), said


def test_restore_drill_fails_for_a_restored_database_that_lacks_tables(db, alder):
    with (
        drill.scratch_database(localpg.owner_url("test")) as url,
        pytest.raises(CommandError, match=r"(?m)^public\.tenants_network is missing$"),
    ):
        call_command("restore_drill", restored=with_scheme(url))


def test_restore_drill_says_before_what_it_would_copy_and_whether_it_can(db, capsys, settings):
    call_command("restore_drill", dry_run=True)
    assert re.fullmatch(r"\d{3} tables of [\d,]+ bytes would be copied. Nothing was made.\n", capsys.readouterr().out)

    settings.DATABASE_OWNER = None
    app = {"USER": localpg.APP_ROLE, "PASSWORD": connection.settings_dict["PASSWORD"]}
    with (
        mock.patch.dict(connection.settings_dict, app),
        pytest.raises(CommandError, match=r"^This role may not make databases"),
    ):
        call_command("restore_drill", dry_run=True)


@pytest.mark.parametrize("option", ["restored", "server"])
def test_restore_drill_refuses_what_is_no_address_in_one_line(db, option):
    with pytest.raises(CommandError, match=r"^An address begins with postgresql://\.$"):
        call_command("restore_drill", **{option: "elsewhere"})


def with_scheme(dsn: str) -> str:
    parts = drill.parse_dsn(dsn)
    return f"postgresql://{parts['user']}@/{parts['dbname']}?host={parts['host'].replace('/', '%2F')}"
