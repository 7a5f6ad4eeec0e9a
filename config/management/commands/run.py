"""Starts the whole product for development: database, migrations, demo, web server and job worker."""

import os
import signal
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable
from types import FrameType

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection

from config import localpg, supervisor
from config.env import ENV, RUN
from shared_apps.core import health
from tenants.enums import Kind, NetworkState
from tenants.models import Network
from tenants.roles import as_owner, prepare
from tenants.selectors import collective_url, host_of, network_url, url_of

DEMO_PASSWORD = "collective-demo"  # noqa: S105 - the demonstration's, printed for everybody


class Command(BaseCommand):
    """Ends with Ctrl-C."""

    help = "Starts the database, the demo, the web server and the job worker; ends with Ctrl-C. PORT=8000."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--without-demo", dest="demo", action="store_false", help="only what is there already")

    def handle(self, *args: object, demo: bool, **options: object) -> None:
        signal.signal(signal.SIGTERM, interrupt)
        signal.signal(signal.SIGHUP, interrupt)
        try:
            with supervisor.only_one():
                supervisor.check_port(ENV.port)
                supervisor.check_port(ENV.mail_port, "MAIL_PORT")
                if ENV.stripe_port:
                    supervisor.check_port(ENV.stripe_port, "STRIPE_PORT")
                if ENV.sign_in_port:
                    supervisor.check_port(ENV.sign_in_port, "SIGN_IN_PORT")
                supervisor.write_state({"port": ENV.port, "pid": os.getpid()})
                (RUN / "static").mkdir(exist_ok=True)  # only a deployment fills it, but WhiteNoise looks there
                is_embedded = start_database()
                start_product(look_after_demo if ENV.debug and demo else None, is_embedded=is_embedded)
        except (supervisor.CannotRunError, localpg.LocalPostgresError) as error:
            sys.exit(str(error))
        except KeyboardInterrupt:
            sys.exit(130)


def interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def start_database() -> bool:
    """Start the embedded one, which then outlives every child; the children find it in DATABASE_URL."""
    if ENV.database_url:
        return False
    with step("Starting the database"):
        os.environ["DATABASE_URL"] = localpg.ensure_running()
        os.environ["DATABASE_OWNER_URL"] = localpg.owner_url()
    return True


def start_product(look_after: Callable[[], None] | None, *, is_embedded: bool) -> None:
    """The first start makes tables and demo before anything answers; later ones look after the demo once they serve."""
    with as_owner():
        prepare()  # a database of before there were two roles
    if pending := health.pending_schemas():
        migrate(pending)
        if look_after:
            look_after()
            look_after = None
    serve(look_after, is_embedded=is_embedded)


def migrate(pending: list[str]) -> None:
    with step(f"Migrating {', '.join(pending[:3])}{' and more' if len(pending) > 3 else ''}"):
        call_command("migrate_networks", verbosity=0)


def look_after_demo() -> None:
    with step("Looking after the demo"):
        call_command("seed_demo", verbosity=0)
    connection.close()


def serve(afterwards: Callable[[], None] | None, *, is_embedded: bool) -> None:
    addresses, text = find_addresses(), banner()
    connection.close()
    os.environ["PORT"] = str(ENV.port)
    supervisor.say("Starting the web server and the job worker")
    database = supervisor.Database() if is_embedded else None
    supervisor.Supervisor(ENV.port, supervisor.children(), addresses, database).run(text, afterwards)


def find_addresses() -> dict[str, str]:
    networks = Network.objects.filter(type=Kind.NETWORK, state=NetworkState.LIVE).order_by("created_at")[:3]
    return {
        "Platform": url_of(ENV.public_domain),
        "Collective": collective_url(),
        **{network.name: network_url(network) for network in networks},
    }


def banner() -> str:
    """What a person needs to begin: where, as whom, and where the mail is."""
    addresses = find_addresses()
    width = max(len(name) for name in addresses) + 2
    lines = ["", *(f"  {name:<{width}}{url}" for name, url in addresses.items())]
    network = Network.objects.filter(type=Kind.NETWORK, state=NetworkState.LIVE).order_by("created_at").first()
    if ENV.debug and network:
        lines += ["", *(f"  {name:<{width}}{text}" for name, text in sign_ins(network.subdomain).items())]
        lines += ["", f"  {'Emails':<{width}}{network_url(network, '/dev/mail/')} (each host shows its own)"]
        lines += [f"  {'Mail in':<{width}}smtp://127.0.0.1:{ENV.mail_port} (for addresses at {host_of(network)})"]
        if ENV.stripe_port:
            lines += [f"  {'Stripe':<{width}}{ENV.stripe_api_base}/ (a stand-in: no money moves)"]
    return "\n".join([*lines, "", "  Ctrl-C stops everything.", ""])


def sign_ins(subdomain: str) -> dict[str, str]:
    return {
        "Member": f"member@{subdomain}.example",
        "Organiser": f"organiser@{subdomain}.example",
        "Operator": "operator@example.org (on the platform)",
        "Password": DEMO_PASSWORD,
    }


class step:  # noqa: N801 - reads as a statement: with step("…")
    """Says what is going on and how long it took."""

    def __init__(self, label: str) -> None:
        self.label = label

    def __enter__(self) -> None:
        self.began = time.monotonic()
        print(f"{self.label} … ", end="", flush=True)

    def __exit__(self, *exception: object) -> None:
        print("interrupted" if exception[0] else f"{time.monotonic() - self.began:.1f} s", flush=True)
