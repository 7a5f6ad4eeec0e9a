"""The directory for programs: a token sees its own network's members and no others."""

import pytest

from shared_apps.accounts.selectors import account_of_email
from tenant_apps.members import services
from tenant_apps.members.enums import Role
from tenant_apps.members.services import SchoolFacts
from tenants.context import in_network
from tenants.selectors import network_url
from tests.builders.accounts import token_client
from tests.builders.members import make_member


@pytest.fixture
def owner(alder):
    return make_member(
        alder,
        name="Helen Marsh",
        role=Role.OWNER,
        school=SchoolFacts("Oak Primary", town="Leeds", phase="Primary"),
        ask_me_about="payroll",
    )


@pytest.fixture
def program(alder, owner):
    return token_client(account_of_email(owner.email), alder)


def test_list_shows_members_by_name(alder, owner, program):
    make_member(alder, name="Dawn Okafor")

    answer = program.get("/api/v1/members/").json()

    assert (answer["next"], answer["previous"]) == (None, None)
    assert [each["name"] for each in answer["results"]] == ["Dawn Okafor", "Helen Marsh"]
    assert answer["results"][1] == {
        "id": str(owner.id),
        "name": "Helen Marsh",
        "email": owner.email,
        "job_title": "School business manager",
        "school": "Oak Primary",
        "town": "Leeds",
        "phase": "Primary",
        "ask_me_about": "payroll",
        "role": "owner",
        "joined_at": answer["results"][1]["joined_at"],
        "url": network_url(alder, f"/members/{owner.id}/"),
    }


@pytest.mark.parametrize(
    ("query", "found"),
    [("?q=oak", ["Helen Marsh"]), ("?q=nobody", []), ("?phase=Primary", ["Helen Marsh"]), ("?phase=Secondary", [])],
)
def test_list_searches(alder, program, query, found):
    make_member(alder, name="Dawn Okafor")

    answer = program.get(f"/api/v1/members/{query}").json()

    assert [each["name"] for each in answer["results"]] == found


def test_list_pages_by_a_cursor(alder, program):
    make_member(alder, name="Dawn Okafor")

    first = program.get("/api/v1/members/?page_size=1").json()
    second = program.get(first["next"]).json()

    assert [page["results"][0]["name"] for page in (first, second)] == ["Dawn Okafor", "Helen Marsh"]
    assert second["next"] is None


def test_retrieve_shows_active_members_of_this_network_alone(alder, birch, owner, program):
    here, theirs = make_member(alder, name="Dawn Okafor"), make_member(birch)
    left = make_member(alder, name="Rob Casey")
    with in_network(alder):
        services.remove_member(left, by=owner)

    statuses = [program.get(f"/api/v1/members/{each.id}/").status_code for each in (here, theirs, left)]

    assert statuses == [200, 404, 404]


def test_list_never_shows_another_network(birch, program):
    make_member(birch, name="Canary Finch")

    assert "Canary" not in program.get("/api/v1/members/?q=canary").content.decode()


def test_a_removed_members_token_is_worth_nothing(alder, owner):
    member = make_member(alder)
    program = token_client(account_of_email(member.email), alder)
    assert program.get("/api/v1/members/").status_code == 200
    with in_network(alder):
        services.remove_member(member, by=owner)

    assert program.get("/api/v1/members/").status_code == 401
