"""Lists in pages, by cursors that are of one list on one host."""

from urllib.parse import urlsplit

import pytest

from shared_apps.accounts.models import User
from tests.builders.accounts import make_account, token_client

pytestmark = pytest.mark.usefixtures("sample_urls")


def path_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


@pytest.fixture
def client(alder, birch):
    account = make_account(alder, birch, email="a0@school.example")
    for number in range(1, 7):
        make_account(email=f"a{number}@school.example")
    return token_client(account, alder)


def emails(page: dict) -> list[str]:
    return [row["email"].partition("@")[0] for row in page["results"]]


def test_a_list_goes_forward_and_back(client):
    first = client.get("/api/v1/accounts/?page_size=3").json()
    second = client.get(path_of(first["next"])).json()
    third = client.get(path_of(second["next"])).json()
    back = client.get(path_of(third["previous"])).json()

    assert [emails(page) for page in (first, second, third, back)] == [
        ["a6", "a5", "a4"],
        ["a3", "a2", "a1"],
        ["a0"],
        ["a3", "a2", "a1"],
    ]
    assert list(first) == ["results", "next", "previous"]
    assert (first["previous"], third["next"]) == (None, None)
    assert first["next"].startswith("http://alder.localhost/api/v1/accounts/?cursor=")


@pytest.mark.parametrize("size", ["0", "-1", "x", "\u0661", "1e3", "", "9" * 5000])
def test_a_strange_size_is_the_usual_one_or_the_largest(client, size):
    assert len(client.get("/api/v1/accounts/", {"page_size": size}).json()["results"]) == 7
    assert client.get("/api/v1/hits/", {"page_size": size}).status_code == 200


@pytest.mark.parametrize("cursor", ["", "x", "cD0x", "a:b:c", "é", "x" * 5000])
@pytest.mark.parametrize("resource", ["accounts", "hits"])
def test_a_strange_cursor_is_a_problem(client, cursor, resource):
    response = client.get(f"/api/v1/{resource}/", {"cursor": cursor})

    assert response.status_code == 404
    assert response.json()["detail"] == "This cursor is not of this list. Start again without it."


def test_a_cursor_of_another_network_is_a_strange_one(client, alder, birch):
    address = client.get("/api/v1/accounts/?page_size=3").json()["next"]
    assert client.get(path_of(address)).status_code == 200

    elsewhere = token_client(User.objects.get(email="a0@school.example"), birch)

    assert elsewhere.get(path_of(address)).status_code == 404


def test_a_cursor_of_another_list_is_a_strange_one(client):
    address = path_of(client.get("/api/v1/accounts/?page_size=3").json()["next"])

    assert client.get(address + "&q=other").status_code == 404
    assert client.get(address.replace("accounts", "hits")).status_code == 404


def test_ranked_results_end_at_a_thousand(client):
    address, seen, pages = "/api/v1/hits/?page_size=100", [], 0
    while address:
        page = client.get(path_of(address)).json()
        seen += page["results"]
        address, pages = page["next"], pages + 1

    assert seen == list(range(1000))
    assert pages == 10


def test_ranked_results_go_back(client):
    first = client.get("/api/v1/hits/?page_size=10").json()
    second = client.get(path_of(first["next"])).json()

    assert client.get(path_of(second["previous"])).json()["results"] == first["results"]
    assert (first["previous"], second["results"]) == (None, list(range(10, 20)))
