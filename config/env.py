"""Every environment variable the product reads, typed and described once; `manage.py env_example` prints it."""

import dataclasses
import json
import os
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

RUN = Path(__file__).resolve().parent.parent / ".run"
TRUE, FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}
SECRET_KEY_LENGTH = 50
TOKEN_LENGTH = 24
INBOUND_PROVIDERS = ("mailgun", "postmark", "sendgrid")
TRACKING_PROVIDERS = ("amazon-ses", *INBOUND_PROVIDERS)
MAIL_PORT_AFTER, STRIPE_PORT_AFTER, SIGN_IN_PORT_AFTER = 25, 30, 35
PROVIDERS = {"google": "https://accounts.google.com", "microsoft": "https://login.microsoftonline.com"}
PRIVATE_TENANTS = ("common", "consumers", "9188040d-6c67-4c5b-b112-36a304b66dad")  # where private people sign in too


class EnvError(Exception):
    """A variable that cannot be used; the message is one line for a person."""


def setting(default: Any, doc: str) -> Any:
    return dataclasses.field(default=default, metadata={"doc": doc})


@dataclass(frozen=True)
class Env:
    """The environment, read and checked."""

    public_domain: str = setting("localhost", "The platform's domain; networks live on its subdomains.")
    port: int = setting(8000, "The port the web server listens on.")
    debug: bool | None = setting(
        None, "Development conveniences: error pages with details, plain HTTP, /dev/ pages. On for localhost only."
    )
    secret_key: str = setting(
        "", "Signs sessions and links: 50 characters or more. In development one is made and kept in .run/."
    )
    secret_key_before: str = setting(
        "", "The SECRET_KEY until now, while it is being replaced: what it signed stays good."
    )
    database_url: str = setting(
        "", "postgresql://user:password@host:5432/name?sslmode=require. In development the embedded database."
    )
    database_owner_url: str = setting(
        "",
        "The same database as the role that makes and removes tables, for the worker and commands alone. With it the"
        " role of DATABASE_URL only reads and writes rows; without it, it owns everything.",
    )
    drill_database_url: str = setting(
        "", "Where restore drills make their scratch database, as a role that may make one. Empty: beside the live one."
    )
    citus: bool = setting(
        False, "The database is a Citus: each network is put on one of its nodes (deploy/citus/README.md)."
    )
    localpg_bin: str = setting("", "Folder with the programs of another PostgreSQL for the embedded database.")
    behind_proxy: bool = setting(False, "A proxy in front ends TLS and sets X-Forwarded-Proto and X-Forwarded-For.")
    certificate_network: str = setting(
        "", "Where the proxy asks from which hosts get a certificate, besides loopback: 172.30.0.0/24."
    )
    dns_resolver: str = setting(
        "", "ADDRESS:PORT of the name server that is asked about networks’ own domains. Empty: the system’s own."
    )
    email_url: str = setting(
        "", "smtp+tls://user:password@host:587 (smtp:// and smtps:// too). Empty in development: stored, not sent."
    )
    email_from: str = setting("collective@localhost", "The address that mail comes from.")
    mail_port: int = setting(
        0, "The port that incoming mail is received on by SMTP, on loopback. In development PORT + 25, otherwise off."
    )
    lmtp_port: int = setting(0, "The same by LMTP, for a mail server beside it. Off unless set.")
    anymail_inbound: str = setting(
        "", "A provider that posts incoming mail to /mail/in/ on the platform's host: mailgun, postmark or sendgrid."
    )
    anymail_tracking: str = setting(
        "", "A provider that posts bounces and complaints to /mail/events/ there: one of these, or amazon-ses."
    )
    anymail_webhook_secret: str = setting("", "user:password that the provider must give, 24 characters or more.")
    anymail_mailgun_webhook_signing_key: str = setting("", "With mailgun: the key it signs with.")
    stripe_secret_key: str = setting(
        "", "Stripe's secret key, sk_… In development that of a stand-in for Stripe, which make run starts."
    )
    stripe_publishable_key: str = setting("", "The key that goes with it, pk_…")
    stripe_webhook_secret: str = setting(
        "", "whsec_…, of the webhook /stripe/webhook/ on the platform's host. Stripe signs with it."
    )
    stripe_api_base: str = setting("", "Another address of Stripe's API, in development only: a stand-in's.")
    stripe_port: int = setting(
        0, "The port of the stand-in for Stripe, on loopback. In development PORT + 30, unless a key is set."
    )
    google_client_id: str = setting(
        "",
        "Google's client ID, with which people may sign in. In development that of a stand-in, which make run starts.",
    )
    google_client_secret: str = setting("", "The secret that goes with it.")
    microsoft_client_id: str = setting("", "Microsoft's application ID, likewise.")
    microsoft_client_secret: str = setting("", "The secret that goes with it; it runs out, at the latest in two years.")
    microsoft_tenant: str = setting(
        "organizations", "Who may sign in with Microsoft: every school or firm, or the ID of one directory."
    )
    sign_in_base: str = setting("", "Another address for both, in development only: a stand-in's.")
    sign_in_port: int = setting(
        0, "The port of the stand-in for both, on loopback. In development PORT + 35, unless an ID is set."
    )
    invoice_seller: str = setting(
        "", "Who writes the invoices: name, address and VAT number, printed on each; a ; begins a line."
    )
    invoice_bank: str = setting("", "Where invoices are paid: account name, sort code and number; a ; begins a line.")
    sentry_dsn: str = setting("", "Where errors are reported, scrubbed of personal data. Empty: nowhere.")
    metrics_token: str = setting(
        "", "Bearer token with which Prometheus reads /metrics on the platform's host, 24 characters or more."
    )
    slow_query_ms: int = setting(500, "Statements that take longer are logged, without their values.")
    backup_days: int = setting(35, "For how many days backups are kept, as certificates of deletion say it.")
    media_root: Path = setting(RUN / "media", "Folder of uploaded files.")  # noqa: RUF009 - it is dataclasses.field()
    web_concurrency: int = setting(2, "Processes of the web server.")
    web_threads: int = setting(4, "Threads in each process of the web server.")


