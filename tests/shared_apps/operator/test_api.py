"""`/api/v1/networks/` on the platform's host: what operators' own programs may see and do."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_tasks_db.models import DBTaskResult

from shared_apps.audit.models import PlatformEvent
from shared_apps.jobs.worker import Worker
from tenants.enums import NetworkState
from tenants.lifecycle import set_state
from tenants.models import Network, Upgrade
from tests.builders.accounts import client_with, make_account, token_client
from tests.builders.members import make_member

URL = "/api/v1/networks/"
NEW = {"name": "Rowan Bursars", "subdomain": "rowan", "owner_email": "owner@rowan.example"}


@pytest.fixture
def program(operator):
    """A program with an operator's token."""
    return token_client(operator, "platform")


def post(client, body, url: str = URL):
    return client.post(url, body, content_type="application/json")


def patch(client, network: Network, body):
    return client.patch(f"{URL}{network.id}/", body, content_type="application/json")


def test_list_shows_networks_and_nothing_of_what_they_hold(alder, birch, program):
    make_member(alder)

    answer = program.get(URL).json()

    assert [(each["subdomain"], each["members"], each["state"]) for each in answer["results"]] == [
        ("birch", 0, "live"),
        ("alder", 1, "live"),
    ]
    assert answer["next"] is None
    assert set(answer["results"][0]) == {
        *("id", "name", "subdomain", "state", "members", "created_at", "last_active_at", "url"),
        *("is_canary", "is_on_this_release", "template", "restored_from"),
    }


def test_list_costs_the_same_with_more(alder, program, django_assert_num_queries):
    program.get(URL)
    Network.objects.filter(subdomain="birch").update(type="collective")
    with CaptureQueriesContext(connection) as one:
        program.get(URL)
    Network.objects.filter(subdomain="birch").update(type="network")

    with django_assert_num_queries(len(one)):
        program.get(URL)

    assert (
        len([query for query in one.captured_queries if "tenants_network" in query["sql"]]) == 2
    )  # the token's, the list


def test_retrieve_shows_one(alder, program):
    assert program.get(f"{URL}{alder.id}/").json()["url"] == "http://alder.localhost:8000/"


def test_create_puts_a_network_on_line(db, program, operator):
    response = post(program, NEW | {"template": "bare", "examples": True})

    assert (response.status_code, response.json()["state"], response.json()["members"]) == (202, "requested", 0)
    assert (response.json()["template"], Network.objects.get(subdomain="rowan").begins_with_examples) == ("bare", True)
    Worker().drain()
    assert program.get(f"{URL}{response.json()['id']}/").json()["state"] == "live"
    event = PlatformEvent.objects.get(name="operator.network.requested")
    assert (event.actor_id, event.via) == (operator.id, "api")


def test_templates_say_what_a_network_begins_with(program):
    answer = program.get("/api/v1/templates/").json()

    assert [each["key"] for each in answer["results"]] == ["school-business-managers", "multi-academy-trust", "bare"]
    assert answer["results"][2] == {
        "key": "bare",
        "name": "Bare",
        "about": "One category of discussions and one of suppliers, for owners who make their own.",
        "categories": [{"name": "General", "template": "", "allows_anonymous": False}],
        "supplier_categories": ["Other"],
        "kept_categories": [],
        "approval_required": False,
    }


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "\u202eevil"}, "name"),
        ({"name": "a" * 81}, "name"),
        ({"name": ["list"]}, "name"),
        ({"subdomain": "www"}, "subdomain"),
        ({"subdomain": "public"}, "subdomain"),
        ({"subdomain": "../x"}, "subdomain"),
        ({"subdomain": "Rowan"}, "subdomain"),
        ({"subdomain": 12345}, "subdomain"),
        ({"subdomain": None}, "subdomain"),
        ({"owner_email": "nobody"}, "owner_email"),
        ({"owner_email": "a@b.example, c@d.example"}, "owner_email"),
        ({"region": "\u202eevil"}, "region"),
        ({"region": "x" * 41}, "region"),
        ({"template": "nothing"}, "template"),
        ({"plan": "golden"}, "plan"),
    ],
)
def test_create_says_what_is_wrong_and_makes_nothing(alder, program, change, field):
    before = Network.objects.count()

    response = post(program, NEW | change)

    assert response.status_code == 400
    assert response.headers["Content-Type"].startswith("application/problem+json")
    assert [error["pointer"] for error in response.json()["errors"]] == [f"#/{field}"]
    assert Network.objects.count() == before


@pytest.mark.parametrize(
    "body", ["", "[]", "null", '"x"', "{", '{"name": "\\u0000"}', '{"name": "\\ud800"}', "[" * 2000]
)
def test_create_bears_any_body(db, program, body):
    response = program.post(URL, body, content_type="application/json")

    assert response.status_code == 400
    assert response.json()["status"] == 400


