"""`python -m config.fakeoidc ROOT`: the stand-in beside `make run`; ROOT only says whose process it is."""

import signal
import threading

from config.entries import sign_in_providers
from config.env import ENV
from config.fakeoidc.server import Client, Server


def main() -> None:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *received: stop.set())
    host = f"http://localhost:{ENV.port}"
    clients = {
        name: Client(given["client_id"], given["secret"], f"{host}/sign-in/{name}/callback/")
        for name, given in sign_in_providers(ENV).items()
    }
    with Server(clients, port=ENV.sign_in_port).running():
        stop.wait()


if __name__ == "__main__":
    main()
