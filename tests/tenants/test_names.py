"""Names that a network must not have are refused by the command in one line, and nothing is made."""

from collections.abc import Callable

import pytest
from django.core.management import load_command_class
from django.db import connection

from shared_apps.audit.models import PlatformEvent
from tenants.models import Domain, Network
from tenants.names import (
    NetworkNameError,
    check_name,
    check_region,
    check_subdomain,
    reserved_subdomains,
    schema_name_for,
)

SUBDOMAINS = {
    "empty": "",
    "one letter": "a",
    "two letters": "ab",
    "too long": "a" * 31,
    "very long": "a" * 5_000,
    "a digit first": "1alder",
    "digits alone": "123",
    "a hyphen first": "-alder",
    "a hyphen last": "alder-",
    "hyphens alone": "---",
    "two hyphens": "ald--er",
    "punycode": "xn--lder-koa",
    "upper case": "ALDER",
    "mixed case": "Alders",
    "an underscore": "alder_wood",
    "the schema of another": "n_alder",
    "a dot": "ald.er",
    "a dot last": "alderwood.",
    "two levels": "www.alderwood",
    "a whole host": "alderwood.localhost",
    "a port": "alderwood:80",
    "a user": "alder@wood",
    "a path": "alder/wood",
    "a parent folder": "../x",
    "an absolute path": "/etc/passwd",
    "a backslash": "alder\\wood",
    "a space inside": "alder wood",
    "a space first": " alderwood",
    "a space last": "alderwood ",
    "a tab": "alder\twood",
    "a line feed last": "alderwood\n",
    "a line feed inside": "alder\nwood",
    "a carriage return": "alder\rwood",
    "a NUL": "alder\x00wood",
    "an escape": "\x1b[31malder",
    "no-break space": "alder\u00a0wood",
    "a zero-width space": "alder\u200bwood",
    "a zero-width joiner": "alder\u200dwood",
    "a byte order mark": "\ufeffalderwood",
    "right-to-left override": "alder\u202ewood",
    "right-to-left isolate": "\u2067alder\u2069",
    "Cyrillic a": "\u0430lderwood",
    "Greek omicron": "w\u03bf\u03bfdland",
    "full width": "\uff41\uff4c\uff44\uff45\uff52",
    "mathematical letters": "\U0001d41a\U0001d425\U0001d41d\U0001d41e\U0001d42b",
    "an accent": "\u00e5lderwood",
    "a combining accent": "a\u030alderwood",
    "a dotless i": "w\u0131lderness",
    "a long s": "e\u017f\u017fex",
    "sharp s": "stra\u00dfe",
    "Arabic digits": "alder\u0661\u0662",
    "Chinese": "\u5b66\u6821\u7f51",
    "a soft hyphen": "alder\u00adwood",
    "a unicode hyphen": "alder\u2010wood",
    "an emoji": "alder\U0001f333",
    "a lone surrogate": "alder\udcff",
    "SQL": "x; DROP SCHEMA n_alder CASCADE",
    "a single quote": "alder'wood",
    "a double quote": 'alder"wood',
    "a dollar quote": "$$alder$$",
    "a comment": "alder--wood",
    "a format": "alder%s",
    "a percent escape": "%61lder",
    "a template": "{{alder}}",
    "a format field": "{alder}",
    "a script": "<script>alert(1)</script>",
    "a shell command": "$(reboot)",
    "a pipe": "alder|wood",
    "a wildcard": "*",
    "a comma": "alder,wood",
    "Postgres's own": "pg_catalog",
    "the public schema": "public",
    "the collective": "collective",
    "the collective, plural": "collectives",
    "the catalogue": "information-schema",
    "a tool": "citus",
    "the usual host": "www",
    "administrator": "admin",
    "administrators": "admins",
    "reserved with a hyphen more": "ad-min",
    "reserved with a hyphen less": "signin",
    "reserved, plural": "passwords",
    "reserved, singular": "activity",
    "mail": "mail",
    "the operator": "operator",
    "the API": "api",
    "static files": "static",
    "local": "localhost",
}

NAMES = {
    "empty": "",
    "spaces": " \t\n",
    "too long": "a" * 81,
    "punctuation alone": "-.,!?",
    "digits alone": "12345",
    "a NUL": "Alder\x00Wood",
    "an escape": "Alder \x1b[31mWood",
    "right-to-left override": "Alder \u202edooW",
    "a zero-width space": "Al\u200bder",
    "a lone surrogate": "Alder \udcff",
    "emoji alone": "\U0001f333\U0001f333",
    "private use": "Alder \ue000",
}

