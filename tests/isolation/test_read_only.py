"""A network that is read-only: every form and every change by a program is refused, and reading goes on."""

from collections.abc import Iterator

import pytest
from django.urls import resolve

from tenants.context import in_network
from tenants.middleware import forget_hosts
from tenants.services import set_read_only
from tests.isolation import rows
from tests.isolation.routes import Route, routes
from tests.isolation.world import Place, World

TAKEN = {  # the only addresses that a read-only network takes forms at, by the beginning of their names
    *("account_", "accounts:", "mfa_", "passkey_challenge", "members:member_second_step"),
    *("notifications:unsubscribe", "plan:", "portability:", "support:", "farewell:", "sharing:withdraw"),
}
TAKEN_OF_PROGRAMS = {"api/v1/closing/"}
# Signing in counts, sessions are noted, and a switch makes a code; none of it is the network's.
OF_THE_PLATFORM = {"accounts_session", "api_apitoken", "django_cache", "tenants_network", "accounts_handoff"}


@pytest.fixture
def paused(world: World) -> Iterator[Place]:
    """Alder, read-only."""
    set_read_only(world.alder.network, is_read_only=True)
    forget_hosts()
    yield world.alder
    world.alder.network.is_read_only = False


def is_taken(route: Route) -> bool:
    return route.name.startswith(tuple(TAKEN)) or route.pattern in TAKEN_OF_PROGRAMS


def address(route: Route, world: World, place: Place) -> str:
    return route.path(route.values(world, place))


def test_every_form_and_every_change_is_refused_and_writes_nothing(world, paused):
    browser = world.browser("alder.owner", paused.network)
    program, taken = world.program("alder.owner", paused.network), []

    for route in routes("network"):
        path = address(route, world, paused)
        client = program if path.startswith("/api/") else browser
        for method in ("post", "put", "patch", "delete"):
            if is_taken(route):
                continue
            with rows.watching() as writes:
                answer = getattr(client, method)(path)
            if answer.status_code != 403 or b"read-only" not in answer.content or writes.beside(*OF_THE_PLATFORM):
                taken.append((method, path, answer.status_code, writes.tables))

    assert taken == []


def test_every_page_is_read_as_before(world, paused):
    browser, changed = world.browser("alder.owner", paused.network), []
    pages = {route.name: address(route, world, paused) for route in routes("network") if not is_taken(route)}
    read = {name: browser.get(path).status_code for name, path in pages.items()}

    set_read_only(paused.network, is_read_only=False)
    forget_hosts()
    for name, status in read.items():
        before = browser.get(pages[name]).status_code
        if status not in (before, 403, 404):  # a page with nothing but a form is refused, or not there
            changed.append((name, before, status))

    assert changed == []
    assert list(read.values()).count(200) > 30


def test_what_is_taken_is_what_is_marked():
    marked = {route.pattern for route in routes("network") if is_marked(route)}

    assert marked == {route.pattern for route in routes("network") if is_taken(route)}


def is_marked(route: Route) -> bool:
    values = dict.fromkeys(route.parameters, "00000000-0000-7000-8000-000000000000")
    view = resolve(route.path(values), "config.urls.network").func
    return getattr(view, "works_read_only", False)


def test_services_refuse_what_no_page_asked_for(world, paused):
    from tenant_apps.members.permissions import can_write

    with in_network(paused.network):
        assert not can_write(paused.people["owner"])
    with in_network(world.birch.network):
        assert can_write(world.birch.people["owner"])


def test_the_page_names_an_owner_to_members_alone(world, paused):
    path = "/discussions/new/"
    typed, from_here = {"title": "A long text"}, {"Sec-Fetch-Site": "same-origin"}

    member = world.browser("alder.member", paused.network).post(path, typed, headers=from_here).content.decode()
    nobody = world.browser("nobody", paused.network).post(path).content.decode()

    assert f"{paused.people['owner'].name} can see to that" in member
    assert "A long text" in member
    assert paused.people["owner"].name not in nobody


def test_somebody_of_the_network_writes_nothing_in_the_collective(world, paused):
    path = f"/publications/{world.birch.ids['publication_id']}/"

    answer = world.browser("alder.owner", "collective").post(path, {"body": "Words", "identity": "named"})

    assert b"read-only" in answer.content
