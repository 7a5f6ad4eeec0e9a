"""The environment is read into types, refused in one line, and described by the committed .env.example."""

import json
import os
from pathlib import Path

import pytest

from config.env import Env, EnvError, read_env
from config.management.commands.env_example import example, reference

ROOT = Path(__file__).resolve().parent.parent.parent
PRODUCTION = {
    "PUBLIC_DOMAIN": "sbm.test",
    "DATABASE_URL": "postgresql://app:pw@db/app",
    "SECRET_KEY": "x" * 50,
    "EMAIL_URL": "smtp+tls://app:pw@mail.test:587",
}


def test_env_example_is_what_the_committed_file_says():
    assert (ROOT / ".env.example").read_text() == example()


def test_reference_is_what_the_committed_file_says():
    assert (ROOT / "deploy/ENVIRONMENT.md").read_text() == reference(), "manage.py env_example --table makes it"


def test_env_example_names_every_variable_once():
    lines = example().splitlines()

    for name in Env.__dataclass_fields__:
        assert sum(line.startswith(f"# {name.upper()}=") for line in lines) == 1


def test_env_empty_is_development_on_localhost(tmp_path):
    env = read_env({}, run=tmp_path)

    assert (env.public_domain, env.port, env.debug) == ("localhost", 8000, True)
    assert len(env.secret_key) >= 50


def test_env_types_are_those_of_the_fields(tmp_path):
    env = read_env({**PRODUCTION, "PORT": "81", "BEHIND_PROXY": "yes", "MEDIA_ROOT": "/srv/media"}, run=tmp_path)

    assert (env.port, env.behind_proxy, env.media_root, env.debug) == (81, True, Path("/srv/media"), False)


def test_env_development_key_is_made_once_and_private(tmp_path):
    first, second = read_env({}, run=tmp_path), read_env({}, run=tmp_path)

    assert first.secret_key == second.secret_key
    assert (tmp_path / "secret-key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"PORT": "http"}, "PORT must be a whole number from 1 to 65535, not 'http'."),
        ({"PORT": "70000"}, "PORT must be a whole number from 1 to 65535, not '70000'."),
        ({"PORT": "²"}, "PORT must be a whole number from 1 to 65535, not '²'."),
        ({"DEBUG": "maybe"}, "DEBUG must be true or false, not 'maybe'."),
        ({"PUBLIC_DOMAIN": "x:81"}, "PUBLIC_DOMAIN must be a domain without scheme and port, not 'x:81'."),
        (
            {"CERTIFICATE_NETWORK": "172.30.0.1/24"},
            "CERTIFICATE_NETWORK must be a network such as 172.30.0.0/24, not '172.30.0.1/24'.",
        ),
        ({"DATABASE_URL": "mysql://x/y"}, "DATABASE_URL must start with postgres:// or postgresql://."),
        ({"DATABASE_URL": "postgresql://h:99999/y"}, "DATABASE_URL cannot be read: Port out of range 0-65535."),
        ({"DRILL_DATABASE_URL": "h/y"}, "DRILL_DATABASE_URL must start with postgres:// or postgresql://."),
        ({"DATABASE_OWNER_URL": "postgresql://o@h/y"}, "DATABASE_OWNER_URL is set without DATABASE_URL."),
        (
            {"DATABASE_URL": "postgresql://a@h/y", "DATABASE_OWNER_URL": "postgresql://a@h/y"},
            "DATABASE_OWNER_URL must name another role than DATABASE_URL. With one role leave it out.",
        ),
        ({"EMAIL_URL": "mail.example.org"}, "EMAIL_URL must start with smtp:// or smtp+tls:// or smtps://."),
    ],
)
def test_env_bad_value_is_refused_in_one_line(given, message, tmp_path):
    with pytest.raises(EnvError) as refusal:
        read_env(given, run=tmp_path)

    assert str(refusal.value) == message


@pytest.mark.parametrize("missing", ["DATABASE_URL", "SECRET_KEY", "EMAIL_URL"])
def test_env_production_asks_for_what_it_needs(missing, tmp_path):
    with pytest.raises(EnvError, match=f"{missing} is missing"):
        read_env({**PRODUCTION, missing: ""}, run=tmp_path)


def test_env_production_refuses_a_short_key(tmp_path):
    with pytest.raises(EnvError, match="SECRET_KEY must be a secret of its own"):
        read_env({**PRODUCTION, "SECRET_KEY": "x" * 49}, run=tmp_path)


def test_env_production_refuses_the_development_key(tmp_path):
    key = read_env({}, run=tmp_path).secret_key

    with pytest.raises(EnvError, match="SECRET_KEY must be a secret of its own"):
        read_env({**PRODUCTION, "SECRET_KEY": key}, run=tmp_path)


def test_env_production_does_not_mind_a_development_key_that_it_cannot_read(tmp_path):
    (tmp_path / "secret-key").mkdir()  # root, who may run the tests, can read every file

    assert read_env(PRODUCTION, run=tmp_path).secret_key == PRODUCTION["SECRET_KEY"]


