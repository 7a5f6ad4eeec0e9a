"""`python -m config.fakeoidc ROOT`: the stand-in beside `make run`; ROOT only says whose process it is."""

from config.entries import sign_in_providers
from config.env import ENV
from config.fakeoidc.server import Client, Server
from config.standins import until_ended


def main() -> None:
    wait = until_ended()
    host = f"http://localhost:{ENV.port}"
    clients = {
        name: Client(given["client_id"], given["secret"], f"{host}/sign-in/{name}/callback/")
        for name, given in sign_in_providers(ENV).items()
    }
    with Server(clients, port=ENV.sign_in_port).running():
        wait()


if __name__ == "__main__":
    main()
