"""What was shared is seen as its author chose, and is gone everywhere at once when it is taken back."""

import re
from collections.abc import Callable

import pytest

from shared_apps.audit.services import Actor
from shared_apps.operator.services import suspend_network
from tenant_apps.discussions import services as discussions
from tenant_apps.discussions.models import Discussion
from tenant_apps.sharing import services as sharing
from tenant_apps.sharing.selectors import item_of_publication
from tenant_apps.suppliers import services as suppliers
from tenant_apps.suppliers.models import SupplierCategory
from tenants.context import in_network
from tests.isolation.answers import whole
from tests.isolation.canaries import all_words
from tests.isolation.world import World

ANSWERS = {
    "sharedanswer",
    "sharedroleanswer",
    "sharedmember",
    "sharedjobmember",
    "sharedschoolmember",
    "sharedjobdiscreet",
}
PORTAL = (
    "/",
    "/?q=canary",
    "/?q=nobody1",
    "/?q=canary&kind=recommendation",
    "/waiting/",
    "/suppliers/",
    "/suppliers/known-by-both.example/",
    "/publications/{publication_id}/",
    "/publications/{role_publication}/",
    "/publications/{anon_publication}/",
    "/publications/{said_publication}/",
    "/publications/{anon_said_publication}/",
)
API = (
    "/api/v1/publications/?page_size=100",
    "/api/v1/search/?q=canary&page_size=100",
    "/api/v1/publications/{publication_id}/",
    "/api/v1/publications/{publication_id}/replies/",
    "/api/v1/publications/{anon_publication}/",
)


def test_what_is_anonymous_names_neither_network_nor_author(world):
    """Alder's question, its answers and its recommendation, as birch sees them."""
    client, program = world.browser("birch.member", "collective"), world.program("birch.member", "collective")
    ids = {name: world.alder.ids[name] for name in ("anon_publication", "anon_said_publication")}
    supplier = f"/suppliers/{_anonymous_supplier_key(world)}/"
    pages = [
        client.get(path) for path in ("/?q=nobody1", supplier, *(f"/publications/{each}/" for each in ids.values()))
    ]
    calls = [
        program.get(path)
        for path in ("/api/v1/search/?q=nobody1", *(f"/api/v1/publications/{each}/" for each in ids.values()))
    ]

    assert all("canary-nobody1" in whole(answer) for answer in (*pages, *calls))
    assert [_signs_of_alder(world, whole(answer)) for answer in (*pages, *calls)] == [[]] * 7


def test_an_anonymous_answer_names_neither_network_nor_author(world):
    """Alder's hidden member answered birch's anonymous question; birch sees the answer at home too."""
    path = f"/publications/{world.birch.ids['anon_publication']}/"
    for client, address in (
        (world.browser("birch.moderator", "collective"), path),
        (world.program("birch.owner", "collective"), f"/api/v1{path}replies/"),
    ):
        text = whole(client.get(address))

        assert "canary-nobody1-answer" in text
        assert _signs_of_alder(world, text) == []


def test_an_anonymous_recommendation_names_nobody_beside_another_networks_supplier(world):
    with in_network(world.birch.network):
        supplier = suppliers.add_supplier(
            name=world.alder.anon("supplier"),
            categories=[SupplierCategory.objects.get(name="Catering")],
            by=world.birch.people["member"],
        )

    text = whole(world.browser("birch.moderator", world.birch.network).get(f"/suppliers/{supplier.id}/"))

    assert "canary-nobody1-said" in text
    assert _signs_of_alder(world, text) == []


def test_two_anonymous_things_have_nothing_in_common_but_the_day(world):
    program = world.program("birch.owner", "collective")
    one, two = (
        program.get(f"/api/v1/publications/{world.alder.ids[name]}/").json()
        for name in ("anon_publication", "anon_said_publication")
    )
    same = {name for name in one if one[name] == two[name] and one[name] not in ("", None, 0, 0.0, False)}

    assert same <= {"created_at"}
    assert re.search(r"T00:00:00", one["created_at"])


def test_others_see_the_role_and_not_the_name(world):
    client = world.browser("birch.member", "collective")

    text = whole(client.get(f"/publications/{world.alder.ids['role_publication']}/"))

    assert "canary-alder-sharedjobdiscreet" in text
    assert "keptdiscreet" not in text
    assert "schooldiscreet" not in text


def _withdraw(world: World) -> None:
    things = (("publication_id", "member"), ("said_publication", "member"), ("role_publication", "discreet"))
    with in_network(world.alder.network):
        for publication, who in things:
            item = item_of_publication(world.alder.ids[publication])
            sharing.withdraw_item(item.source_kind, item.source_id, by=world.alder.people[who])


def _block(world: World) -> None:
    with in_network(world.alder.network):
        sharing.update_policy(
            approval_required=False,
            kept_categories=[],
            blocked_networks=[world.birch.network.id],
            by=world.alder.people["owner"],
        )


def _blocked_by_reader(world: World) -> None:
    with in_network(world.birch.network):
        sharing.update_policy(
            approval_required=False,
            kept_categories=[],
            blocked_networks=[world.alder.network.id],
            by=world.birch.people["owner"],
        )


def _suspend(world: World) -> None:
    suspend_network(world.alder.network, by=Actor.system())


@pytest.mark.parametrize("act", [_withdraw, _block, _blocked_by_reader, _suspend])
def test_what_is_taken_back_is_gone_everywhere_at_once(world, act: Callable[[World], None]):
    before = _words_of_alder_that_birch_sees(world)
    assert {"sharedtitle", "sharedbody", "sharedroletitle", "sharedsaid"} <= before

    act(world)

    assert _words_of_alder_that_birch_sees(world) <= ANSWERS | {"sharednetwork"}


def test_what_is_edited_out_is_gone_everywhere_at_once(world):
    with in_network(world.alder.network):
        discussion = Discussion.objects.get(id=world.alder.ids["named"])
        discussions.edit_discussion(discussion, title="New", body="Newer", by=world.alder.people["member"])

    after = _words_of_alder_that_birch_sees(world)

    assert "sharedroletitle" in after
    assert after & {"sharedtitle", "sharedbody"} == set()


def _words_of_alder_that_birch_sees(world: World) -> set[str]:
    """Everything birch's people are shown of alder: in the portal, by the API, and on their own network's pages."""
    portal, program = world.browser("birch.member", "collective"), world.program("birch.member", "collective")
    home = world.browser("birch.member", world.birch.network)
    own = (f"/suppliers/{world.birch.ids['known_id']}/", "/")
    answers = [
        *(portal.get(path.format(**world.alder.ids)) for path in PORTAL),
        *(program.get(path.format(**world.alder.ids)) for path in API),
        *(home.get(path) for path in own),
    ]
    assert {answer.status_code for answer in answers} <= {200, 404}
    words = all_words("alder")
    return {match.group().rsplit("-", 1)[1] for answer in answers for match in words.finditer(whole(answer))}


def _signs_of_alder(world: World, text: str) -> list[str]:
    place = world.alder
    people = [value for person in place.people.values() for value in (str(person.id), str(person.account_id))]
    signs = ["alder", place.network.colour, str(place.network.id), place.schema, *people]
    return [sign for sign in signs if sign in text.lower()]


def _anonymous_supplier_key(world: World) -> str:
    return world.alder.anon("supplier")
