"""What one network keeps in the cache, no other reads or clears."""

import pytest
from django.core.cache import caches

from tenants.cache import make_key
from tenants.context import in_collective, in_network, in_public
from tests.guards.sources import named, product_files

cache = caches["network"]


@pytest.fixture(autouse=True)
def _empty(alder, birch):
    yield
    for network in (alder, birch):
        with in_network(network):
            cache.clear()


def test_one_key_is_an_entry_in_each_network(alder, birch):
    with in_network(alder):
        cache.set("greeting", "alder")
    with in_network(birch):
        unseen = cache.get("greeting")
        cache.set("greeting", "birch")
    with in_network(alder):
        kept = cache.get("greeting")

    with in_public():
        public = cache.get("greeting")
    with in_collective():
        collective = cache.get("greeting")

    assert (unseen, kept, public, collective) == (None, "alder", None, None)


@pytest.mark.parametrize("forget", [lambda: cache.delete("greeting"), cache.clear])
def test_forgetting_in_one_leaves_the_other(alder, birch, forget):
    for network in (alder, birch):
        with in_network(network):
            cache.set("greeting", network.subdomain)

    with in_network(alder):
        forget()

    with in_network(alder):
        assert cache.get("greeting") is None
    with in_network(birch):
        assert cache.get("greeting") == "birch"


def test_counting_in_one_leaves_the_other(alder, birch):
    for network in (alder, birch):
        with in_network(network):
            cache.set("hits", 1)

    with in_network(alder):
        cache.incr("hits")

    with in_network(birch):
        assert cache.get_many(["hits"]) == {"hits": 1}


def test_a_key_names_the_network_and_not_its_schema(alder):
    """A schema's name can be used again by a later network; an id never is."""
    with in_network(alder):
        assert make_key("greeting", "", 1) == f"{alder.id}::1:greeting"


def test_a_key_cannot_reach_into_another_network(alder, birch):
    with in_network(birch):
        cache.set("greeting", "birch")
        full = make_key("greeting", "", 1)

    with in_network(alder):
        assert cache.get(full) is None


def test_product_code_uses_no_other_cache():
    """The `default` one is the platform's, for limits: what a network keeps there, every other would read."""
    product = [path for path in product_files() if named(path).startswith(("tenant_apps/", "collective/"))]
    using = {named(path): path.read_text() for path in product if "django.core.cache" in path.read_text()}

    others = [name for name, text in using.items() if "import cache\n" in text or 'caches["default"]' in text]

    assert others == ["tenant_apps/moderation/limits.py"]  # how much a member writes counts in every process
    assert "limit:{this_network().id}:{member.id}" in using[others[0]]
    assert using
