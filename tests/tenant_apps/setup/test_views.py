"""The owners' pages: the list on the front page, the page of all of it, the examples; and the same by programs."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shared_apps.audit.models import Event
from tenant_apps.discussions import services as discussions
from tenant_apps.discussions.models import Discussion
from tenant_apps.discussions.selectors import examples as examples_of_discussions
from tenant_apps.members.enums import Role
from tenant_apps.setup import services
from tenant_apps.suppliers.models import Supplier
from tenants.context import in_network
from tests.builders.members import client_of, make_member, program_of

URL, API = "/manage/setup/", "/api/v1/setup/"


@pytest.fixture
def program(alder, owner):
    return program_of(owner, alder)


def count(network) -> int:
    with in_network(network):
        return Discussion.objects.count()


def test_owners_see_what_is_next_on_the_front_page_until_they_put_it_away(alder, browser):
    page = browser.get("/").content.decode()

    assert "Set up the network" in page
    assert "Invite members until 5 have joined" in page
    away = browser.post(f"{URL}hide/", follow=True).content.decode()
    assert "Put away. You find it again under Organise." in away
    assert "Invite members until 5" not in away
    assert "Invite members until 5" not in browser.get("/manage/").content.decode()
    assert "It is put away" in browser.get(URL).content.decode()
    browser.post(f"{URL}show/")
    assert "Invite members until 5" in browser.get("/").content.decode()


def test_front_page_of_everybody_else_costs_nothing_more(alder, owner, browser):
    priya = client_of(make_member(alder), alder)
    for each in (priya, browser):
        each.get("/")

    asked = queries(priya)

    assert "Set up the network" not in priya.get("/").content.decode()
    assert [each for each in asked if "setup_checklist" in each] == []
    assert len(queries(browser)) == len(queries(priya)) + 5  # is it put away, how it stands, plan, second step, members


def queries(client) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        assert client.get("/").status_code == 200
    return [each["sql"] for each in captured]


@pytest.mark.parametrize("role", [Role.MEMBER, Role.ORGANISER])
def test_pages_are_for_owners(alder, owner, role):
    other = client_of(make_member(alder, role=role), alder)

    assert [other.get(path).status_code for path in (URL, f"{URL}examples/remove/")] == [403, 403]
    for path in ("hide/", "show/", "examples/add/", "examples/remove/"):
        assert other.post(f"{URL}{path}").status_code == 403
    assert count(alder) == 0


def test_organisers_desk_shows_what_organisers_can_do(alder, owner):
    page = client_of(make_member(alder, role=Role.ORGANISER), alder).get("/manage/").content.decode()

    assert "Start the first discussion" in page
    assert ">Done<" not in page  # what is done stands on the owners' page of all of it
    assert "Choose a plan" not in page


def test_examples_come_are_marked_and_go_after_a_question(alder, browser):
    assert "The examples are here." in browser.post(f"{URL}examples/add/", follow=True).content.decode()
    assert "already" in browser.post(f"{URL}examples/add/", follow=True).content.decode()
    with in_network(alder):
        discussion, supplier = examples_of_discussions()[0], Supplier.objects.get()
    for path in (f"/discussions/{discussion.id}/", f"/suppliers/{supplier.id}/"):
        assert "This is an example." in browser.get(path).content.decode()

    asked = browser.get(f"{URL}examples/remove/").content.decode()

    assert "Nobody has said anything in them." in asked
    gone = browser.post(f"{URL}examples/remove/", follow=True).content.decode()
    assert "The examples are removed." in gone
    assert count(alder) == 0
    assert browser.get(f"{URL}examples/remove/").headers["Location"] == URL


def test_what_members_said_in_is_named_before_it_goes(alder, owner, browser):
    with in_network(alder):
        services.add_examples(by=owner)
        example = examples_of_discussions()[0]
        discussions.post_reply(example, body="Ours was cheaper.", by=owner)

    asked = browser.get(f"{URL}examples/remove/").content.decode()

    assert asked.index("Members have said something here.") < asked.index(example.title)
    assert asked.count(example.title) == 1
    kept = browser.post(f"{URL}examples/remove/", follow=True).content.decode()
    assert "Removed, but for 1 in which members said something." in kept
    assert count(alder) == 1
    browser.post(f"{URL}examples/remove/", {"with_members": "on"})
    assert count(alder) == 0


def test_recommending_an_example_offers_no_sharing(alder, owner, browser):
    with in_network(alder):
        services.add_examples(by=owner)
        supplier = Supplier.objects.get()
    said = {"response": 5, "quality": 5, "value": 5, "would_use_again": "yes", "text": "Good.", "share": "1"}

    form = browser.get(f"/suppliers/{supplier.id}/recommend/").content.decode()
    response = browser.post(f"/suppliers/{supplier.id}/recommend/", said)

    assert "The supplier is an example, so it cannot be shared." in form
    assert "see what sharing would show" not in form
    assert "/share/" not in response.headers["Location"]


# Programs


def post(client, path: str, *, key: str = ""):
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(path, {}, content_type="application/json", headers=headers)


def test_program_reads_the_list_and_puts_it_away(alder, program):
    state = program.get(API).json()

    assert state["is_hidden"] is False
    assert state["examples"] == {"titles": [], "used": []}
    assert state["tasks"][0] == {
        "key": "members",
        "title": "Invite members until 5 have joined",
        "done": False,
        "state": "",
        "url": "http://alder.localhost:8000/manage/members/invite/",
    }
    changed = program.patch(API, {"is_hidden": True}, content_type="application/json")
    assert (changed.status_code, changed.json()["is_hidden"]) == (200, True)
    with in_network(alder):
        assert Event.objects.get(name="setup.checklist.hidden").via == "api"


def test_program_adds_and_removes_the_examples(alder, program):
    added = post(program, f"{API}examples/", key="one")
    again = post(program, f"{API}examples/", key="one")

    assert (added.status_code, again.status_code, again.json()) == (201, 201, added.json())
    assert post(program, f"{API}examples/").status_code == 409
    assert program.delete(f"{API}examples/?with_members=perhaps").status_code == 400
    removed = program.delete(f"{API}examples/?with_members=true")
    assert (removed.status_code, removed.json()["examples"]) == (200, {"titles": [], "used": []})
    assert program.delete(f"{API}examples/").status_code == 409


def test_programs_of_others_are_refused(alder, owner):
    other = program_of(make_member(alder, role=Role.ORGANISER), alder)

    assert (other.get(API).status_code, post(other, f"{API}examples/").status_code) == (403, 403)


def test_program_sees_what_is_an_example(alder, owner, program):
    with in_network(alder):
        services.add_examples(by=owner)
        discussions.start_discussion(title="Real", body="Real", by=owner)

    found = program.get("/api/v1/discussions/").json()["results"]

    assert {each["title"]: each["is_example"] for each in found if not each["is_example"]} == {"Real": False}
    assert [each["is_example"] for each in program.get("/api/v1/suppliers/").json()["results"]] == [True]
