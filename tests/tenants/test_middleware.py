"""The host decides the schema, costs one round trip, and leaves nothing behind on the connection."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from tenant_apps.sharing.models import ReceivedReply
from tenants import context, middleware, services
from tenants.context import WrongSchemaError, in_network
from tenants.enums import Kind, NetworkState
from tenants.lifecycle import set_state
from tenants.middleware import NetworkMiddleware, forget_hosts
from tenants.models import Domain, Network
from tests.builders.members import client_of, make_member

Answer = Callable[[HttpRequest], HttpResponse]

NO_HOSTS = (
    "nowhere.localhost",
    "alder.localhost.",
    "alder.localhost,birch.localhost",
    "alder.localhost birch.localhost",
    "alder.localhost@birch.localhost",
    "owner@alder.localhost",
    "alder.localhost/birch",
    "alder.localhost:port",
    "alder.localhost:80:80",
    "www.alder.localhost",
    "alder.localhost.evil.example",
    "evil.example",
    "notlocalhost",
    ".localhost",
    "n_alder.localhost",
    "n-alder.localhost",
    "public.localhost",
    "%61lder.localhost",
    "\u0430lder.localhost",
    "[::1]",
    "127.0.0.1",
    "",
)


def ask(answer: Answer, host: str, path: str = "/", **headers: str) -> HttpResponse:
    """Send a request through the middleware alone to a view of the test's own."""
    return NetworkMiddleware(answer)(RequestFactory().get(path, headers={"host": host, **headers}))


def name_place(request: HttpRequest) -> HttpResponse:
    """Answer with what the middleware decided."""
    network = request.network.subdomain if request.network else "-"
    return HttpResponse(f"{request.site_kind} {network} {context.current_schema()} {request.urlconf}")