# Reading


def read_env(environ: Mapping[str, str], *, run: Path = RUN) -> Env:
    """The checked environment; raises EnvError. `run` is the folder where development keeps its own secret key."""
    given = {
        field.name: convert(field.name.upper(), environ[field.name.upper()].strip(), field.type)
        for field in dataclasses.fields(Env)
        if environ.get(field.name.upper(), "").strip()
    }
    env = Env(**{"port": running_port(run)} | given)
    if env.debug is None:
        env = dataclasses.replace(env, debug=env.public_domain == "localhost")
    if not env.mail_port and env.debug:
        env = dataclasses.replace(env, mail_port=min(env.port + MAIL_PORT_AFTER, 65_535))
    if env.debug:
        env = with_stand_in_for_sign_in(with_stand_in_for_stripe(env))
    if not env.secret_key and env.debug:
        env = dataclasses.replace(env, secret_key=development_secret_key(run))
    check(env, run)
    return env


def with_stand_in_for_stripe(env: Env) -> Env:
    """Without keys of one's own development is paid by a stand-in, whose keys are no secret."""
    if env.stripe_secret_key or env.stripe_api_base:
        return env
    port = env.stripe_port or min(env.port + STRIPE_PORT_AFTER, 65_535)
    return dataclasses.replace(
        env,
        stripe_port=port,
        stripe_api_base=f"http://127.0.0.1:{port}",
        stripe_secret_key="sk_test_standin",  # noqa: S106 - of the stand-in, which is on loopback
        stripe_publishable_key="pk_test_standin",
        stripe_webhook_secret=env.stripe_webhook_secret or "whsec_standin",
    )


