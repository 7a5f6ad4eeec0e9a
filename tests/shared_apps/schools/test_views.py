"""The picker works with links and forms alone, in a fixed number of queries."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shared_apps.schools.enums import LinkKind, SchoolStatus
from shared_apps.schools.models import SchoolLink
from shared_apps.schools.services.vocabulary import refresh_words
from tests.builders.members import client_of, make_member
from tests.builders.schools import make_school

ATTRIBUTION = "Contains public sector information licensed under the"


@pytest.fixture
def page(alder):
    """Return a getter of pages for a signed-in member of alder."""
    return client_of(make_member(alder), alder).get


def test_school_picker_asks_first_for_sign_in(alder, client_for):
    response = client_for(alder).get("/schools/?q=alder")

    assert response.status_code == 302
    assert response["Location"].startswith("/sign-in/?next=")


def test_school_picker_begins_with_a_search_box(page):
    response = page("/schools/")

    assert response.status_code == 200
    assert 'name="q"' in response.text
    assert ATTRIBUTION in response.text


def test_school_picker_links_to_what_it_finds(page):
    school = make_school("Alder <Green> School", urn=700001, town="Gravesend")

    response = page("/schools/?q=alder")

    assert f'href="/schools/{school.id}/"' in response.text
    assert "Alder &lt;Green&gt; School" in response.text
    assert "Gravesend B33 8QB, Birmingham, Primary, URN 700001" in response.text


def test_school_picker_offers_choices_where_one_is_wanted(page):
    first, second = make_school("Alder School"), make_school("Alder School", town="Dover")

    text = page("/schools/?q=alder&next=/me/jobs/new/%3Fjob%3Dbursar%26school%3Dold").text

    assert 'action="/me/jobs/new/"' in text
    assert '<input type="hidden" name="job" value="bursar">' in text
    assert [text.count(f'value="{school.id}"') for school in (first, second)] == [1, 1]
    assert 'value="old"' not in text


@pytest.mark.parametrize(
    "address", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_school_picker_sends_nobody_to_another_site(page, address):
    make_school("Alder School")

    response = page("/schools/", {"q": "alder", "next": address})

    assert response.status_code == 200
    assert "evil" not in response.text
    assert "javascript:" not in response.text


def test_school_picker_shows_closed_schools_when_asked(page):
    make_school("Alder School", status=SchoolStatus.CLOSED, urn=700001)

    assert "No school found" in page("/schools/?q=alder").text
    assert "URN 700001, Closed" in page("/schools/?q=alder&closed=on").text


@pytest.mark.parametrize("query", ["\x00", "' OR 1=1", "<script>alert(1)</script>", "x" * 5_000, "🏫", "%s%n{{7*7}}"])
def test_school_picker_takes_anything_for_text(page, query):
    response = page("/schools/", {"q": query})

    assert response.status_code == 200
    assert "<script>alert" not in response.text


@pytest.mark.parametrize("schools", [1, 3])
def test_school_picker_takes_two_queries_to_search_however_many_it_finds(page, schools):
    for _ in range(schools):
        make_school("Alder School")
    refresh_words()

    with CaptureQueriesContext(connection) as captured:
        page("/schools/?q=alder")

    assert sum("schools_school" in each["sql"] for each in captured) == 2


def test_school_detail_shows_what_the_register_says(page):
    school = make_school("Alder School", urn=700001, status=SchoolStatus.CLOSED, pupils=1234)
    successor = make_school("Birch Academy")
    SchoolLink.objects.create(school=school, linked=successor, kind=LinkKind.SUCCESSOR, link_type="Successor")

    text = page(f"/schools/{school.id}/").text

    assert all(words in text for words in ("700001", "Closed", "1,234", ATTRIBUTION))
    assert f'href="/schools/{successor.id}/"' in text
    assert f'href="/schools/{school.id}/"' in page(f"/schools/{successor.id}/").text


def test_school_detail_of_an_unknown_school_is_not_found(page):
    assert page(f"/schools/{uuid4()}/").status_code == 404
