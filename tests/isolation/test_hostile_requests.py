"""Hostile text where no form asks for it: JSON bodies, query parameters, paths, headers and cookies."""

import json
import re
from collections.abc import Iterator
from itertools import cycle
from time import process_time
from urllib.parse import quote

import pytest
from django.conf import settings as django_settings
from django.core.signals import got_request_exception
from django.db import transaction
from django.test import Client, RequestFactory

from config.wsgi import application
from tests.builders.accounts import host_of
from tests.isolation.answers import body
from tests.isolation.hostile import batches, bombs, rotating, strings
from tests.isolation.routes import routes
from tests.isolation.world import World

SESSION = django_settings.SESSION_COOKIE_NAME
WRONG_KINDS = (None, True, 3, -1, 10**40, 1.5, [], ["a"], [[]], {}, {"a": {"b": []}}, "", " ", "\x00", "\ud800")
PARAMETERS = (  # of every page; a page takes those it knows
    *("q", "page", "next", "from", "to", "state", "code", "category", "kind", "show", "sort", "phase", "answered"),
    *(
        "network",
        "when",
        "year",
        "part",
        "role",
        "colour",
        "v",
        "school",
        "school_name",
        "cursor",
        "page_size",
        "archived",
    ),
)
HOSTS = {"network": "alder.owner", "collective": "birch.member", "platform": "operator"}
SAMPLES = {
    "text": "Words.",
    "title": "Words",
    "body": "Words.",
    "name": "Words",
    "response": 4,
    "quality": 4,
    "value": 4,
    "would_use_again": True,
    "identity": "named",
    "kind": "question",
    "website": "https://example.org/",
    "owner_email": "someone@mail.example",
    "subdomain": "cedar-hill",
}


@pytest.fixture
def errors(settings) -> Iterator[list[str]]:
    """What was raised and became a 500."""
    import sys

    settings.CACHES = {name: {"BACKEND": "django.core.cache.backends.dummy.DummyCache"} for name in settings.CACHES}
    raised: list[str] = []

    def note(sender, **_):
        raised.append(repr(sys.exception())[:300])

    got_request_exception.connect(note)
    yield raised
    got_request_exception.disconnect(note)


@pytest.mark.parametrize("kind", HOSTS)
def test_hostile_json_is_stored_or_refused(world, errors, kind):
    faults, sent = [], 0
    client = world.program(HOSTS[kind], _host(world, kind))
    for method, path, schema in _operations(world, kind):
        for value in _bodies(schema):
            answer = _send(client, method, path, value)
            sent += 1
            if problem := _problem(answer, errors):
                faults.append((method, path, str(value)[:80], problem))

    assert faults == []
    assert sent > {"network": 100, "collective": 10, "platform": 20}[kind]


@pytest.mark.parametrize(
    "raw",
    [
        b'{"title": "\\ud800", "body": "x"}',
        b'{"title": "\\u0000", "body": "x"}',
        b'{"title": "\xed\xa0\x80", "body": "x"}',
        b'{"title": "a", "body": "x", "\\ud800": 1}',
        b'{"title": NaN, "body": Infinity}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"\xff\xfe",
        b"\xef\xbb\xbf{}",
        b"null",
        b"3",
        b'"text"',
        b"[]",
        b"",
        b"{",
        b'{"title": "' + b"a" * 1_000_000 + b'", "body": "x"}',
        b'{"title": ' + b"9" * 100_000 + b', "body": "x"}',
    ],
)
def test_json_that_is_none_or_not_storable_is_refused_with_words(world, errors, raw):
    client = world.program("alder.owner", world.alder.network)

    answer = client.post("/api/v1/discussions/", raw, content_type="application/json")

    assert answer.status_code in (400, 413), answer.content[:200]
    assert answer.json()["status"] == answer.status_code
    assert errors == []


@pytest.mark.parametrize("kind", HOSTS)
def test_hostile_query_parameters_are_words_or_refused(world, errors, kind):
    faults, texts = [], rotating(None)
    page = world.browser(HOSTS[kind], _host(world, kind))
    program = world.program(HOSTS[kind], _host(world, kind))
    for route in routes(kind):
        path = route.path(route.values(world, world.alder))
        client = program if path.startswith("/api/") else page
        typed = _query(next(texts))
        for query in [typed, _query("\x00"), "&".join(f"{name}=%ff%00%ed%a0%80" for name in PARAMETERS)]:
            answer = _get(client, f"{path}?{query}")
            if problem := _problem(answer, errors):
                faults.append((path, query[:80], problem))

    assert faults == []