def search_path() -> str:
    """Return where Postgres itself looks for tables now."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW search_path")
        return cursor.fetchone()[0]


def switches(captured: CaptureQueriesContext) -> list[str]:
    return [query["sql"] for query in captured.captured_queries if "search_path" in query["sql"]]


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("localhost", "public - public config.urls.platform"),
        ("localhost:8000", "public - public config.urls.platform"),
        ("collective.localhost", "collective - collective config.urls.collective"),
        ("alder.localhost", "network alder n_alder config.urls.network"),
        ("alder.localhost:8000", "network alder n_alder config.urls.network"),
        ("ALDER.LocalHost:8000", "network alder n_alder config.urls.network"),
        ("birch.localhost", "network birch n_birch config.urls.network"),
    ],
)
def test_host_decides_the_place(alder, birch, host, expected):
    assert ask(name_place, host).content.decode() == expected


@pytest.mark.parametrize("host", NO_HOSTS)
@pytest.mark.parametrize("path", ["/", "/discussions/", "/api/v1/discussions/"])
def test_unknown_host_is_not_found_and_names_no_network(alder, client_for, host, path):
    answer = client_for(alder).get(path, headers={"host": host})

    assert answer.status_code == 404
    assert "alder" not in answer.content.decode().lower()
    assert answer.headers["Content-Type"].startswith("application/problem+json" if "/api/" in path else "text/html")


@pytest.mark.parametrize("header", ["x-forwarded-host", "forwarded", "x-host", "x-original-host"])
def test_other_headers_name_no_host(alder, birch, header):
    answer = ask(name_place, "alder.localhost", **{header: "birch.localhost"})

    assert answer.content.decode().startswith("network alder n_alder")


def test_host_of_the_collective_is_no_networks_even_when_it_has_a_domain(alder):
    Domain.objects.create(domain="collective.localhost", tenant=alder, is_primary=False)

    assert ask(name_place, "collective.localhost").content.decode().startswith("collective - collective")


@pytest.mark.parametrize(
    "state",
    [
        state
        for state in NetworkState
        if state not in (NetworkState.LIVE, NetworkState.SUSPENDED, NetworkState.CLOSED, NetworkState.DELETED)
    ],
)
def test_network_that_is_not_live_yet_is_not_found(alder, state):
    set_state(alder, state)

    assert ask(name_place, "alder.localhost").status_code == 404


@pytest.mark.parametrize("state", [NetworkState.SUSPENDED, NetworkState.CLOSED])
@pytest.mark.parametrize("path", ["/", "/discussions/", "/sign-in/", "/api/v1/discussions/", "/no-such-page/"])
def test_network_that_is_suspended_or_closed_answers_nothing(alder, birch, client_for, state, path):
    client = client_of(make_member(alder), alder)
    assert client.get("/discussions/").status_code == 200
    set_state(alder, state)

    answer = client.get(path)

    assert answer.status_code == 503
    assert answer.headers["Content-Type"].startswith("application/problem+json" if "/api/" in path else "text/html")
    assert client_for(birch).get("/sign-in/").status_code == 200


def test_suspended_network_is_no_error_of_ours(alder, client_for, caplog):
    set_state(alder, NetworkState.SUSPENDED)

    client_for(alder).get("/")

    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


@pytest.mark.parametrize("method", ["get", "head", "post", "put", "patch", "delete", "options"])
def test_suspended_network_answers_no_method(alder, client_for, method):
    set_state(alder, NetworkState.SUSPENDED)

    assert getattr(client_for(alder), method)("/discussions/").status_code == 503


def test_suspension_and_return_take_effect_within_the_caches_seconds(alder, client_for, settings, monkeypatch):
    settings.HOST_CACHE_SECONDS = 5
    now = 1_000.0
    monkeypatch.setattr(middleware, "monotonic", lambda: now)
    client, seen = client_for(alder), []

    for move in (None, services.suspend_network, services.reactivate_network):
        if move:
            move(alder)
        seen.append(client.get("/sign-in/").status_code)
        now += 4.9
        seen.append(client.get("/sign-in/").status_code)
        now += 0.2
        seen.append(client.get("/sign-in/").status_code)

    assert seen == [200, 200, 200, 200, 200, 503, 503, 503, 200]


def test_unknown_host_is_not_remembered(alder, settings, client_for):
    settings.HOST_CACHE_SECONDS = 60
    client = client_for(alder)
    Domain.objects.all().delete()
    assert client.get("/sign-in/").status_code == 404

    Domain.objects.create(domain="alder.localhost", tenant=alder)

    assert client.get("/sign-in/").status_code == 200


def test_remembered_hosts_cannot_be_made_to_grow(alder, settings):
    settings.HOST_CACHE_SECONDS = 60

    for number in range(50):
        ask(name_place, f"nowhere-{number}.localhost")
        ask(name_place, ["alder.localhost", "ALDER.localhost", "alder.localhost:81"][number % 3])

    assert list(middleware._remembered) == ["alder.localhost"]


@pytest.mark.parametrize("path", ["/discussions/", "/members/", "/suppliers/"])
def test_a_page_costs_one_round_trip_for_its_network(alder, settings, path):
    settings.HOST_CACHE_SECONDS = 60
    client = client_of(make_member(alder), alder)
    client.get(path)

    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200

    assert switches(captured) == ['SET search_path = "n_alder","public"']
    assert [query for query in captured.captured_queries if "tenants_domain" in query["sql"]] == []


def test_a_host_that_is_not_remembered_costs_its_look_up(alder, settings):
    settings.HOST_CACHE_SECONDS = 60
    client = client_of(make_member(alder), alder)
    client.get("/discussions/")
    with CaptureQueriesContext(connection) as remembered:
        client.get("/discussions/")
    forget_hosts()

    with CaptureQueriesContext(connection) as looked_up:
        client.get("/discussions/")

    assert len(looked_up) == len(remembered) + 2  # SET search_path = public, and the domain with its network


def test_the_request_before_does_not_show(alder, birch):
    """Visit two networks, the Collective and the platform in turn over one connection."""
    hosts = ["alder.localhost", "birch.localhost", "collective.localhost", "localhost"] * 2

    seen = [ask(lambda _: HttpResponse(search_path()), host).content.decode() for host in hosts]

    assert seen == ["n_alder, public", "n_birch, public", "collective, public", "public"] * 2


def fail(_request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError


@pytest.mark.parametrize("host", ["alder.localhost", "collective.localhost", "nowhere.localhost"])
def test_connection_is_left_in_public_after_a_response(alder, host):
    ask(lambda _: HttpResponse(search_path()), host)

    assert (context.current_schema(), context.current_kind(), search_path()) == ("public", Kind.PUBLIC, "public")


def test_connection_is_left_in_public_after_an_exception(alder):
    with pytest.raises(ZeroDivisionError):
        ask(fail, "alder.localhost")

    assert (context.current_schema(), search_path()) == ("public", "public")


def test_connection_is_left_in_public_after_a_failing_view_of_the_product(alder, client_for, monkeypatch):
    monkeypatch.setattr("tenant_apps.discussions.selectors.open_categories", fail, raising=False)
    client = client_for(alder, raise_request_exception=False)

    statuses = [client.get(path).status_code for path in ("/no-such-page/", "/discussions/", "/sign-in/")]

    assert statuses == [404, 302, 200]
    assert (context.current_schema(), search_path()) == ("public", "public")


@pytest.mark.parametrize("state", [NetworkState.SUSPENDED, NetworkState.CLOSED])
def test_connection_is_left_in_public_after_refusing(alder, state):
    set_state(alder, state)

    ask(name_place, "alder.localhost")

    assert (context.current_schema(), search_path()) == ("public", "public")


def test_connection_left_in_a_network_is_put_back_before_the_next_request(alder, birch):
    """As if a thread of the server had been interrupted between a request and the end of its response."""
    context.enter_for_request(birch, Kind.NETWORK)

    seen = ask(lambda _: HttpResponse(search_path()), "localhost").content.decode()
    context.enter_for_request(birch, Kind.NETWORK)
    unknown = ask(name_place, "nowhere.localhost")

    assert (seen, unknown.status_code, search_path()) == ("public", 404, "public")


def make_reply(network: Network) -> None:
    with in_network(network):
        ReceivedReply.objects.create(
            source_kind="discussion",
            source_id=network.id,
            body=f"canary {network.subdomain}",
            created_at="2026-01-01T00:00Z",
        )


def test_a_stream_reads_no_network_once_the_response_is_on_its_way(alder, birch):
    """What a stream needs it must load before; a query it still holds is refused rather than run elsewhere."""
    make_reply(alder)

    def stream(_request: HttpRequest) -> StreamingHttpResponse:
        held, loaded = ReceivedReply.objects.all(), list(ReceivedReply.objects.all())
        return StreamingHttpResponse(reply.body for replies in (loaded, held) for reply in replies)

    answer = ask(stream, "alder.localhost")
    chunks = iter(answer)

    assert (context.current_schema(), search_path()) == ("public", "public")
    assert next(chunks) == b"canary alder"
    with pytest.raises(WrongSchemaError):
        next(chunks)
    assert (context.current_schema(), search_path()) == ("public", "public")
