"""A support visitor opens every address: sees no more than an organiser, changes nothing, and only in one network."""

import pytest
from django.utils import timezone

from shared_apps.grants import services
from shared_apps.grants.models import SupportGrant
from tenant_apps.support.permissions import MAY_SEND
from tests.builders.grants import actor
from tests.isolation import rows
from tests.isolation.answers import Spy, difference, normal, whole
from tests.isolation.routes import Route, routes
from tests.isolation.test_crawl import LEAVES_WORDS
from tests.isolation.world import World

THE_LOG = {"audit_event", "grants_supportgrant"}  # each page goes there, and that they came
NO_FORM = {"members:theme", ""}  # the style sheet, and what is nowhere: 405 and 404
OF_ONE_SELF = {"accounts_session", "accounts_handoff"}  # signing in, and the words of the next page


@pytest.fixture
def visited(world: World) -> World:
    """The operator may look into alder, and into nothing else."""
    grant = SupportGrant.objects.get(id=world.alder.ids["grant_id"])
    owner = world.account("alder.owner")
    assert owner is not None
    services.allow(grant, now=timezone.now(), by=actor(owner))
    return world


def pages(world: World, where: str) -> list[tuple[Route, str]]:
    found = [route for route in routes("network") if not route.pattern.startswith("api/")]
    found.sort(key=lambda route: route.name in LEAVES_WORDS)
    place = world.place(where)
    member = {"member_id": place.people["member"].id}  # not the organiser, who may not remove themselves
    return [(route, route.path(route.values(world, place) | member)) for route in found]


def test_every_page_shows_no_more_than_an_organiser_sees_and_changes_nothing(visited):
    alder = visited.alder.network
    visitor, organiser = visited.browser("operator", alder), visited.browser("alder.organiser", alder)
    own, foreign, faults, seen = Spy(visited, visited.alder), Spy(visited, visited.birch), [], 0
    for route, path in pages(visited, "alder"):
        with rows.watching() as written:
            answer = visitor.get(path)
        shown = own.finds(whole(answer))
        more = shown - own.finds(whole(organiser.get(path)))
        leaks, changed = foreign.finds(whole(answer)), written.beside(*THE_LOG, *OF_ONE_SELF)
        seen += len(shown)
        if more or leaks or changed or answer.status_code >= 500:
            faults.append((route.name, answer.status_code, more, leaks, changed))

    assert faults == []
    assert seen > 40


def test_every_form_is_refused_but_those_on_the_list(visited):
    visitor, taken = visited.browser("operator", visited.alder.network), []
    for route, path in pages(visited, "alder"):
        if route.name in MAY_SEND:
            continue
        with rows.watching() as written:
            answer = visitor.post(path, {"body": "Words.", "title": "Words"})
        if (answer.status_code != 403 and route.name not in NO_FORM) or written.beside(*THE_LOG):
            taken.append((route.name, answer.status_code, written.tables))

    assert taken == []


def test_the_list_names_addresses_that_are_there():
    assert {route.name for route in routes("network")} >= MAY_SEND


def test_in_the_other_network_the_visitor_is_a_stranger(visited):
    birch = visited.birch.network
    visitor, stranger = visited.browser("operator", birch), visited.browser("nobody", birch)
    differing = [
        (path, differs)
        for _, path in pages(visited, "birch")
        if (differs := difference(normal(visitor.get(path), []), normal(stranger.get(path), [])))
    ]

    assert differing == []