def test_every_hostile_text_can_be_searched_for(world, errors):
    faults = []
    clients = {
        "/discussions/?q=": world.browser("alder.owner", world.alder.network),
        "/search/?q=": world.browser("alder.owner", world.alder.network),
        "/discussions/similar/?q=": world.browser("alder.owner", world.alder.network),
        "/members/?q=": world.browser("alder.owner", world.alder.network),
        "/suppliers/?q=": world.browser("alder.owner", world.alder.network),
        "/schools/?q=": world.browser("alder.owner", world.alder.network),
        "/?q=": world.browser("birch.member", "collective"),
        "/operator/?q=": world.browser("operator", "platform"),
        "/api/v1/search/?q=": world.program("birch.member", "collective"),
        "/api/v1/schools/?q=": world.program("alder.owner", world.alder.network),
        "/api/v1/discussions/similar/?q=": world.program("alder.owner", world.alder.network),
    }
    for number, text in enumerate(
        (*batches(250), "a " * 20_000, "a" * 40_000, '"' * 5_000, "-" * 5_000, "\u0301" * 5_000)
    ):
        path = list(clients)[number % len(clients)]
        started = process_time()
        answer = _get(clients[path], path + _quoted(text))
        if problem := _problem(answer, errors) or ("slow" if process_time() - started > 2 else ""):
            faults.append((path, text[:60], problem))

    assert faults == []


@pytest.mark.parametrize(
    ("host", "who", "path"),
    [
        ("network", "nobody", "/join/{}/"),
        ("network", "nobody", "/join/{}/code/"),
        ("network", "nobody", "/join/{}/school/"),
        ("network", "nobody", "/join/{}/details/"),
        ("network", "nobody", "/notifications/unsubscribe/{}/"),
        ("network", "alder.owner", "/{}/01234567-89ab-7def-8123-456789abcdef/share/"),
        ("network", "alder.owner", "/discussions/{}/"),
        ("network", "alder.owner", "/{}"),
        ("network", "alder.owner", "/static/{}"),
        ("collective", "birch.member", "/suppliers/{}/"),
        ("collective", "birch.member", "/publications/{}/"),
        ("platform", "operator", "/operator/networks/01234567-89ab-7def-8123-456789abcdef/{}/"),
        ("platform", "operator", "/api/v1/{}/"),
    ],
)
def test_a_hostile_path_is_nothing(world, errors, host, who, path):
    client = world.browser(who, _host(world, host))
    raw = (
        "%00",
        "%ED%A0%80",
        "%FF",
        "%2e%2e%2f",
        "..%2f..%2fetc%2fpasswd",
        "%0d%0aSet-Cookie:%20a=b",
        "%",
        "%u0041",
        "a" * 5_000,
    )
    for each in (*raw, *(_quoted(text) for text in strings()[:60:4])):
        answer = _get(client, path.format(each))

        assert answer.status_code in (302, 301, 400, 401, 404, 410), (each, answer.status_code, errors)
        assert "Set-Cookie: a=b" not in str(answer.headers)


@pytest.mark.parametrize("kind", HOSTS)
def test_hostile_headers_change_nothing(world, errors, kind):
    faults = []
    names = ("User-Agent", "Referer", "Accept", "Accept-Language", "Origin", "X-Forwarded-Host", "X-Forwarded-For")
    names += (
        "Authorization",
        "Cookie",
        "If-Modified-Since",
        "If-None-Match",
        "Range",
        "X-Requested-With",
        "Content-Type",
    )
    values = [text for text in strings() if text.isascii() and text.isprintable()][:40]
    values += [
        "a" * 8_000,
        "application/json; charset=utf-16",
        "multipart/form-data",
        "bytes=0-",
    ]
    for number, value in enumerate(values):
        chosen = dict.fromkeys(names[number % 2 :: 2], value)
        for path in ("/sign-in/?q=a", "/switch/?next=/", "/api/v1/?q=a"):
            answer = Client(headers={"host": _name(world, kind)}, raise_request_exception=False).get(
                path, headers=chosen
            )
            if problem := _problem(answer, errors):
                faults.append((path, value[:60], problem))

    assert faults == []


@pytest.mark.parametrize("charset", ["idna", "hex", "rot13", "utf-16", "undefined", "no-such", "\\", "a" * 20_000])
@pytest.mark.parametrize(("method", "status"), [("GET", 200), ("POST", 403)])
def test_a_request_in_a_strange_charset_is_read_as_utf8(world, errors, charset, method, status):
    """As the server's own application reads it: Django takes this header in before any middleware can."""
    factory = RequestFactory(headers={"host": host_of(world.alder.network)})
    environ = factory.generic(method, "/sign-in/?next=%C3%A9", b"email=%C3%A9").environ
    environ["CONTENT_TYPE"] = f"application/x-www-form-urlencoded; charset={charset}"

    request = application.request_class(environ)

    assert request.GET["next"] == "é"
    assert application.get_response(request).status_code == status, errors


@pytest.mark.parametrize(
    "value", ["\\000" * 32, "a" * 31 + "'", "../" * 11, "%00" * 11, "a" * 4_000, '"\\"', "=;,", "é" * 32]
)
def test_a_hostile_cookie_is_nobodys(world, errors, value):
    client = Client(
        headers={"host": _name(world, "network"), "cookie": f'{SESSION}="{value}"'}, raise_request_exception=False
    )

    answer = client.get("/account/")

    assert answer.status_code == 302, errors


