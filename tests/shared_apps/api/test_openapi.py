"""The API describes itself, for programs and for people."""

import pytest
from django.test import Client
from jsonschema import Draft202012Validator

from shared_apps.api.rest.openapi import operations_of, schema_of
from tenants.enums import Kind
from tests.builders.accounts import host_of

pytestmark = pytest.mark.usefixtures("sample_urls")


@pytest.fixture(params=["alder", "collective", "platform"])
def client(request, alder) -> Client:
    return Client(headers={"host": host_of(alder if request.param == "alder" else request.param)})


def test_the_schema_is_openapi_3_1(client):
    response = client.get("/api/v1/schema/")
    schema = response.json()

    assert response["Content-Type"] == "application/json"
    assert schema["openapi"].startswith("3.1")
    assert {"/api/v1/accounts/", "/api/v1/accounts/{id}/"} <= set(schema["paths"])
    assert schema["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    for parts in schema["components"]["schemas"].values():
        Draft202012Validator.check_schema(parts)


def test_every_operation_says_what_an_error_is(client):
    schema = client.get("/api/v1/schema/").json()

    answers = [spec["responses"] for methods in schema["paths"].values() for spec in methods.values()]

    assert answers
    assert all("application/problem+json" in answer["default"]["content"] for answer in answers)


def test_a_list_is_described_as_a_page(client):
    schema = client.get("/api/v1/schema/").json()

    page = schema["components"]["schemas"]["PaginatedAccountList"]

    assert list(page["properties"]) == ["results", "next", "previous"]


def test_each_kind_of_host_has_its_own_title(alder):
    titles = {
        name: Client(headers={"host": host_of(place)}).get("/api/v1/schema/").json()["info"]["title"]
        for name, place in {"alder": alder, "collective": "collective", "platform": "platform"}.items()
    }

    assert titles == {
        "alder": "SBM Collective: network API",
        "collective": "SBM Collective: API of the Collective",
        "platform": "SBM Collective: platform API",
    }


def test_what_the_page_shows_is_what_the_schema_says(alder):
    groups = operations_of(schema_of(Kind.NETWORK))

    listed, created, *_ = groups["accounts"]
    assert (listed.method, listed.path, listed.about) == ("GET", "/api/v1/accounts/", "Accounts, as a sample.")
    assert [value.name for value in listed.parameters] == ["cursor", "page_size"]
    assert [(value.name, value.kind) for value in listed.answered] == [
        ("id", "text (uuid)"),
        ("email", "text (email)"),
        ("name", "text"),
        ("tags", "list of object"),
    ]
    assert (created.method, [value.name for value in created.sent]) == ("POST", ["email", "name", "tags"])


def test_the_root_says_where_to_read_on(client):
    answer = client.get("/api/v1/").json()

    assert {name: url.split("/", 3)[3] for name, url in answer.items()} == {
        "docs": "api/v1/docs/",
        "schema": "api/v1/schema/",
    }


@pytest.mark.parametrize("name", ["", "schema/", "docs/"])
def test_only_reading_works_here(client, name):
    response = client.post(f"/api/v1/{name}")

    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")
    assert response["Content-Type"] == "application/problem+json"
