"""Everybody opens every address of every host: no answer shows another network, no GET changes a row, nothing fails."""

from collections.abc import Iterator

import pytest
from django.test import Client

from tests.isolation import rows
from tests.isolation.answers import Spy, difference, normal, whole
from tests.isolation.routes import KINDS, Route, routes
from tests.isolation.world import Place, World

WRITES_ON_GET = {  # an address, the tables it may write to, and why that is no change of anybody's content
    # what was read is no longer unread, nor new in the inbox
    "discussions:discussion_detail": {"discussions_readmark", "notifications_notification", "accounts_networkaccess"},
    "accounts:switch_leave": {"accounts_handoff"},  # an unused code, which nobody sees but the destination
    "accounts:switch_arrive": {"accounts_session"},  # the words that the link is too old, for the next page
    "suppliers:recommendation_new": {"accounts_session"},  # the words that one has recommended already, likewise
}
LEAVES_WORDS = {
    "accounts:switch_arrive",
    "suppliers:recommendation_new",
}  # opened last: the next page takes the words out of the session
ON_ANY_GET = {"api_apitoken"}  # when a token was last used
WORDS = "canary kept"
SEARCHES = {
    "network": (
        "/discussions/?q={}",
        "/discussions/?show=unread&category={}",
        "/search/?q={}",
        "/discussions/similar/?q={}",
        "/members/?q={}",
        "/suppliers/?q={}",
        "/schools/?q={}",
        "/manage/members/?q={}",
    ),
    "collective": ("/?q={}", "/?q={}&kind=recommendation", "/suppliers/?q={}"),
    "platform": ("/operator/?q={}",),
}
API_SEARCHES = {
    "network": (
        "/api/v1/search/?q={}",
        "/api/v1/discussions/?q={}",
        "/api/v1/discussions/similar/?q={}",
        "/api/v1/members/?q={}",
        "/api/v1/suppliers/?q={}",
    ),
    "collective": ("/api/v1/search/?q={}",),
    "platform": (),
}
PEOPLE = [
    ("alder", "nobody"),
    ("alder", "alder.member"),
    ("alder", "alder.moderator"),
    ("alder", "alder.owner"),
    ("alder", "both"),
    ("birch", "birch.organiser"),
    ("birch", "both"),
    ("collective", "nobody"),
    ("collective", "alder.member"),
    ("collective", "birch.owner"),
    ("collective", "both"),
    ("platform", "nobody"),
    ("platform", "birch.member"),
    ("platform", "operator"),
]
PROGRAMS = [
    ("alder", "alder.owner"),
    ("birch", "birch.member"),
    ("collective", "alder.member"),
    ("platform", "operator"),
]


@pytest.mark.parametrize(("host", "who"), PEOPLE)
def test_a_page_shows_nothing_of_another_network_and_changes_nothing(world, host, who):
    pages = [route for route in routes(_kind(host)) if not _is_api(route)]
    addresses = [*_searches(SEARCHES, host), *_addresses(world, host, pages)]

    assert _faults(world, world.browser(who, _place_of(world, host)), host, who, addresses) == []


@pytest.mark.parametrize(("host", "who"), PROGRAMS)
def test_a_program_is_told_nothing_of_another_network_and_changes_nothing(world, host, who):
    resources = [route for route in routes(_kind(host)) if _is_api(route)]
    addresses = [*_searches(API_SEARCHES, host), *_addresses(world, host, resources)]

    assert _faults(world, world.program(who, _place_of(world, host)), host, who, addresses) == []


@pytest.mark.parametrize(("host", "who"), [("alder", "alder.owner"), ("platform", "operator"), ("collective", "both")])
def test_head_answers_like_get_and_changes_nothing(world, host, who):
    client, faults = world.browser(who, _place_of(world, host)), []
    for route, path in _addresses(world, host, routes(_kind(host))):
        with rows.watching() as written:
            response = client.head(path)
        if written.beside(*_allowed(route)) or response.status_code >= 500 or response.content:
            faults.append((path, response.status_code, written.tables))

    assert faults == []


@pytest.mark.parametrize("who", ["birch.owner", "operator"])
def test_who_is_signed_in_without_access_is_a_stranger(world, who):
    """As with a session that was begun before the access ended."""
    signed_in, stranger = world.browser(who, world.alder.network), world.browser("nobody", world.alder.network)
    differing = [
        (path, differs)
        for _route, path in _addresses(world, "alder", routes("network"))
        if (differs := difference(normal(signed_in.get(path), []), normal(stranger.get(path), [])))
    ]

    assert differing == []


def test_the_crawl_could_find_a_leak(world):
    """The very check, turned round: a network's own pages hold its private words and ids by the dozen."""
    client = world.browser("alder.owner", world.alder.network)
    spy = Spy(world, world.alder)
    pages = _addresses(world, "alder", [route for route in routes("network") if not _is_api(route)])
    seen = {route.name: spy.finds(whole(client.get(path))) for route, path in pages}

    assert len(set.union(*seen.values())) > 40
    assert sum(bool(found) for found in seen.values()) > 30


def test_the_crawl_could_find_a_write(world):
    client = world.browser("alder.member", world.alder.network)

    with rows.watching() as written:
        client.post(f"/discussions/{world.alder.ids['discussion_id']}/", {"body": "Something new."})

    assert written.tables[f"{world.alder.schema}.discussions_reply"] == 1


def _faults(
    world: World, client: Client, host: str, who: str, addresses: list[tuple[Route | None, str]]
) -> list[tuple]:
    """Return what is wrong with the answers to GET: leaks, writes, and errors of ours."""
    foreign = [place for place in world.places if place.name != host]
    spies = [Spy(world, place) for place in foreign]
    own = _own_words(world, who)
    faults = []
    for route, path in addresses:
        with rows.watching() as written:
            response = client.get(path)
        text = whole(response)
        leaks = {leak for spy in spies for leak in spy.finds(text, except_for=[*own, path])}
        unexpected = written.beside(*_allowed(route))
        if leaks or unexpected or response.status_code >= 500:
            faults.append((path, response.status_code, leaks, unexpected))
    return faults


def _allowed(route: Route | None) -> set[str]:
    return ON_ANY_GET | (WRITES_ON_GET.get(route.name, set()) if route else set())


def _addresses(world: World, host: str, found: list[Route]) -> Iterator[tuple[Route, str]]:
    """Yield every address with ids of the host's own things; on the Collective and the platform with alder's."""
    place = world.birch if host == "birch" else world.alder
    for route in sorted(found, key=lambda route: route.name in LEAVES_WORDS):
        yield route, route.path(route.values(world, place))


def _searches(addresses: dict[str, tuple[str, ...]], host: str) -> list[tuple[None, str]]:
    return [(None, path.format(word)) for path in addresses[_kind(host)] for word in WORDS.split()]


def _own_words(world: World, who: str) -> list[str]:
    """What a person may see of themselves anywhere: address, name, job, school, what tokens are called, links."""
    account = world.account(who)
    if account is None:
        return []
    name, _, role = who.rpartition(".")
    about = [world.place(name).kept(f"{what}{role}") for what in ("token", "job", "school", "linked")] if name else []
    return [account.email, account.name, *about]


def _kind(host: str) -> str:
    return host if host in KINDS else "network"


def _place_of(world: World, host: str) -> Place | str:
    return host if host in KINDS else world.place(host).network


def _is_api(route: Route) -> bool:
    return route.pattern.startswith("api/")