EMAILS = {
    "empty": "",
    "no at": "owner.example",
    "nobody": "@wood.example",
    "no host": "owner@",
    "two": "a@wood.example,b@wood.example",
    "a line feed": "owner@wood.example\nBcc: all@wood.example",
    "a NUL": "own\x00er@wood.example",
    "a control character": '"\x01"@wood.example',
    "too long": f"{'a' * 60}@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 20}.example",
    "a lone surrogate": "own\udcffer@wood.example",
    "words": "Helen Marsh <helen@wood.example>",
}

Refused = Callable[..., tuple[int, str]]


@pytest.fixture
def refused(alder, birch, monkeypatch, capsys) -> Refused:
    """Return what runs the command as manage.py does: the exit code and the one line, when nothing was made."""
    monkeypatch.setattr("django.core.management.base.connections.close_all", lambda: None)

    def run(name: str = "Alderwood", *, subdomain: str = "alderwood", email: str = "o@wood.example", region: str = ""):
        before, command = everything(), load_command_class("shared_apps.operator", "create_network")
        with pytest.raises(SystemExit) as ended:
            command.run_from_argv(
                [
                    *("manage.py", "create_network", f"--subdomain={subdomain}", f"--owner-email={email}"),
                    *(f"--region={region}", "--no-color", "--skip-checks", "--", name),
                ]
            )
        said = capsys.readouterr()
        assert said.out == ""
        assert everything() == before
        return ended.value.code, said.err

    return run


def everything() -> tuple:
    """Return every schema, and how many networks, addresses and events there are."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace ORDER BY 1")
        schemas = cursor.fetchall()
    return schemas, Network.objects.count(), Domain.objects.count(), PlatformEvent.objects.count()


def is_one_line(text: str) -> bool:
    return text.startswith("CommandError: ") and text.endswith(".\n") and text.count("\n") == 1 and len(text) < 160


def test_tables_hold_enough():
    assert len(SUBDOMAINS) >= 60


@pytest.mark.parametrize("subdomain", SUBDOMAINS.values(), ids=list(SUBDOMAINS))
def test_create_network_refuses_a_subdomain(refused, subdomain):
    code, said = refused(subdomain=subdomain)

    assert (code, is_one_line(said)) == (1, True), said
    assert said.removeprefix("CommandError: ").startswith(("A subdomain has", "The subdomain "))


@pytest.mark.parametrize("name", NAMES.values(), ids=list(NAMES))
def test_create_network_refuses_a_name(refused, name):
    code, said = refused(name)

    assert (code, is_one_line(said)) == (1, True), said
    assert said.startswith("CommandError: A network’s name ")


@pytest.mark.parametrize("email", EMAILS.values(), ids=list(EMAILS))
def test_create_network_refuses_an_owners_address(refused, email):
    code, said = refused(email=email)

    assert (code, is_one_line(said)) == (1, True), said
    assert said.startswith("CommandError: Enter the owner’s email address")


@pytest.mark.parametrize("region", ["a" * 41, "South\x00East", "South\u202eEast", "South \udcff"])
def test_create_network_refuses_a_region(refused, region):
    code, said = refused(region=region)

    assert (code, is_one_line(said)) == (1, True), said


@pytest.mark.parametrize("subdomain", ["abc", "a1b", "a" * 30, "kent", "thames-valley", "a-b-c-d", "isle-of-wight-2"])
def test_check_subdomain_takes_ordinary_ones(subdomain):
    assert check_subdomain(subdomain) == subdomain
    assert schema_name_for(subdomain) == "n_" + subdomain.replace("-", "_")


def test_check_subdomain_refuses_every_reserved_name_and_its_plural():
    assert len(reserved_subdomains()) > 500
    for name in reserved_subdomains():
        for form in (name, f"{name}s"):
            with pytest.raises(NetworkNameError):
                check_subdomain(form)


def test_schema_names_are_never_shared():
    """The hyphen becomes an underscore, which no subdomain has, so two subdomains never make one schema."""
    with pytest.raises(NetworkNameError):
        schema_name_for("thames_valley")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("  Thames  Valley ", "Thames Valley"),
        ("Rhwydwaith Ynys Môn", "Rhwydwaith Ynys Môn"),
        ('O’Neill & Sons\' "Best" <b>', 'O’Neill & Sons\' "Best" <b>'),
        ("'; DROP TABLE tenants_network; --", "'; DROP TABLE tenants_network; --"),
        ("100% Kent {{ x }} %s", "100% Kent {{ x }} %s"),
    ],
)
def test_check_name_keeps_what_people_write(given, kept):
    assert check_name(given) == kept


def test_check_region_tidies():
    assert check_region("  South   East ") == "South East"
