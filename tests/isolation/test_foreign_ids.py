"""An id of another network is worth what an id of nothing is: the same answer, and nothing happens over there."""

from collections.abc import Iterator

import pytest
from django.test import Client

from tests.isolation import rows
from tests.isolation.answers import Spy, difference, normal, whole
from tests.isolation.routes import Route, routes
from tests.isolation.world import World

VALID = {  # something for every form and every resource, so that nothing is refused for what it says
    "act": "again",
    "body": "Words.",
    "code": "123456",
    "do": "unfollow",
    "decision": "refuse",
    "emails": "someone@mail.example",
    "follow": "true",
    "identity": "named",
    "is_answer": True,
    "name": "A name",
    "quality": 4,
    "reason": "rude",
    "response": 4,
    "role": "member",
    "text": "Words.",
    "title": "Words",
    "value": 4,
    "words": "Words.",
    "would_use_again": True,
}
PAGES = [("network", "alder.owner"), ("network", "both"), ("network", "nobody")]


@pytest.mark.parametrize(("kind", "who"), PAGES)
def test_a_page_knows_no_id_of_another_network(world, kind, who):
    found = [route for route in routes(kind) if not route.pattern.startswith("api/")]
    client = world.browser(who, world.alder.network)

    assert _differences(world, client, found, ("get", "post")) == []


@pytest.mark.parametrize("who", ["alder.owner", "birch.owner"])
def test_a_resource_knows_no_id_of_another_network(world, who):
    """With a token of this network, and with one of the other, whose own ids those are."""
    found = [route for route in routes("network") if route.pattern.startswith("api/")]
    client = world.program(who, world.alder.network)

    assert _differences(world, client, found, ("get", "post", "patch", "put", "delete")) == []


def test_the_same_requests_with_own_ids_do_something(world):
    """Otherwise the two tests above could pass because nothing works at all."""
    client, statuses = world.browser("alder.owner", world.alder.network), set()
    for route in routes("network"):
        if route.foreign_parameters and not route.pattern.startswith("api/"):
            statuses.add(client.get(route.path(route.values(world, world.alder))).status_code)

    assert {200, 302} <= statuses
    answer = world.program("alder.owner", world.alder.network).patch(
        f"/api/v1/discussions/{world.alder.ids['discussion_id']}/", VALID, content_type="application/json"
    )
    assert answer.status_code == 200, answer.content


@pytest.mark.parametrize(
    ("path", "thing"),
    [
        ("/answers/{}/edit/", "away_reply"),
        ("/answers/{}/withdraw/", "away_reply"),
        ("/answers/{}/returned/", "returned"),
        ("/account/tokens/{}/revoke/", "token_id"),
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_the_collective_knows_no_id_of_another_person(world, path, thing, method):
    client = world.browser("alder.member", "collective")
    theirs, nothing = str(world.birch.ids[thing]), str(world.alder.network.id)

    answer, like = (getattr(client, method)(path.format(each), {"body": "Words."}) for each in (theirs, nothing))

    assert normal(answer, [theirs]) == normal(like, [nothing])
    assert answer.status_code in (404, 405)


def test_what_another_network_withdrew_or_never_shared_is_unknown_in_the_collective(world):
    client = world.browser("alder.member", "collective")
    program = world.program("alder.member", "collective")
    known = normal(client.get(f"/publications/{world.alder.network.id}/"), [str(world.alder.network.id)])
    for thing in ("back_publication", "discussion_id", "named", "item_id", "recommendation_id", "network_id"):
        each = str(world.birch.ids[thing])

        assert normal(client.get(f"/publications/{each}/"), [each]) == known, thing
        assert program.get(f"/api/v1/publications/{each}/").status_code == 404, thing
        assert program.get(f"/api/v1/publications/{each}/replies/").status_code == 404, thing


def _differences(world: World, client: Client, found: list[Route], methods: tuple[str, ...]) -> list[tuple]:
    """Compare, for each address and method, an answer to ids of birch with the answer to ids of nothing."""
    spy, faults = Spy(world, world.birch), []
    for route in found:
        for foreign, nothing in _pairs(world, route):
            for method in methods:
                with rows.watching() as written:
                    answer = _ask(client, method, route.path(foreign))
                like = _ask(client, method, route.path(nothing))
                if differs := difference(normal(answer, foreign.values()), normal(like, nothing.values())):
                    faults.append((method, route.pattern, differs))
                if spy.finds(whole(answer), except_for=foreign.values()):
                    faults.append((method, route.pattern, "leak"))
                if touched := [table for table in written.tables if table.startswith(f"{world.birch.schema}.")]:
                    faults.append((method, route.pattern, touched))
    return faults


def _pairs(world: World, route: Route) -> Iterator[tuple[dict[str, str], dict[str, str]]]:
    """Yield ids of birch, and ids of nothing in the same places; each place alone too, the others being alder's."""
    own, theirs = route.values(world, world.alder), route.values(world, world.birch)
    nothing = route.random_values(theirs)
    names = route.foreign_parameters
    for chosen in [names, *([name] for name in names if len(names) > 1)]:
        if chosen:
            yield (
                own | {name: theirs[name] for name in chosen},
                own | {name: nothing[name] for name in chosen},
            )


def _ask(client: Client, method: str, path: str):
    if method == "get":
        return client.get(path)
    is_api = path.startswith("/api/")
    data = VALID if is_api else {name: str(value).lower() for name, value in VALID.items()}
    return getattr(client, method)(path, data, **({"content_type": "application/json"} if is_api else {}))
