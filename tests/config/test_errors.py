"""What reaches Sentry, by HTTP and from a real WSGI server, names the error and its place, and nothing of a person."""

import gzip
import http.client
import json
import logging
import sys
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
import sentry_sdk
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection, connections
from django.http import HttpRequest
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django_tasks_db.models import DBTaskResult

from config import errors
from shared_apps.jobs.signals import job_failed
from shared_apps.jobs.worker import Worker
from tests.shared_apps.jobs import sample_jobs

SECRETS = [
    *("tok-in-query", "tok-in-path", "tok-in-cookie", "tok-in-header", "tok-in-body", "tok-local", "tok-in-log"),
    *("tok-in-sql", "tok-in-arguments", "tok-in-cause", "jo@school.example", "Priya", "canary", "203.0.113.9"),
]
HEADERS = {
    "Host": "alder.localhost",
    "Cookie": "session=tok-in-cookie",
    "Authorization": "Bearer tok-in-header",
    "X-Forwarded-For": "203.0.113.9",
    "User-Agent": "tok-in-header",
    "Referer": "http://alder.localhost/join/tok-in-path/",
    "Content-Type": "application/x-www-form-urlencoded",
}


class Receiver(BaseHTTPRequestHandler):
    """Sentry's side: keeps what it is sent."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append(gzip.decompress(body) if self.headers["Content-Encoding"] == "gzip" else body)
        self.send_response(200)
        self.end_headers()

    def log_message(self, *args: object) -> None:
        pass


class Quiet(WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


@csrf_exempt
def broken(request: HttpRequest, token: str) -> None:
    local = f"tok-local {request.POST['text']}"
    logging.getLogger("stranger").warning("tok-in-log %s", local)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 'tok-in-sql'")
    try:
        raise KeyError("tok-in-cause Priya")
    except KeyError as cause:
        raise RuntimeError(f"{local}: jo@school.example could not join by {request.get_full_path()}") from cause


urlpatterns = [path("join/<token>/", broken, name="broken_page")]


@pytest.fixture
def reported(monkeypatch) -> Iterator[Callable[[], list[dict]]]:
    """Report to a server of our own; returns what it got, whole."""
    monkeypatch.setattr(sys, "argv", ["manage.py", "tok-in-arguments"])
    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    server.got = []
    Thread(target=server.serve_forever, daemon=True).start()
    errors.report_to(f"http://public@127.0.0.1:{server.server_port}/1")

    def events() -> list[dict]:
        sentry_sdk.flush(10)
        found = [line for body in server.got for line in body.splitlines()]
        return [event for event in map(json.loads, found) if "event_id" in event and "platform" in event]

    events.server = server
    yield events
    sentry_sdk.get_client().close()
    sentry_sdk.init()
    job_failed.disconnect(dispatch_uid="sentry")
    server.shutdown()
    server.server_close()


@pytest.fixture
def alders_page(alder, settings) -> Callable[[], int]:
    """Return what posts to a page of alder's that breaks, over a real WSGI server."""
    network = settings.TENANT_TYPES["network"] | {"URLCONF": __name__}
    settings.TENANT_TYPES = settings.TENANT_TYPES | {"network": network}
    return lambda: _post("/join/tok-in-path/?code=tok-in-query", b"text=tok-in-body+Priya")


def _post(path: str, body: bytes) -> int:
    with make_server("127.0.0.1", 0, WSGIHandler(), handler_class=Quiet) as server:
        thread = Thread(target=_answer_one, args=[server])
        thread.start()
        client = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=30)
        client.request("POST", path, body, HEADERS)
        status = client.getresponse().status
        thread.join()
        client.close()
    return status


def _answer_one(server) -> None:
    try:
        server.handle_request()
    finally:
        connections.close_all()


def test_report_of_a_request_says_where_and_what(reported, alders_page):
    assert alders_page() == 500

    (event,) = reported()
    assert [each["type"] for each in event["exception"]["values"]] == ["KeyError", "RuntimeError"]
    assert event["exception"]["values"][-1]["stacktrace"]["frames"][-1]["function"] == "broken"
    tags = event["tags"]
    assert (tags["network"], tags["place"], tags["route"]) == ("alder", "alder", "broken_page")
    assert len(tags["request"]) == 32
    assert event["transaction"] == "broken_page"


def test_report_of_a_request_holds_nothing_personal(reported, alders_page):
    alders_page()

    assert len(reported()) == 1
    everything = b"".join(reported.server.got).decode()
    assert [secret for secret in SECRETS if secret in everything] == []


def test_report_of_a_job_says_which_and_not_with_what(reported, alder):
    DBTaskResult.objects.all().delete()
    sample_jobs.fail.enqueue_for(alder.id, mark="tok-in-arguments")

    Worker().drain(limit=1)

    (event,) = reported()
    assert event["exception"]["values"][-1]["type"] == "ValueError"
    assert (event["tags"]["place"], event["tags"]["name"]) == ("alder", "tests.sample.fail")
    everything = b"".join(reported.server.got).decode()
    assert [secret for secret in SECRETS if secret in everything] == []


@pytest.mark.parametrize("arguments", [(), ("tok-in-log",)])
def test_report_of_a_log_line_holds_none_of_its_values(reported, db, arguments):
    logging.getLogger("stranger").error("a line of %s" if arguments else "a line of tok-in-log", *arguments)

    (event,) = reported()
    assert event.get("logentry") == ({"message": "a line of %s"} if arguments else None)
    assert b"tok-in" not in b"".join(reported.server.got)


def test_report_of_a_strange_host_is_not_made(reported, db):
    logging.getLogger("django.security.DisallowedHost").error("Invalid HTTP_HOST header: %s", "tok-in-header")

    assert reported() == []
