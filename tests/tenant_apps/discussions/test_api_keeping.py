"""What moderators do with discussions, by a program: as on the pages, and refused in problems."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shared_apps.audit.models import Event
from tenant_apps.discussions import selectors, services
from tenant_apps.discussions.models import Category
from tenant_apps.members.enums import Role
from tenants.context import in_network
from tenants.ids import random_id
from tests.builders.discussions import make_discussion
from tests.builders.members import make_member, program_of

LIST = "/api/v1/discussions/"


@pytest.fixture
def member(alder, priya):
    return program_of(priya, alder)


@pytest.fixture
def moderator(alder, rob):
    return program_of(rob, alder)


@pytest.fixture
def pair(alder, priya, rob):
    with in_network(alder):
        source, target = make_discussion(priya, title="Boiler?"), make_discussion(priya, title="Boilers")
        services.post_reply(source, body="Ours leaks.", by=rob)
        return source, target


@pytest.fixture
def waiting(alder, priya):
    owner = make_member(alder, name="Olu Owner", role=Role.OWNER)
    with in_network(alder):
        staff = Category.objects.get(name="Staff")
        facts = services.CategoryFacts(allows_anonymous=True)
        staff = services.save_category(name="Staff", category=staff, facts=facts, by=owner)
        selectors.forget_categories()
        return services.start_discussion(
            title="A grievance", body="About my head", category=staff, is_anonymous=True, by=priya
        )


def post(client, url, **values):
    return client.post(url, values, content_type="application/json")


def test_merge_leads_to_the_other_and_is_undone(moderator, pair):
    source, target = pair

    merged = post(moderator, f"{LIST}{source.id}/merge/", into=str(target.id))
    gone = moderator.get(f"{LIST}{source.id}/").json()
    again = post(moderator, f"{LIST}{source.id}/merge/", into=str(target.id))
    apart = post(moderator, f"{LIST}{source.id}/unmerge/")
    twice = post(moderator, f"{LIST}{source.id}/unmerge/")

    assert (merged.status_code, merged.json()["id"], merged.json()["replies"]) == (200, str(target.id), 2)
    assert gone["merged_into"] == str(target.id)
    assert (again.status_code, again.json()["detail"]) == (409, "One of them is hidden, or part of another already.")
    assert (apart.json()["id"], apart.json()["merged_into"], apart.json()["replies"]) == (str(source.id), None, 1)
    assert (twice.status_code, twice["Content-Type"]) == (409, "application/problem+json")


def test_split_makes_a_discussion_of_replies(moderator, pair):
    source, _ = pair
    (reply,) = moderator.get(f"{LIST}{source.id}/replies/").json()["results"]

    made = post(moderator, f"{LIST}{source.id}/split/", title="A leak", replies=[reply["id"]])
    again = post(moderator, f"{LIST}{source.id}/split/", title="A leak", replies=[reply["id"]])

    assert (made.status_code, made.json()["title"], made.json()["body"]) == (201, "A leak", "Ours leaks.")
    assert (again.status_code, again.json()["errors"][0]["pointer"]) == (400, "#")


def test_move_names_a_category(moderator, pair):
    path = f"{LIST}{pair[0].id}/move/"

    assert post(moderator, path, category="Energy").json()["category"] == "Energy"
    assert post(moderator, path, category="Nothing").json()["errors"] == [
        {
            "pointer": "#/category",
            "detail": "No open category here has this name. Send a name as /api/v1/categories/ lists it.",
        }
    ]


@pytest.mark.parametrize("act", ["move", "merge", "unmerge", "split", "approve", "refuse", "author"])
def test_keeping_is_for_moderators(member, pair, act):
    answer = post(member, f"{LIST}{pair[0].id}/{act}/", category="Energy", into=str(pair[1].id), reason="No.")

    assert (answer.status_code, answer.json()["detail"]) == (403, "Only moderators can use this.")


def test_an_id_of_nothing_is_not_found(moderator, pair):
    merged = post(moderator, f"{LIST}{pair[0].id}/merge/", into=str(random_id()))

    assert post(moderator, f"{LIST}{random_id()}/merge/", into=str(pair[0].id)).status_code == 404
    assert merged.json()["errors"][0]["pointer"] == "#/into"


def test_a_waiting_question_is_approved_once(alder, member, moderator, waiting):
    path = f"{LIST}{waiting.id}/"
    (listed,) = moderator.get("/api/v1/waiting-questions/").json()["results"]

    approved, again = post(moderator, f"{path}approve/"), post(moderator, f"{path}refuse/", reason="Too late.")

    assert (listed["title"], listed["author"]) == ("A grievance", {"id": None, "name": "A member"})
    assert (approved.json()["awaits_approval"], again.status_code) == (False, 409)
    assert again.json()["detail"] == "Somebody has decided this already."
    assert moderator.get("/api/v1/waiting-questions/").json()["results"] == []
    assert member.get("/api/v1/waiting-questions/").status_code == 403


def test_a_refused_question_is_hidden_with_its_reason(moderator, waiting):
    answer = post(moderator, f"{LIST}{waiting.id}/refuse/", reason="Names a colleague.")

    (hidden,) = moderator.get("/api/v1/hidden-discussions/").json()["results"]
    assert (answer.status_code, answer.json()["hidden"]) == (200, True)
    assert (hidden["id"], hidden["author"]["id"]) == (str(waiting.id), None)


def test_who_asked_is_told_to_moderators_and_kept_in_the_audit(alder, moderator, waiting, pair, priya):
    told = post(moderator, f"{LIST}{waiting.id}/author/").json()

    assert told == {"id": str(priya.id), "name": "Priya Raman"}
    assert post(moderator, f"{LIST}{pair[0].id}/author/").status_code == 404
    with in_network(alder):
        assert Event.objects.filter(name="discussions.discussion.author_revealed").count() == 1


def test_a_hidden_reply_is_seen_to_be_hidden(moderator, member, pair):
    path = f"{LIST}{pair[0].id}/replies/"
    (reply,) = moderator.get(path).json()["results"]

    hidden = moderator.patch(
        f"{path}{reply['id']}/", {"hidden": True, "reason": "Rude."}, content_type="application/json"
    )

    assert (reply["hidden"], hidden.json()["hidden"]) == (False, True)
    assert member.get(path).json()["results"] == []


def test_history_says_what_it_said_before(alder, member, pair, priya, rob):
    source, _ = pair
    with in_network(alder):
        services.edit_discussion(source, title="Boiler!", body="Ours has gone.", by=priya)
        reply = services.post_reply(source, body="One.", by=rob)
        services.edit_reply(reply, body="Two.", by=rob)

    (before,) = member.get(f"{LIST}{source.id}/history/").json()["results"]
    (said,) = member.get(f"{LIST}{source.id}/replies/{reply.id}/history/").json()["results"]

    assert {**before, "replaced_at": ""} == {
        "title": "Boiler?",
        "body": "Ours has retired.",
        "replaced_at": "",
        "editor": "Priya Raman",
    }
    assert (said["body"], said["editor"]) == ("One.", "Rob Casey")
    assert member.get(f"{LIST}{source.id}/original/").status_code == 404


def test_follow_says_and_takes_a_level(member, pair):
    path = f"{LIST}{pair[1].id}/follow/"
    before = member.get(path).json()

    chosen = member.put(path, {"level": "mute"}, content_type="application/json")

    assert (before, chosen.json(), member.get(path).json()) == ({"level": "everything"}, *[{"level": "mute"}] * 2)
    assert member.put(path, {"level": "loud"}, content_type="application/json").status_code == 400


def test_everything_is_marked_as_read(member, moderator, pair):
    unread = moderator.get(f"{LIST}?show=unread").json()["results"]

    answer = post(moderator, f"{LIST}read/")

    assert (bool(unread), answer.status_code) == (True, 204)
    assert moderator.get(f"{LIST}?show=unread").json()["results"] == []


def test_a_poll_is_closed_by_who_asked(member, moderator, pair):
    path = f"{LIST}{pair[0].id}/poll/"
    post(member, path, question="When?", options=["May", "June"])

    closed = post(member, f"{path}close/")

    assert (closed.status_code, closed.json()["is_open"]) == (200, False)
    assert post(member, f"{LIST}{pair[1].id}/poll/close/").status_code == 404


def test_lists_out_of_sight_take_the_same_queries_for_one_as_for_three(alder, moderator, rob, priya):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            moderator.get("/api/v1/hidden-discussions/")
        return len(captured)

    def hide_one():
        with in_network(alder):
            services.hide_discussion(make_discussion(priya), reason="Spam.", by=rob)

    hide_one()
    queries()  # the token’s first use is written
    one = queries()
    hide_one()
    hide_one()

    assert queries() == one
