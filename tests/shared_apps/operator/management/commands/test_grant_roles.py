"""`manage.py grant_roles` gives the app what it may have; with --check it only looks."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tenants.roles import as_owner


def run(*arguments: str) -> str:
    said = StringIO()
    call_command("grant_roles", *arguments, stdout=said)
    return said.getvalue()


def test_it_says_what_is_wrong_and_puts_it_right(alder):
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("GRANT DELETE ON n_alder.audit_event TO collective_app")
        cursor.execute("GRANT CREATE ON SCHEMA n_alder TO collective_app")

    with pytest.raises(CommandError) as said:
        run("--check")
    assert str(said.value).splitlines() == [
        "n_alder.audit_event: SELECT, INSERT, DELETE, not SELECT, INSERT",
        "schema n_alder: makes tables there",
    ]

    assert run() == "4 schemas granted to collective_app.\nThe role has what it should, and no more.\n"
    assert run("--check") == "The role has what it should, and no more.\n"


def test_it_refuses_where_there_is_one_role(settings):
    settings.DATABASE_OWNER = None

    with pytest.raises(CommandError, match="There is one role"):
        run()
