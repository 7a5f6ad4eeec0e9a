"""The registry of navigation: only what is registered, allowed and addressed is drawn."""

from types import SimpleNamespace

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory

from shared_apps.core import navigation
from shared_apps.core.navigation import Area, NavItem, Place
from tenants.enums import Kind


@pytest.fixture(autouse=True)
def _empty_registry(monkeypatch):
    monkeypatch.setattr(navigation, "_items", {})
    monkeypatch.setattr(navigation, "_places", {})


@pytest.fixture
def request_for():
    """Make a request to a path on a kind of site, signed in unless told otherwise."""

    def make(path="/", kind=Kind.NETWORK, *, signed_in=True):
        request = RequestFactory().get(path)
        request.site_kind = kind
        request.user, request.member = SimpleNamespace(is_authenticated=signed_in), None
        return request

    return make


def item(label, path=None, **values):
    return NavItem(label=label, url=lambda request: f"/{label.lower()}/" if path is None else path, **values)


def labels(links):
    return [link.label for link in links]


def test_shell_of_draws_nothing_that_is_not_registered(request_for):
    assert navigation.shell_of(request_for()) == navigation.Shell()


def test_shell_of_orders_items_and_keeps_groups_together(request_for):
    navigation.register(
        item("Desk", group="Organising", order=80),
        item("Exercises", group="Buying", order=90),
        item("Suppliers", group="Buying", order=40),
        item("Members", order=30),
        item("Home", "/", order=10),
    )

    shell = navigation.shell_of(request_for())

    assert [(group, labels(links)) for group, links in shell.rail] == [
        ("", ["Home", "Members"]),
        ("Buying", ["Suppliers", "Exercises"]),
        ("Organising", ["Desk"]),
    ]


@pytest.mark.parametrize("missing", ["user", "member"])
def test_shell_of_is_empty_before_anybody_is_recognised(request_for, missing):
    navigation.register(item("Manage", requires=lambda request: bool(getattr(request, missing))))
    request = request_for()
    delattr(request, missing)

    assert navigation.shell_of(request) == navigation.Shell()


def test_register_twice_is_once(request_for):
    home = item("Home", "/")

    navigation.register(home)
    navigation.register(home)

    assert labels(navigation.shell_of(request_for()).main) == ["Home"]


def test_shell_of_leaves_out_other_kinds_of_site_and_what_is_not_allowed(request_for):
    navigation.register(
        item("Here"),
        item("Elsewhere", kinds=(Kind.PUBLIC,)),
        item("Refused", requires=lambda request: False),
        item("Nowhere", ""),
    )

    assert labels(navigation.shell_of(request_for()).main) == ["Here"]


def test_shell_of_shows_the_signed_out_only_what_asks_for_them(request_for):
    navigation.register(
        item("Members"), item("Sign in", requires=navigation.signed_out), item("Privacy", requires=navigation.anyone)
    )

    assert labels(navigation.shell_of(request_for(signed_in=False)).main) == ["Sign in", "Privacy"]
    assert labels(navigation.shell_of(request_for()).main) == ["Members", "Privacy"]


@pytest.mark.parametrize(
    ("path", "current"),
    [("/", ["Home"]), ("/discussions/", ["Discussions"]), ("/discussions/1/", ["Discussions"]), ("/elsewhere/", [])],
)
def test_shell_of_marks_where_the_page_is(request_for, path, current):
    navigation.register(item("Home", "/"), item("Discussions"), item("Disc", "/disc/"))

    shell = navigation.shell_of(request_for(path))

    assert [link.label for link in shell.main if link.current] == current


def test_shell_of_gives_a_phone_four_places(request_for):
    navigation.register(*[item(label, order=n, thumb=True) for n, label in enumerate("ABCDE")], item("F"))

    assert labels(navigation.shell_of(request_for()).thumbs) == ["A", "B", "C", "D"]


def test_shell_of_asks_for_counts_once_a_request(request_for):
    asked = []
    navigation.register(item("Discussions", count=lambda request: asked.append(1) or 12))
    request = request_for()

    counts = [link.count for _ in range(3) for link in navigation.shell_of(request).main]

    assert (counts, len(asked)) == ([12, 12, 12], 1)


def test_network_name_offers_a_switcher_only_with_somewhere_to_go():
    here = Place(label="Alder", url="/", colour="#00696b", current=True)
    there = Place(label="Birch", url="//birch.example/", colour="#9b2c50")

    alone = render_to_string("components/network_name.html", {"name": "Alder SBM Network", "places": [here]})
    both = render_to_string("components/network_name.html", {"name": "Alder SBM Network", "places": [here, there]})

    assert "<details" not in alone
    assert "Birch" in both


def test_account_menu_signs_out_with_a_post():
    navigation.register(item("Sign out", area=Area.ACCOUNT, post=True))
    request = RequestFactory().get("/")
    request.site_kind, request.user, request.member = Kind.NETWORK, SimpleNamespace(is_authenticated=True), None

    links = navigation.shell_of(request).account
    html = render_to_string("components/account_menu.html", {"name": "Priya Raman", "links": links})

    assert '<form method="post" action="/sign out/">' in html
