"""What settings hold of the environment: addresses are taken apart, and development has stand-ins."""

import pytest

from config.entries import database_settings, mailer_settings, owner_settings, sign_in_providers
from config.env import read_env
from tests.config.test_env import PRODUCTION


def test_database_settings_take_everything_from_the_address(tmp_path):
    url = "postgresql://ap%40p:p%2Fw@db.test:5433/na%20me?sslmode=require"

    settings = database_settings(read_env({**PRODUCTION, "DATABASE_URL": url}, run=tmp_path))

    names = ("NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")
    assert [settings[name] for name in names] == ["na me", "ap@p", "p/w", "db.test", 5433, {"sslmode": "require"}]


def test_database_settings_take_a_socket_folder(tmp_path):
    url = "postgresql://collective@/collective?host=%2Ftmp%2Fsockets"

    settings = database_settings(read_env({"DATABASE_URL": url}, run=tmp_path))

    assert (settings["HOST"], settings["USER"], settings["OPTIONS"]) == ("/tmp/sockets", "collective", {})


def test_owner_settings_are_another_sign_in_or_none(tmp_path):
    app = {"DATABASE_URL": "postgresql://app:one@db/sbm"}
    two = read_env({**app, "DATABASE_OWNER_URL": "postgresql://own:two@db:5432/sbm"}, run=tmp_path)

    names = ("NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")
    assert owner_settings(two) == dict(zip(names, ("sbm", "own", "two", "db", 5432, {}), strict=True))
    assert owner_settings(read_env(app, run=tmp_path)) is None


def test_development_has_both_roles_of_the_embedded_database(tmp_path):
    env = read_env({}, run=tmp_path)

    assert (database_settings(env)["USER"], owner_settings(env)["USER"]) == ("collective_app", "collective_owner")


@pytest.mark.parametrize(
    ("url", "port", "use_tls", "use_ssl"),
    [
        ("smtp+tls://me:pw@mail.test", 587, True, False),
        ("smtps://me:pw@mail.test", 465, False, True),
        ("smtp://me:pw@mail.test:2525", 2525, False, False),
    ],
)
def test_mailer_settings_follow_the_scheme(url, port, use_tls, use_ssl, tmp_path):
    options = mailer_settings(read_env({"EMAIL_URL": url}, run=tmp_path))["OPTIONS"]

    assert [options[n] for n in ("host", "username", "password")] == ["mail.test", "me", "pw"]
    assert [options[n] for n in ("port", "use_tls", "use_ssl")] == [port, use_tls, use_ssl]


def test_mailer_settings_without_address_send_nothing(tmp_path):
    assert mailer_settings(read_env({}, run=tmp_path)) == {"BACKEND": "django.core.mail.backends.dummy.EmailBackend"}


def test_providers_are_a_stand_in_beside_the_web_server_in_development_only(tmp_path):
    found = sign_in_providers(read_env({"PORT": "8100"}, run=tmp_path))

    assert {name: given["server_url"] for name, given in found.items()} == {
        "google": "http://127.0.0.1:8135/google",
        "microsoft": "http://127.0.0.1:8135/microsoft/organizations/v2.0",
    }
    assert sign_in_providers(read_env(PRODUCTION, run=tmp_path)) == {}


def test_provider_with_an_id_of_ours_is_asked_itself(tmp_path):
    given = {"MICROSOFT_CLIENT_ID": "mine", "MICROSOFT_CLIENT_SECRET": "kept", "MICROSOFT_TENANT": "school.example"}

    for before in ({}, PRODUCTION):
        found = sign_in_providers(read_env({**before, **given}, run=tmp_path))

        url = "https://login.microsoftonline.com/school.example/v2.0"
        assert found == {"microsoft": {"client_id": "mine", "secret": "kept", "server_url": url}}