def test_create_of_anothers_subdomain_is_a_conflict(alder, program):
    response = post(program, NEW | {"subdomain": "alder"})

    assert (response.status_code, response.json()["status"]) == (409, 409)
    assert "belongs to another network" in response.json()["detail"]


def test_create_of_a_suspended_network_is_a_conflict(alder, program):
    set_state(alder, NetworkState.SUSPENDED)

    response = post(program, {"name": alder.name, "subdomain": "alder", "owner_email": alder.owner_email})

    assert response.status_code == 409
    assert not DBTaskResult.objects.filter(task_path__contains="bring_on_line").exists()


@pytest.mark.parametrize(("before", "after"), [("live", "suspended"), ("suspended", "live")])
def test_patch_suspends_and_reactivates(alder, birch, program, before, after):
    set_state(alder, NetworkState(before))

    response = patch(program, alder, {"state": after})

    assert (response.status_code, response.json()["state"]) == (200, after)
    assert Network.objects.get(id=alder.id).state == after
    assert Network.objects.get(id=birch.id).state == "live"


@pytest.mark.parametrize(("state", "wanted"), [("live", "live"), ("suspended", "suspended"), ("failed", "live")])
def test_patch_out_of_place_is_a_conflict(alder, program, state, wanted):
    set_state(alder, NetworkState(state))

    assert patch(program, alder, {"state": wanted}).status_code == 409
    assert Network.objects.get(id=alder.id).state == state


@pytest.mark.parametrize("body", [{}, {"state": "closed"}, {"state": "failed"}, {"state": 1}, {"state": ["live"]}])
def test_patch_takes_two_states_only(alder, program, body):
    assert patch(program, alder, body).status_code == 400
    assert Network.objects.get(id=alder.id).state == "live"


def test_patch_chooses_canaries(alder, birch, program):
    assert patch(program, alder, {"is_canary": True}).json()["is_canary"] is True
    assert list(Network.objects.filter(is_canary=True)) == [alder]

    assert patch(program, alder, {"is_canary": False}).json()["is_canary"] is False


def test_patch_that_conflicts_changes_nothing(alder, program):
    assert patch(program, alder, {"is_canary": True, "state": "live"}).status_code == 409
    assert not Network.objects.get(id=alder.id).is_canary


def test_upgrade_is_a_job_and_shows_how_it_ended(alder, program):
    url = f"{URL}{alder.id}/upgrade/"
    assert program.get(url).status_code == 404

    assert program.post(url).status_code == 202
    job = DBTaskResult.objects.get(task_path__endswith="operator.tasks.upgrade")
    assert job.args_kwargs["kwargs"]["network_id"] == str(alder.id)

    Upgrade.objects.create(network=alder, release="r", state="failed", migration="suppliers.0002", error="no")
    answer = program.get(url).json()
    assert (answer["state"], answer["migration"], answer["error"]) == ("failed", "suppliers.0002", "no")


@pytest.mark.parametrize("method", ["put", "delete"])
def test_other_methods_are_not_allowed(alder, program, method):
    assert getattr(program, method)(f"{URL}{alder.id}/").status_code == 405


def test_unknown_networks_are_not_found(alder, program):
    collective = Network.objects.get(type="collective")

    assert program.get(f"{URL}{uuid4()}/").status_code == 404
    assert program.get(f"{URL}{collective.id}/").status_code == 404
    assert program.get(f"{URL}alder/").status_code == 404


def test_only_operators_tokens_are_good_here(alder, operator):
    member = make_account(alder, email="priya@alder.example")
    former = make_account(email="former@platform.example", operator=True)
    former_client = token_client(former, "platform")
    former.is_operator = False
    former.save()
    strangers = [
        client_with("x" * 43, "platform"),
        token_client(member, alder, on="platform"),
        former_client,
    ]

    for client in strangers:
        assert client.get(URL).status_code == 401
        assert post(client, NEW).status_code == 401
        assert patch(client, alder, {"state": "suspended"}).status_code == 401

    assert Network.objects.get(id=alder.id).state == "live"
    assert not Network.objects.filter(subdomain="rowan").exists()


@pytest.mark.parametrize("host", ["alder", "collective"])
def test_networks_are_on_the_platforms_host_only(alder, operator, host):
    client = token_client(operator, "platform", on=alder if host == "alder" else "collective")

    assert client.get(URL).status_code in (401, 404)


def test_a_session_is_no_token(alder, console):
    assert console.get(URL).status_code == 401
    assert post(console, NEW).status_code == 401
