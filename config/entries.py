"""What Django's settings hold of the environment: entries for databases, mail and signing in elsewhere."""

from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote

from config import localpg
from config.env import PROVIDERS, Env, split_database_url, split_url

CONNECTION_SECONDS = 300  # a connection grows by each network it has met, so it is not kept for ever


def database_settings(env: Env) -> dict[str, Any]:
    """Django's DATABASES entry for DATABASE_URL, or for the embedded database whether or not it runs yet."""
    return {
        "ENGINE": "django_tenants.postgresql_backend",
        "CONN_MAX_AGE": CONNECTION_SECONDS,
        "CONN_HEALTH_CHECKS": True,
        **sign_in_settings(split_database_url("DATABASE_URL", env.database_url or localpg.url())),
    }


def owner_settings(env: Env) -> dict[str, Any] | None:
    """What is otherwise where the owner signs in; None where the process has one role only."""
    address = env.database_owner_url or ("" if env.database_url else localpg.owner_url())
    return sign_in_settings(split_database_url("DATABASE_OWNER_URL", address)) if address else None


def sign_in_settings(url: SplitResult) -> dict[str, Any]:
    options = dict(parse_qsl(url.query))
    return {
        "NAME": unquote(url.path.lstrip("/")),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": options.pop("host", url.hostname or ""),
        "PORT": url.port or "",
        "OPTIONS": options,
    }


def mailer_settings(env: Env) -> dict[str, Any]:
    """Django's MAILERS entry for EMAIL_URL; without one nothing is sent, and mail is read from where it is stored."""
    if not env.email_url:
        return {"BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
    url = split_url("EMAIL_URL", env.email_url, {"smtp", "smtp+tls", "smtps"})
    options = {
        "host": url.hostname or "localhost",
        "port": url.port or {"smtp": 25, "smtp+tls": 587, "smtps": 465}[url.scheme],
        "username": unquote(url.username or ""),
        "password": unquote(url.password or ""),
        "use_tls": url.scheme == "smtp+tls",
        "use_ssl": url.scheme == "smtps",
        "timeout": 20,
    }
    return {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}


def sign_in_providers(env: Env) -> dict[str, dict[str, str]]:
    """Where and with what people may sign in, by provider; those without an ID are left out."""
    google, microsoft = (f"{env.sign_in_base}/{name}" if env.sign_in_base else url for name, url in PROVIDERS.items())
    addresses = {"google": google, "microsoft": f"{microsoft}/{env.microsoft_tenant}/v2.0"}
    return {
        name: {"client_id": client_id, "secret": getattr(env, f"{name}_client_secret"), "server_url": url}
        for name, url in addresses.items()
        if (client_id := getattr(env, f"{name}_client_id"))
    }
