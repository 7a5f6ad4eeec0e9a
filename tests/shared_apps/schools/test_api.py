"""The register for programs."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shared_apps.schools.enums import SchoolStatus
from shared_apps.schools.services.vocabulary import refresh_words
from tests.builders.accounts import make_account, token_client
from tests.builders.schools import make_school

SCHOOLS = "/api/v1/schools/"


@pytest.fixture
def get(alder):
    """Return a getter that sends a token of alder and returns status and JSON."""
    client = token_client(make_account(alder), alder)

    def get_json(path, **query):
        response = client.get(path, query)
        return response.status_code, response.json()

    return get_json


def urns(answer):
    """Return the URNs of a list."""
    status, body = answer
    assert status == 200
    return [school["urn"] for school in body["results"]]


def test_schools_needs_a_token(alder, client_for):
    assert client_for(alder).get(SCHOOLS).status_code == 401


def test_schools_shows_what_the_register_says(get):
    school = make_school("Alder School", urn=700001, pupils=98, authority="Kent", town="Deal")

    status, body = get(f"{SCHOOLS}{school.id}/")

    assert status == 200
    assert body == {
        "id": str(school.id),
        "urn": 700001,
        "name": "Alder School",
        "status": "Open",
        "is_open": True,
        "type": "",
        "phase": "Primary",
        "pupils": 98,
        "ukprn": "",
        "establishment_number": "",
        "local_authority": "Kent",
        "local_authority_code": "001",
        "trust": "",
        "trust_uid": "",
        "street": "",
        "locality": "",
        "address3": "",
        "town": "Deal",
        "county": "",
        "postcode": "B33 8QB",
        "easting": None,
        "northing": None,
        "opened_date": None,
        "closed_date": None,
        "last_changed_date": None,
        "url": body["url"],
    }
    assert body["url"].endswith(f"/schools/{school.id}/")


def test_schools_finds_with_typing_errors_and_the_likeliest_first(get):
    make_school("Birch School", urn=1, town="Alderton")
    make_school("Alderton School", urn=2)
    refresh_words()

    assert urns(get(SCHOOLS, q="aldreton")) == [2, 1]
    assert urns(get(SCHOOLS, q="zzyzx")) == []


def test_schools_lists_open_ones_unless_asked(get):
    make_school(urn=1, status=SchoolStatus.CLOSED)
    make_school(urn=2)

    assert urns(get(SCHOOLS)) == [2]
    assert urns(get(SCHOOLS, closed="true")) == [1, 2]
    assert urns(get(SCHOOLS, q="alder", closed="true")) == [2, 1]


def test_schools_shows_a_closed_school_by_its_id(get):
    school = make_school(urn=1, status=SchoolStatus.CLOSED)

    assert get(f"{SCHOOLS}{school.id}/")[1]["status"] == "Closed"


@pytest.mark.parametrize("query", [{}, {"q": "alder"}])
def test_schools_comes_in_pages(get, query):
    expected = [make_school(urn=urn, town="Deal").urn for urn in range(1, 6)]

    found, body = [], {"next": SCHOOLS}
    while body["next"]:
        status, body = get(body["next"], **(query | {"page_size": 2} if body["next"] == SCHOOLS else {}))
        assert status == 200
        found.append([school["urn"] for school in body["results"]])

    assert found == [expected[:2], expected[2:4], expected[4:]]


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("query", "queries"), [({}, 1), ({"q": "alder"}, 3)])
def test_schools_reads_the_register_in_a_fixed_number_of_queries(get, query, queries, rows):
    for _ in range(rows):
        make_school()
    refresh_words()

    with CaptureQueriesContext(connection) as captured:
        get(SCHOOLS, **query)

    assert sum("schools_school" in each["sql"] for each in captured) == queries


def test_schools_of_an_unknown_id_is_a_problem(get):
    status, body = get(f"{SCHOOLS}{uuid4()}/")

    assert (status, body["status"]) == (404, 404)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_schools_cannot_be_written(alder, method):
    client = token_client(make_account(alder), alder)

    assert getattr(client, method)(SCHOOLS, {}, content_type="application/json").status_code == 405


@pytest.mark.parametrize("query", ["' OR 1=1", "🏫", "x" * 5_000, "%s", "\u202e"])
def test_schools_takes_anything_for_text(get, query):
    assert get(SCHOOLS, q=query)[0] == 200
