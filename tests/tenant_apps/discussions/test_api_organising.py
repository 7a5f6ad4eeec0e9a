"""Categories, tags and mailing lists, by a program."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shared_apps.jobs.worker import Worker
from tenant_apps.discussions import selectors, services
from tenant_apps.discussions.models import Discussion
from tenant_apps.members.enums import Role
from tenants.context import in_network
from tests.builders.mailing_lists import message
from tests.builders.members import make_member, program_of

CATEGORIES, TAGS, ARCHIVES = "/api/v1/categories/", "/api/v1/tags/", "/api/v1/archives/"
JSON = {"content_type": "application/json"}


@pytest.fixture
def member(alder, priya):
    return program_of(priya, alder)


@pytest.fixture
def organiser(alder):
    olu = make_member(alder, name="Olu Owner", role=Role.OWNER)
    return program_of(olu, alder)


def tag_it(network, by, *names):
    with in_network(network):
        return services.start_discussion(title="Meals", body="Who?", tags=names, by=by)


def upload(client, content=None, **changes):
    sent = SimpleUploadedFile("list.mbox", content or message(message_id="<1@lists.example>"))
    return client.post(ARCHIVES, {"file": sent, "category": "Energy"} | changes)


def test_categories_are_listed_with_template_and_address(member):
    first = member.get(CATEGORIES).json()["results"][0]

    assert {**first, "id": ""} == {
        "id": "",
        "name": "Buildings",
        "slug": "buildings",
        "address": "buildings@alder.localhost",
        "template": "",
        "position": 0,
        "allows_anonymous": False,
        "archived": False,
    }


def test_a_category_is_added_changed_and_archived(organiser):
    made = organiser.post(CATEGORIES, {"name": "Music", "template": "Which year?"}, **JSON)
    path = f"{CATEGORIES}{made.json()['id']}/"

    changed = organiser.patch(path, {"slug": "music-lessons", "position": 0, "allows_anonymous": True}, **JSON).json()
    away = organiser.patch(path, {"name": "Music lessons", "archived": True}, **JSON).json()

    assert (made.status_code, made.json()["template"]) == (201, "Which year?")
    assert (changed["slug"], changed["position"], changed["allows_anonymous"]) == ("music-lessons", 0, True)
    assert (away["name"], away["archived"], away["template"]) == ("Music lessons", True, "Which year?")
    assert organiser.patch(path, {"template": "What?"}, **JSON).json()["archived"] is True
    assert organiser.patch(path, {"archived": False}, **JSON).json()["archived"] is False


@pytest.mark.parametrize("values", [{"name": "Energy"}, {"name": ""}, {"name": "x", "slug": "a b"}])
def test_a_category_that_cannot_be_is_refused(organiser, values):
    assert organiser.post(CATEGORIES, values, **JSON).status_code == 400


def test_only_organisers_change_categories_tags_and_archives(alder, member, organiser, priya):
    tag_it(alder, priya, "Catering")
    category = member.get(CATEGORIES).json()["results"][0]["id"]
    tag = member.get(TAGS).json()["results"][0]["id"]
    answers = [
        member.post(CATEGORIES, {"name": "Music"}, **JSON),
        member.patch(f"{CATEGORIES}{category}/", {"name": "Music"}, **JSON),
        member.patch(f"{TAGS}{tag}/", {"name": "Meals"}, **JSON),
        member.delete(f"{TAGS}{tag}/"),
        member.get(ARCHIVES),
        upload(member),
    ]

    assert [each.status_code for each in answers] == [403] * 6
    assert {each.json()["detail"] for each in answers} == {"Only organisers can change this. Olu Owner can help."}


def test_a_tag_becomes_one_with_another_and_is_removed(alder, organiser, priya):
    tag_it(alder, priya, "Catering", "Meals")
    tag_it(alder, priya, "meals")
    tags = {each["name"]: each for each in organiser.get(TAGS).json()["results"]}

    kept = organiser.patch(f"{TAGS}{tags['Meals']['id']}/", {"name": "catering"}, **JSON).json()
    gone = organiser.delete(f"{TAGS}{tags['Catering']['id']}/")

    assert {name: tag["discussions"] for name, tag in tags.items()} == {"Catering": 1, "Meals": 2}
    assert (kept["id"], kept["discussions"]) == (tags["Catering"]["id"], 2)
    assert (gone.status_code, organiser.get(TAGS).json()["results"]) == (204, [])


def test_a_tag_counts_what_members_see(alder, organiser, member, priya):
    hidden = tag_it(alder, priya, "Catering")
    rob = make_member(alder, name="Rob Casey", role=Role.MODERATOR)
    with in_network(alder):
        services.hide_discussion(hidden, reason="Spam.", by=rob)

    assert member.get(TAGS).json()["results"][0]["discussions"] == 0


def test_an_archive_is_planned_brought_and_taken_out(alder, organiser):
    made = upload(organiser)
    path = f"{ARCHIVES}{made.json()['id']}/"
    Worker().drain()
    planned = organiser.get(path).json()

    begun, again = organiser.post(f"{path}bring/"), organiser.post(f"{path}bring/")
    Worker().drain()
    brought = organiser.get(path).json()
    kept = organiser.delete(path)
    organiser.post(f"{path}undo/")
    Worker().drain()
    undone = organiser.get(path).json()

    assert (made.status_code, made.json()["state"], made.json()["plan"]) == (201, "planning", None)
    assert (planned["state"], planned["plan"]["discussions"], planned["plan"]["messages"]) == (
        "planned",
        1,
        {"brings": 1},
    )
    assert planned["plan"]["first_threads"][0]["title"] == "Boiler"
    assert (begun.json()["state"], again.status_code) == ("bringing", 409)
    assert (brought["state"], kept.status_code, undone["state"]) == ("brought", 409, "undone")
    with in_network(alder):
        assert Discussion.objects.count() == 0


@pytest.mark.parametrize(
    ("changes", "pointer", "words"),
    [
        ({"file": SimpleUploadedFile("a.zip", b"PK\x03\x04")}, "#/file", "This is a ZIP file."),
        (
            {"category": "Nothing"},
            "#/category",
            "No open category here has this name. Send a name as /api/v1/categories/ lists it.",
        ),
    ],
)
def test_an_upload_that_cannot_be_an_archive_says_why(organiser, changes, pointer, words):
    answer = upload(organiser, **changes)

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, pointer)
    assert answer.json()["errors"][0]["detail"].startswith(words)


def test_an_archive_that_waits_can_be_forgotten(organiser):
    path = f"{ARCHIVES}{upload(organiser).json()['id']}/"

    assert organiser.delete(path).status_code == 204
    assert organiser.get(path).status_code == 404


def test_lists_take_the_same_queries_for_one_row_as_for_three(alder, organiser, priya):
    def queries(path):
        with CaptureQueriesContext(connection) as captured:
            organiser.get(path)
        return len(captured)

    upload(organiser)
    tag_it(alder, priya, "Catering")
    one = [queries(ARCHIVES), queries(TAGS)]
    upload(organiser)
    upload(organiser)
    tag_it(alder, priya, "Meals", "Cooks")

    assert [queries(ARCHIVES), queries(TAGS)] == one
    with in_network(alder):
        assert len(selectors.tag_names()) == 3