@pytest.mark.parametrize(
    "host",
    [
        "alder.localhost:99999",
        "alder.localhost\x00",
        "ALDER.localhost",
        "alder.localhost.",
        "[::1]",
        "alder@localhost",
        "a,b",
        "\u0430lder.localhost",
        "",
        "..",
        "a" * 300,
        "xn--lder-53d.localhost",
        "alder.localhost/../birch.localhost",
    ],
)
def test_a_hostile_host_shows_no_network(world, errors, host):
    answer = Client(raise_request_exception=False).get("/discussions/", headers={"host": host})

    assert answer.status_code in (302, 400, 404), errors
    assert "canary-birch" not in body(answer)


@pytest.mark.parametrize("name", sorted(bombs()))
def test_a_bomb_costs_no_more_than_its_length(world, errors, name):
    """Marks cost up to 70 times what calm words do on the same machine; the square of their length, thousands."""
    client = world.browser("alder.owner", world.alder.network)
    path = f"/discussions/{world.alder.ids['discussion_id']}/"

    sent, shown, calm = _posted(client, path, "The boiler is old. " * 1_000)
    assert (sent, shown) == (302, 200), errors
    sent, shown, bomb = _posted(client, path, bombs()[name])

    assert (sent, shown) in {(302, 200), (422, 200)}, errors
    assert bomb < 200 * calm, (bomb, calm)
    assert errors == []


# How it is asked ----------------------------------------------------------------------------------------------------


def _operations(world: World, kind: str) -> Iterator[tuple[str, str, dict]]:
    """Yield every method that takes a body, its address with own ids, and what its body may hold."""
    described = world.program(HOSTS[kind], _host(world, kind)).get("/api/v1/schema/").json()
    paths = {re.sub(r"<\w+:(\w+)>", r"{\1}", f"/{route.pattern}"): route for route in routes(kind)}
    for pattern, operations in described["paths"].items():
        for method, operation in operations.items():
            if "application/json" in operation.get("requestBody", {}).get(
                "content", {}
            ):  # files have tests of their own
                route = next(route for known, route in paths.items() if _same(known, pattern))
                reference = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
                schema = described["components"]["schemas"][reference.rsplit("/", 1)[1]]
                yield method, route.path(route.values(world, world.alder)), schema


def _same(one: str, other: str) -> bool:
    return re.sub(r"\{\w+\}", "{}", one) == re.sub(r"\{\w+\}", "{}", other)


def _bodies(schema: dict) -> Iterator[dict]:
    """Yield bodies with one hostile value each."""
    names = list(schema["properties"])
    sample = {name: SAMPLES[name] for name in names if name in SAMPLES}
    for name in names:
        wrong = [next(_WRONG) for _ in range(3)]
        for value in (*wrong, next(_TEXTS), batches(20_000)[0] if name in _LONG else "a" * 200_001):
            yield sample | {name: value}
    yield sample | {"no_such_field": "<script>"}


_TEXTS, _WRONG, _LONG = rotating(None), cycle(WRONG_KINDS), ("body", "text", "description")


def _send(client: Client, method: str, path: str, value: dict):
    point = transaction.savepoint_create()
    try:
        return client.generic(method.upper(), path, json.dumps(value).encode(), content_type="application/json")
    finally:
        transaction.savepoint_rollback(point)


def _get(client: Client, path: str):
    point, cookies = transaction.savepoint_create(), client.cookies.copy()
    try:
        return client.generic(
            "GET", path.split("?")[0], **({"QUERY_STRING": path.partition("?")[2]} if "?" in path else {})
        )
    finally:
        transaction.savepoint_rollback(point)
        client.cookies = cookies


def _problem(answer, errors: list[str]) -> str:
    """Say what is wrong with an answer: an error of ours, or a refusal by the API without words."""
    raised = "; ".join(errors)
    errors.clear()
    if raised or answer.status_code >= 500:
        return f"{answer.status_code} {raised}"
    if answer.status_code >= 400 and "problem+json" in answer.get("Content-Type", ""):
        problem = answer.json()
        told = problem.get("detail") or problem.get("errors")
        return "" if told and problem["status"] == answer.status_code else f"no words: {problem}"
    return ""


def _query(text: str) -> str:
    return "&".join(f"{name}={_quoted(text)}" for name in PARAMETERS)


def _quoted(text: str) -> str:
    return quote(text.encode("utf-8", "surrogatepass"), safe="")


def _host(world: World, kind: str):
    return world.alder.network if kind == "network" else kind


def _name(world: World, kind: str) -> str:
    return host_of(_host(world, kind))


def _posted(client: Client, path: str, text: str) -> tuple[int, int, float]:
    """Return how a reply and then its page were answered, and their processor time in seconds."""
    started = process_time()
    sent, shown = client.post(path, {"body": text}), client.get(path)
    return sent.status_code, shown.status_code, process_time() - started
