"""`python -m config.fakestripe FILE`: the stand-in beside `make run`, which keeps what it knows in FILE."""

import sys
from pathlib import Path

from config.env import ENV
from config.fakestripe.server import Server
from config.fakestripe.state import State
from config.fakestripe.webhooks import Deliveries
from config.standins import until_ended

WEBHOOK_PATH = "/stripe/webhook/"


def main() -> None:
    wait = until_ended()
    state = State(file=Path(sys.argv[1]))
    server = Server(state, Deliveries(state), port=ENV.stripe_port)
    register_product(state)
    with server.running(in_background=True):
        wait()
    server.tick()


def register_product(state: State) -> None:
    """The product's own endpoint, on the platform's host, with the secret that the product knows."""
    values = {"api_version": None, "application": None, "description": "make run", "enabled_events": ["*"]} | {
        "metadata": {},
        "status": "enabled",
        "url": f"http://localhost:{ENV.port}{WEBHOOK_PATH}",
    }
    state.tables["webhook_endpoint"].pop("we_product", None)
    state.add("webhook_endpoint", {**values, "_secret": ENV.stripe_webhook_secret}, key="we_product")


if __name__ == "__main__":
    main()
