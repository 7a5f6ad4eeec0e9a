"""The product as deployed, from DATABASE_URL on a real server: the distribution's PostgreSQL where there is one.

Files of the image alone, DEBUG off, web server and worker as processes, codes from a real mail server, Caddy in front.
"""

import json
import re
import socket
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
from psycopg2.errors import InsufficientPrivilege

from config.supervisor import ask_readiness
from tests.builders.emails import code_in
from tests.cluster import ROOT
from tests.deploy.browsing import Browser, Program, exchange
from tests.deploy.machine import (
    DOMAIN,
    Machine,
    Mailbox,
    Server,
    free_port,
    mailbox,
    major_of,
    postgres,
    program,
    server_programs,
    wait_until,
)

ALDER, COLLECTIVE = f"alder.{DOMAIN}", f"collective.{DOMAIN}"
OWNER = "owner@alder.example"
QUESTION = "Has anyone taken catering back in-house?"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """The database server."""
    with postgres(server_programs()) as server:
        yield server


@pytest.fixture(scope="module")
def post() -> Iterator[tuple[Mailbox, int]]:
    """The mail server."""
    with mailbox() as box:
        yield box


@pytest.fixture(scope="module")
def machine(server: Server, post: tuple[Mailbox, int], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """Installed as the runbook says, with web server and worker running."""
    machine = Machine(tmp_path_factory.mktemp("machine"), server, post[1])
    machine.gather_files()
    machine.manage("migrate_networks", "--verbosity", "0")
    gunicorn = ("-m", "gunicorn", "-c", "config/gunicorn.py", "--bind", f"127.0.0.1:{machine.port}", "config.wsgi")
    try:
        machine.start(
            "web", *gunicorn, ready=lambda: (machine.home / "web.log").read_text().count("Booting worker") == 2
        )
        machine.start("worker", "manage.py", "work", ready=lambda: ask_readiness(machine.port))
        yield machine
    finally:
        machine.stop()


@pytest.fixture(scope="module")
def owner(machine: Machine, post: tuple[Mailbox, int]) -> Browser:
    """Who took over the network that a command put on line, by the link and the code in two emails."""
    machine.manage("create_network", "Alder SBM Network", "--subdomain", "alder", "--owner-email", OWNER)
    path = re.search(rf"https://{ALDER}(/join/[^/\s]+/)", post[0].next_to(OWNER, "/join/"))[1]
    browser = Browser(machine.port, ALDER)
    browser.post(path)
    browser.post(f"{path}code/", code=code_in(post[0].next_to(OWNER, "code")))
    taken = browser.post(f"{path}details/", name="Rosa Bell", password="a-long-enough-phrase")
    assert (taken.status, taken.headers["Location"]) == (302, "/manage/"), taken.text
    return browser


def test_server_is_the_distributions_own_where_there_is_one(server, record_property):
    major = major_of(server.url)

    record_property("postgresql", f"{server.programs} {major}")
    assert major >= 15
    assert ("/usr/lib/postgresql" in str(server.programs)) == any(Path("/usr/lib").glob("postgresql/*/bin/postgres"))


def test_owner_signs_in_again_with_an_emailed_code(machine, post, owner):
    browser = Browser(machine.port, ALDER)

    asked = browser.post("/sign-in/code/", email=OWNER)
    browser.post(asked.headers["Location"], code=code_in(post[0].next_to(OWNER, "code")))

    desk = browser.get("/manage/")
    assert (desk.status, "Alder SBM Network" in desk.text) == (200, True)
    assert all(name.startswith("__Host-") for name in browser.cookies)


def test_question_is_asked_shared_and_found(machine, owner):
    token = machine.manage("create_api_token", OWNER, "--network", "alder").splitlines()[-1]
    home = Program(machine.port, ALDER, token)
    asked = home.call(
        "POST", "/api/v1/discussions/", title=QUESTION, body="Did it save you money?", category="Catering"
    )
    assert asked.status == 201, asked.text

    shared = home.call("POST", f"/api/v1/discussions/{asked.json['id']}/share/", identity="role")
    found = Program(machine.port, COLLECTIVE, token).call("GET", "/api/v1/search/?q=catering+in-house")

    assert shared.status == 201, shared.text
    assert [each["id"] for each in found.json["results"]] == [shared.json["publication"]]
    assert QUESTION in owner.get("/discussions/").text


def test_answers_are_those_of_production(machine, owner):
    plain = exchange(machine.port, "GET", "/", None, {"Host": ALDER})
    style = Browser(machine.port, ALDER).get("/static/core/css/base.css")
    missing = owner.get("/no-such-page/")

    assert (plain.status, plain.headers["Location"]) == (301, f"https://{ALDER}/")
    assert (style.status, style.headers["Content-Type"]) == (200, 'text/css; charset="utf-8"')
    assert (missing.status, "urlpatterns" in missing.text, owner.get("/dev/mail/").status) == (404, False, 404)
    assert "max-age=" in missing.headers["Strict-Transport-Security"]


def test_image_holds_no_key(machine):
    assert (machine.app / ".run/static").is_dir()
    assert not (machine.app / ".run/secret-key").exists()


def test_server_says_everything_once_as_json(machine, owner):
    said = [json.loads(line) for line in (machine.home / "web.log").read_text().splitlines()]

    assert len([line for line in said if line.get("template") == "Listening at: %s (%s)"]) == 1
    assert len([line for line in said if line["logger"] == "sbm.request"]) > 0


def test_proxy_is_told_which_hosts_get_a_certificate(machine, owner):
    def ask(host: str, **headers: str) -> int:
        path = f"/certificate?domain={host}"
        return exchange(machine.port, "GET", path, None, {"Host": "127.0.0.1:8999"} | headers).status

    assert (ask(ALDER), ask(COLLECTIVE), ask(DOMAIN), ask(f"birch.{DOMAIN}")) == (200, 200, 200, 404)
    assert Browser(machine.port, ALDER).get(f"/certificate?domain={ALDER}").status == 404


@pytest.fixture
def https_port(machine: Machine, tmp_path: Path) -> Iterator[int]:
    """Caddy in front, with deploy/Caddyfile, ports of our own and an authority of its own."""
    http, https, asking = free_port(), free_port(), free_port()
    ours = f"\tadmin off\n\tlocal_certs\n\tskip_install_trust\n\thttp_port {http}\n\thttps_port {https}\n"
    text = (ROOT / "deploy/Caddyfile").read_text().replace("8999", str(asking))
    (tmp_path / "Caddyfile").write_text(re.sub(r"^\temail .*\n", ours, text, flags=re.MULTILINE))
    environ = {"HOME": str(tmp_path), "PUBLIC_DOMAIN": DOMAIN, "UPSTREAMS": f"127.0.0.1:{machine.port}"}
    with (tmp_path / "log").open("wb") as log:
        command = [program("caddy"), "run", "--config", tmp_path / "Caddyfile", "--adapter", "caddyfile"]
        process = subprocess.Popen(command, env=environ, stdout=log, stderr=log)
    try:
        wait_until(lambda: "serving initial configuration" in (tmp_path / "log").read_text(), process, tmp_path / "log")
        yield https
    finally:
        process.terminate()
        process.wait()


def through_caddy(port: int, host: str, path: str) -> int:
    """Return the status of a page, once TLS with the host's own name has begun."""
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    with (
        socket.create_connection(("127.0.0.1", port), 60) as plain,
        trusting.wrap_socket(plain, server_hostname=host) as s,
    ):
        s.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        return int(s.makefile("rb").readline().split()[1])


def test_caddy_gets_certificates_for_hosts_of_live_networks_alone(https_port, owner):
    pages = [through_caddy(https_port, host, "/sign-in/") for host in (ALDER, COLLECTIVE, DOMAIN)]
    asked_from_outside = through_caddy(https_port, ALDER, f"/certificate?domain={ALDER}")

    assert (pages, asked_from_outside) == ([200, 200, 200], 404)
    for stranger in (f"birch.{DOMAIN}", "evil.example"):
        with pytest.raises(ssl.SSLError):
            through_caddy(https_port, stranger, "/")


def test_roles_are_no_more_than_they_need_be(server, machine):
    with psycopg2.connect(server.url) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname IN ('sbm', 'sbm_app')")
        assert cursor.fetchall() == [(False, False, False)] * 2
        with pytest.raises(InsufficientPrivilege):
            cursor.execute("DELETE FROM audit_platform_event")
    assert machine.manage("grant_roles", "--check") == "The role has what it should, and no more.\n"