def with_stand_in_for_sign_in(env: Env) -> Env:
    """Without IDs of one's own people sign in at a stand-in for Google and Microsoft, as whomever they choose."""
    if env.google_client_id or env.microsoft_client_id or env.sign_in_base:
        return env
    port = env.sign_in_port or min(env.port + SIGN_IN_PORT_AFTER, 65_535)
    given = {f"{each}_client_{part}": "standin" for each in PROVIDERS for part in ("id", "secret")}
    return dataclasses.replace(env, sign_in_port=port, sign_in_base=f"http://127.0.0.1:{port}", **given)


def running_port(run: Path) -> int:
    """The port of a running `make run`, so that commands beside it print addresses that answer."""
    try:
        state = json.loads((run / "state.json").read_text())
        os.kill(state["pid"], 0)
        return int(state["port"])
    except (OSError, ValueError, KeyError):  # not running, or killed
        return Env.port


def convert(name: str, text: str, kind: Any) -> Any:
    if kind is int:
        return whole_number(name, text)
    if kind in (bool, bool | None):
        return truth(name, text)
    return Path(text).absolute() if kind is Path else text


def whole_number(name: str, text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= 65_535):
        raise EnvError(f"{name} must be a whole number from 1 to 65535, not {text!r}.")
    return int(text)


def truth(name: str, text: str) -> bool:
    if text.lower() not in TRUE | FALSE:
        raise EnvError(f"{name} must be true or false, not {text!r}.")
    return text.lower() in TRUE


def check(env: Env, run: Path) -> None:
    check_database(env)
    if env.email_url:
        split_url("EMAIL_URL", env.email_url, {"smtp", "smtp+tls", "smtps"})
    if not all(part.isalnum() for part in env.public_domain.replace("-", "").split(".")):
        raise EnvError(f"PUBLIC_DOMAIN must be a domain without scheme and port, not {env.public_domain!r}.")
    if env.certificate_network:
        check_network("CERTIFICATE_NETWORK", env.certificate_network)
    if env.dns_resolver:
        check_resolver(env.dns_resolver)
    check_provider("ANYMAIL_INBOUND", env.anymail_inbound, INBOUND_PROVIDERS, env)
    check_provider("ANYMAIL_TRACKING", env.anymail_tracking, TRACKING_PROVIDERS, env)
    check_stripe(env)
    check_sign_in(env)
    check_metrics(env)
    if not env.debug:
        check_production(env, run)


def check_database(env: Env) -> None:
    app = split_database_url("DATABASE_URL", env.database_url) if env.database_url else None
    if env.drill_database_url:
        split_database_url("DRILL_DATABASE_URL", env.drill_database_url)
    if not env.database_owner_url:
        return
    owner = split_database_url("DATABASE_OWNER_URL", env.database_owner_url)
    if app is None:
        raise EnvError("DATABASE_OWNER_URL is set without DATABASE_URL.")
    if app.username == owner.username:
        raise EnvError("DATABASE_OWNER_URL must name another role than DATABASE_URL. With one role leave it out.")


def check_network(name: str, text: str) -> None:
    try:
        ip_network(text)
    except ValueError:
        raise EnvError(f"{name} must be a network such as 172.30.0.0/24, not {text!r}.") from None


def check_resolver(text: str) -> None:
    host, _, port = text.rpartition(":")
    try:
        ip_address(host)
    except ValueError:
        raise EnvError(f"DNS_RESOLVER must be an address and a port such as 127.0.0.1:53, not {text!r}.") from None
    whole_number("DNS_RESOLVER", port)


def check_metrics(env: Env) -> None:
    if env.metrics_token and len(env.metrics_token) < TOKEN_LENGTH:
        raise EnvError(f"METRICS_TOKEN must be a secret of {TOKEN_LENGTH} characters or more.")


def check_provider(name: str, provider: str, known: tuple[str, ...], env: Env) -> None:
    """Without a secret anybody could post mail in anybody's name, or have an address rested."""
    if not provider:
        return
    if provider not in known:
        raise EnvError(f"{name} must be one of {', '.join(known)}, not {provider!r}.")
    secret = env.anymail_webhook_secret
    if ":" not in secret or len(secret) < TOKEN_LENGTH:
        raise EnvError(f"ANYMAIL_WEBHOOK_SECRET must be user:password with {TOKEN_LENGTH} characters or more.")
    if provider == "mailgun" and not env.anymail_mailgun_webhook_signing_key:
        raise EnvError("ANYMAIL_MAILGUN_WEBHOOK_SIGNING_KEY is missing: Mailgun signs what it posts.")


