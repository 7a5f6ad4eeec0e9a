"""What leaves for Sentry names the error and the schema, and nothing about a person."""

import json
from io import BytesIO

import pytest
import sentry_sdk
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest
from django.urls import path
from sentry_sdk.envelope import Envelope
from sentry_sdk.transport import Transport

from config import errors

SECRETS = [
    "tok-in-query",
    "tok-in-path",
    "tok-in-cookie",
    "tok-in-header",
    "tok-in-body",
    "jo@school.example",
    "tok-local",
]

REQUEST = """
    REQUEST_METHOD=POST PATH_INFO=/join/tok-in-path/ QUERY_STRING=code=tok-in-query wsgi.url_scheme=http
    SERVER_NAME=localhost SERVER_PORT=80 HTTP_HOST=localhost HTTP_COOKIE=session=tok-in-cookie
    HTTP_AUTHORIZATION=Bearer:tok-in-header CONTENT_TYPE=application/x-www-form-urlencoded
"""


class Kept(Transport):
    """Keeps what would have been sent."""

    sent: list[str]

    def capture_envelope(self, envelope: Envelope) -> None:
        self.sent.append("\n".join(item.get_bytes().decode() for item in envelope.items))


def broken(request: HttpRequest, token: str) -> None:
    local = "tok-local"
    raise RuntimeError(f"jo@school.example could not join by {request.get_full_path()}") from KeyError(len(local))


urlpatterns = [path("join/<token>/", broken)]


@pytest.fixture
def sent(monkeypatch):
    monkeypatch.setattr(Kept, "sent", [], raising=False)
    errors.report_to("https://public@sentry.invalid/1", transport=Kept)
    yield Kept.sent
    sentry_sdk.init()


def fail(urls: str, settings) -> None:
    public = settings.TENANT_TYPES["public"] | {"URLCONF": urls}
    settings.TENANT_TYPES = settings.TENANT_TYPES | {"public": public}
    settings.ROOT_URLCONF = urls
    body = b"text=tok-in-body"
    environ = dict(line.split("=", 1) for line in REQUEST.split())
    environ |= {"wsgi.input": BytesIO(body), "wsgi.errors": BytesIO(), "CONTENT_LENGTH": str(len(body))}
    WSGIHandler()(environ, lambda status, headers: None)


def test_report_names_the_error_and_the_schema(sent, settings, db):
    settings.MIDDLEWARE = []

    fail(__name__, settings)

    (event,) = [json.loads(text) for text in sent]
    assert event["exception"]["values"][-1]["type"] == "RuntimeError"
    assert event["tags"]["schema"] == "public"


@pytest.mark.parametrize("secret", SECRETS)
def test_report_holds_no_secret(secret, sent, settings, db):
    settings.MIDDLEWARE = []

    fail(__name__, settings)

    assert "RuntimeError" in "".join(sent)
    assert secret not in "".join(sent)


def test_blank_reaches_into_lists_and_leaves_the_rest():
    value = {"a": ["mail jo@x.example now", 3], "b": ("/join/abc/", None)}

    assert errors.blank(value) == {"a": ["mail [scrubbed] now", 3], "b": ["/join/[scrubbed]/", None]}
