"""Tags and filters that are not a component of their own."""

import re
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory

from shared_apps.core.templatetags import sbm
from tenants.enums import Kind


def draw(source: str, **values) -> str:
    return re.sub(r"\s+", " ", Template(source).render(Context(values))).strip()


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Priya Raman", "PR"), ("Mary Ann O’Brien", "MO"), ("Cher", "C"), ("jo.hale@example.org", "JO"), ("", "")],
)
def test_initials(name, letters):
    assert sbm.initials(name) == letters


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Birmingham SBM Network", "Birmingham"),
        ("Gloucestershire Bursars", "Gloucestershire Bursars"),
        ("West Kent Network", "West Kent"),
    ],
)
def test_short_network(name, short):
    assert sbm.short_network(name) == short


def test_theme_url_changes_with_the_colour_and_is_for_live_networks_only():
    live, paused = (SimpleNamespace(colour="#00696b", state=state) for state in ("live", "suspended"))

    assert draw("{% theme_url %}", request=SimpleNamespace(network=live)) == "/theme.css?v=00696b"
    assert draw("{% theme_url %}", request=SimpleNamespace(network=paused)) == ""
    assert draw("{% theme_url %}", request=SimpleNamespace(network=None)) == ""


@pytest.mark.parametrize(
    ("kind", "layout"),
    [
        (Kind.PUBLIC, "base/platform.html"),
        (Kind.NETWORK, "base/network.html"),
        (Kind.COLLECTIVE, "base/collective.html"),
        (None, "base/page.html"),
    ],
)
def test_site_layout(kind, layout):
    assert sbm.site_layout(SimpleNamespace(site_kind=kind)) == layout


@pytest.mark.parametrize(
    ("member", "user", "theme"), [("dark", "", "dark"), ("", "light", "light"), ("", "", ""), ('"><x', "", "")]
)
def test_person_theme_is_theirs_or_the_devices(member, user, theme):
    request = SimpleNamespace(member=SimpleNamespace(theme=member), user=SimpleNamespace(theme=user))

    assert sbm.person_theme(request) == theme


@pytest.mark.parametrize(("number", "words"), [(2184, "2,184"), (7, "7"), ("1,000+", "1,000+")])
def test_thousands(number, words):
    assert sbm.thousands(number) == words


@pytest.mark.parametrize(("number", "words"), [(0, "0 replies"), (1, "1 reply"), (1204, "1,204 replies")])
def test_counted(number, words):
    assert sbm.counted(number, "reply,replies") == words


@pytest.mark.parametrize(("size", "words"), [(12, "1 KB"), (38_912, "38 KB"), (2_200_000, "2.1 MB")])
def test_file_size(size, words):
    assert sbm.file_size(size) == words


def test_pagination_keeps_the_rest_of_the_address():
    page = Paginator(range(412), 13).get_page(2)
    request = RequestFactory().get("/discussions/?category=ict&page=2")

    html = draw('{% pagination page of="discussions" %}', page=page, request=request)

    assert "14 to 26 of 412" in html
    assert 'href="?category=ict&amp;page=1" rel="prev"' in html
    assert 'href="?category=ict&amp;page=3" rel="next"' in html
    assert html.count('aria-current="page"') == 1


def test_pagination_of_one_page_is_not_drawn():
    page = Paginator(range(5), 13).get_page(1)

    html = draw("{% pagination page %}", page=page, request=RequestFactory().get("/"))

    assert html.strip() == ""


def test_spark_fits_its_box():
    assert sbm.spark([3, 9, 0]) == [(4, 20), (44, 4), (84, 28)]


def test_spark_of_the_same_figures_is_level():
    assert sbm.spark([5, 5]) == [(4, 28), (84, 28)]


def test_spark_of_one_figure_is_no_line():
    assert sbm.spark([1]) == []


def test_when_takes_a_date_a_time_or_nothing():
    assert draw("{% when day %}", day=date(2020, 9, 1)) == '<time datetime="2020-09-01">1 Sep 2020</time>'
    assert draw("{% when moment 'long' %}", moment=datetime(2020, 9, 1, 8, 30, tzinfo=UTC)) == (
        '<time datetime="2020-09-01T08:30:00+00:00">Tue 1 Sep 2020, 09:30</time>'
    )
    assert draw("{% when missing %}") == ""