def test_env_port_is_that_of_the_running_server(tmp_path):
    (tmp_path / "state.json").write_text(json.dumps({"port": 9123, "pid": os.getpid()}))

    assert read_env({}, run=tmp_path).port == 9123
    assert read_env({"PORT": "81"}, run=tmp_path).port == 81


def test_env_port_of_a_killed_server_is_forgotten(tmp_path, dead_pid):
    (tmp_path / "state.json").write_text(json.dumps({"port": 9123, "pid": dead_pid}))

    assert read_env({}, run=tmp_path).port == 8000


def test_env_stand_in_for_stripe_is_beside_the_web_server_in_development_only(tmp_path):
    env = read_env({"PORT": "8100"}, run=tmp_path)

    assert (env.stripe_port, env.stripe_api_base, env.stripe_secret_key[:8]) == (
        8130,
        "http://127.0.0.1:8130",
        "sk_test_",
    )
    assert read_env({"STRIPE_PORT": "9000"}, run=tmp_path).stripe_api_base == "http://127.0.0.1:9000"
    assert read_env(PRODUCTION, run=tmp_path).stripe_secret_key == ""


def test_env_development_with_keys_of_its_own_asks_stripe_itself(tmp_path):
    env = read_env({"STRIPE_SECRET_KEY": "sk_test_mine", "STRIPE_WEBHOOK_SECRET": "whsec_mine"}, run=tmp_path)

    assert (env.stripe_port, env.stripe_api_base, env.stripe_secret_key) == (0, "", "sk_test_mine")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({**PRODUCTION, "STRIPE_API_BASE": "http://127.0.0.1:1"}, "STRIPE_API_BASE is for development: elsewhere"),
        ({**PRODUCTION, "STRIPE_PORT": "8030"}, "STRIPE_PORT is for development: there is no stand-in"),
        (
            {"STRIPE_SECRET_KEY": "pk_test_x", "STRIPE_WEBHOOK_SECRET": "whsec_x"},
            "STRIPE_SECRET_KEY must start with sk_",
        ),
        ({**PRODUCTION, "STRIPE_SECRET_KEY": "sk_live_x"}, "STRIPE_WEBHOOK_SECRET is missing"),
    ],
)
def test_env_stripe_that_anybody_could_speak_for_is_refused(given, message, tmp_path):
    with pytest.raises(EnvError, match=message):
        read_env(given, run=tmp_path)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({**PRODUCTION, "SIGN_IN_BASE": "http://127.0.0.1:1"}, "SIGN_IN_BASE and SIGN_IN_PORT are for development"),
        ({**PRODUCTION, "SIGN_IN_PORT": "8035"}, "SIGN_IN_BASE and SIGN_IN_PORT are for development"),
        ({"GOOGLE_CLIENT_ID": "mine"}, "GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET go together"),
        ({"MICROSOFT_TENANT": "x/../y"}, "MICROSOFT_TENANT must be organizations"),
        ({"MICROSOFT_TENANT": "common"}, "MICROSOFT_TENANT must be organizations"),
        ({"MICROSOFT_TENANT": "Consumers"}, "MICROSOFT_TENANT must be organizations"),
    ],
)
def test_env_sign_in_that_anybody_could_speak_for_is_refused(given, message, tmp_path):
    with pytest.raises(EnvError, match=message):
        read_env(given, run=tmp_path)


def test_env_mail_is_received_beside_the_web_server_in_development_only(tmp_path):
    assert read_env({"PORT": "8100"}, run=tmp_path).mail_port == 8125
    assert read_env({"PORT": "8100", "MAIL_PORT": "2525"}, run=tmp_path).mail_port == 2525
    assert read_env(PRODUCTION, run=tmp_path).mail_port == 0


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"ANYMAIL_INBOUND": "pigeon"}, "ANYMAIL_INBOUND must be one of mailgun, postmark, sendgrid, not 'pigeon'."),
        (
            {"ANYMAIL_TRACKING": "pigeon"},
            "ANYMAIL_TRACKING must be one of amazon-ses, mailgun, postmark, sendgrid, not 'pigeon'.",
        ),
        (
            {"ANYMAIL_TRACKING": "amazon-ses"},
            "ANYMAIL_WEBHOOK_SECRET must be user:password with 24 characters or more.",
        ),
        (
            {"ANYMAIL_INBOUND": "postmark"},
            "ANYMAIL_WEBHOOK_SECRET must be user:password with 24 characters or more.",
        ),
        (
            {"ANYMAIL_INBOUND": "mailgun", "ANYMAIL_WEBHOOK_SECRET": "user:" + "x" * 30},
            "ANYMAIL_MAILGUN_WEBHOOK_SIGNING_KEY is missing: Mailgun signs what it posts.",
        ),
    ],
)
def test_env_what_a_provider_posts_needs_its_secret(tmp_path, given, message):
    with pytest.raises(EnvError) as caught:
        read_env(PRODUCTION | given, run=tmp_path)

    assert str(caught.value) == message


def test_env_metrics_token_is_long_enough_to_be_a_secret(tmp_path):
    with pytest.raises(EnvError) as caught:
        read_env({"METRICS_TOKEN": "x" * 23}, run=tmp_path)

    assert str(caught.value) == "METRICS_TOKEN must be a secret of 24 characters or more."