def check_stripe(env: Env) -> None:
    """Whoever could choose the API's address, or sign an event, could say that anything is paid."""
    if env.stripe_api_base and not env.debug:
        raise EnvError("STRIPE_API_BASE is for development: elsewhere Stripe itself is asked.")
    if env.stripe_port and not env.debug:
        raise EnvError("STRIPE_PORT is for development: there is no stand-in for Stripe elsewhere.")
    if env.stripe_secret_key and not env.stripe_secret_key.startswith(("sk_", "rk_")):
        raise EnvError("STRIPE_SECRET_KEY must start with sk_ or rk_.")
    if env.stripe_secret_key and not env.stripe_webhook_secret:
        raise EnvError("STRIPE_WEBHOOK_SECRET is missing: without it nobody knows whether an event is Stripe's.")


def check_sign_in(env: Env) -> None:
    """Whoever could choose where people are asked who they are could say that they are anybody.

    Private Microsoft accounts are kept out: Microsoft says `xms_edov` of every one, whoever has its address by now.
    """
    if (env.sign_in_base or env.sign_in_port) and not env.debug:
        raise EnvError("SIGN_IN_BASE and SIGN_IN_PORT are for development: elsewhere Google and Microsoft are asked.")
    for each in PROVIDERS:
        if bool(getattr(env, f"{each}_client_id")) != bool(getattr(env, f"{each}_client_secret")):
            raise EnvError(f"{each.upper()}_CLIENT_ID and {each.upper()}_CLIENT_SECRET go together: one is missing.")
    is_one = all(part.isalnum() for part in env.microsoft_tenant.replace("-", "").split("."))
    if not is_one or env.microsoft_tenant.lower() in PRIVATE_TENANTS:
        raise EnvError(f"MICROSOFT_TENANT must be organizations or a directory's ID, not {env.microsoft_tenant!r}.")


def check_production(env: Env, run: Path) -> None:
    if not env.database_url:
        raise EnvError("DATABASE_URL is missing: outside development the product needs a database server.")
    if not env.secret_key:
        raise EnvError("SECRET_KEY is missing: outside development it must be set.")
    if not env.email_url:
        raise EnvError("EMAIL_URL is missing: outside development nobody could read a code to sign in with.")
    if len(env.secret_key) < SECRET_KEY_LENGTH or is_development_key(env.secret_key, run):
        raise EnvError(f"SECRET_KEY must be a secret of its own with {SECRET_KEY_LENGTH} characters or more.")


def is_development_key(key: str, run: Path) -> bool:
    try:
        return (run / "secret-key").read_text() == key
    except OSError:  # there is none, or it is somebody else's: root prepares a release, and another person runs it
        return False


def development_secret_key(run: Path) -> str:
    """Made once, so that sign-ins survive a restart."""
    path = run / "secret-key"
    if not path.exists():
        run.mkdir(parents=True, exist_ok=True)
        draft = run / f"secret-key.{os.getpid()}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(SECRET_KEY_LENGTH))
        draft.rename(path)
    return path.read_text()


def split_database_url(name: str, text: str) -> SplitResult:
    return split_url(name, text, {"postgres", "postgresql"})


def split_url(name: str, text: str, schemes: set[str]) -> SplitResult:
    try:
        url = urlsplit(text)
        _ = url.port
    except ValueError as error:
        raise EnvError(f"{name} cannot be read: {error}.") from None
    if url.scheme not in schemes:
        raise EnvError(f"{name} must start with {' or '.join(f'{scheme}://' for scheme in sorted(schemes))}.")
    return url


def load() -> Env:
    try:
        return read_env(os.environ)
    except EnvError as error:
        sys.exit(str(error))


ENV = load()
