"""A network's search knows the words of that network alone, and of them only what every member may see."""

import pytest

from tenant_apps.search.models import SearchEntry, SearchTermChange, SearchTermStatistic
from tenants.context import in_network
from tests.isolation import rows
from tests.isolation.canaries import all_words, private_words

FOR_EVERY_MEMBER = ("title", "body", "reply", "supplier", "said", "askmemember", "file")
FOR_FEWER = (
    *("note", "noteonknown", "oldtitle", "oldbody", "oldreply", "drafttitle", "draft", "reportwords"),
    *("former", "askmeformer", "tagline", "invited"),
)


@pytest.mark.parametrize("name", ["alder", "birch"])
def test_a_network_finds_its_own_words_and_none_of_another(world, name):
    place = world.place(name)
    own, foreign = (world.program(f"{each.name}.member", each.network) for each in (place, world.other(place)))
    page = world.browser(f"{world.other(place).name}.member", world.other(place).network)

    for what in FOR_EVERY_MEMBER:
        word = f'"{place.kept(what)}"'
        assert own.get("/api/v1/search/", {"q": word}).json()["results"], f"{word} is there to be found"
        assert foreign.get("/api/v1/search/", {"q": word}).json()["results"] == []
        assert "<article" not in page.get("/search/", {"q": word}).content.decode()


@pytest.mark.parametrize("name", ["alder", "birch"])
def test_what_not_every_member_may_see_is_not_found(world, name):
    place = world.place(name)
    program = world.program(f"{name}.owner", place.network)

    found = {
        what: [
            each["title"] for each in program.get("/api/v1/search/", {"q": f'"{place.kept(what)}"'}).json()["results"]
        ]
        for what in FOR_FEWER
    }

    assert {what: titles for what, titles in found.items() if titles} == {}


@pytest.mark.parametrize("name", ["alder", "birch"])
def test_the_index_and_its_figures_are_of_one_network(world, name):
    place = world.place(name)
    other = world.other(place)
    for model in (SearchEntry, SearchTermStatistic, SearchTermChange):
        texts = rows.texts(place.schema, model._meta.db_table)

        assert any(all_words(name).search(text) for text in texts)
        assert [text for text in texts if private_words(other.name).search(text)] == []


def test_the_figures_of_one_network_do_not_move_with_another(world):
    with in_network(world.birch.network):
        before = sorted(SearchTermStatistic.objects.values_list("term", "band", "documents", "occurrences"))
    with in_network(world.alder.network):
        SearchTermStatistic.objects.update(documents=999)
    with in_network(world.birch.network):
        after = sorted(SearchTermStatistic.objects.values_list("term", "band", "documents", "occurrences"))

    assert before
    assert before == after


@pytest.mark.parametrize("name", ["alder", "birch"])
def test_what_was_replied_elsewhere_is_found_by_the_network_that_asked_alone(world, name):
    place = world.place(name)
    other = world.other(place)
    asking, answering = (world.browser(f"{each.name}.member", each.network) for each in (other, place))

    for word in (place.shared("answer"), place.shared("roleanswer")):
        found = asking.get("/search/", {"q": f'"{word}"'}).content.decode()
        assert f"{word.rsplit('-', 1)[-1]}</mark>" in found
        assert private_words(name).search(found) is None
        assert "<article" not in answering.get("/search/", {"q": f'"{word}"'}).content.decode()
