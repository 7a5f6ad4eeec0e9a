"""Polls: who asks, who chooses how often, what members see of it, and when it ends."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from shared_apps.audit.models import Event
from tenant_apps.discussions import selectors, services
from tenant_apps.discussions.models import Discussion, Poll, PollVote
from tenant_apps.discussions.services import DiscussionError, NotAllowedError
from tenant_apps.members.models import Member
from tenants.context import in_network
from tenants.models import Network
from tests.builders.discussions import make_discussion
from tests.builders.members import client_of, make_member, program_of
from tests.builders.pages import count_queries, text_of


@pytest.fixture
def discussion(alder: Network, priya) -> Discussion:
    with in_network(alder):
        return make_discussion(priya, title="Which day?")


def ask(discussion: Discussion, by: Member, **given) -> Poll:
    usual = {"question": "Canary day?", "options": ["Monday", "Tuesday", "Friday"]}
    return services.add_poll(discussion, services.PollFacts(**usual | given), by=by)


def counts(discussion: Discussion, member: Member) -> list[tuple[str, int, bool]]:
    found = selectors.get_discussion(discussion.id, member)
    results = selectors.poll_results(found, member, now=timezone.now())
    return [(choice.text, choice.votes, choice.is_mine) for choice in results.choices]


def ids(poll: Poll, *texts: str) -> list:
    return [option.id for option in poll.options.all() if option.text in texts]


def test_a_vote_is_changed_until_it_closes(in_alder: Network, discussion, priya, tom) -> None:
    poll = ask(discussion, priya)
    services.vote(poll, ids(poll, "Monday"), by=tom)
    services.vote(poll, ids(poll, "Friday"), by=priya)

    services.vote(poll, ids(poll, "Friday"), by=tom)

    assert counts(discussion, tom) == [("Monday", 0, False), ("Tuesday", 0, False), ("Friday", 2, True)]
    services.close_poll(poll, by=priya)
    with pytest.raises(DiscussionError, match="closed"):
        services.vote(poll, ids(poll, "Monday"), by=tom)
    assert counts(discussion, tom)[2] == ("Friday", 2, True)
    voted = Event.objects.filter(name="discussions.poll.voted").values_list("details", flat=True)
    assert list(voted) == [{}, {}, {}]


def test_one_or_several(in_alder: Network, discussion, priya, tom) -> None:
    poll = ask(discussion, priya)
    with pytest.raises(DiscussionError, match="one option only"):
        services.vote(poll, ids(poll, "Monday", "Friday"), by=tom)
    with pytest.raises(DiscussionError, match="Choose one"):
        services.vote(poll, [], by=tom)
    several = ask(make_discussion(priya, title="Several"), priya, is_multiple=True)
    with pytest.raises(DiscussionError, match="has changed"):
        services.vote(several, ids(poll, "Monday"), by=tom)

    services.vote(several, ids(several, "Monday", "Friday"), by=tom)

    assert PollVote.objects.count() == 2


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"options": ["One"]}, "2 to 10"),
        ({"options": [str(n) for n in range(11)]}, "2 to 10"),
        ({"options": ["Yes", "yes "]}, "the same"),
        ({"options": ["x" * 201, "y"]}, "200"),
        ({"closes_at": timezone.now() - timedelta(days=1)}, "day to come"),
        ({"question": " "}, "title"),
    ],
)
def test_what_is_no_poll(in_alder: Network, discussion, priya, given, words) -> None:
    with pytest.raises(DiscussionError, match=words):
        ask(discussion, priya, **given)

    assert not Poll.objects.exists()


def test_only_who_started_it_asks_and_only_once(in_alder: Network, discussion, priya, tom) -> None:
    with pytest.raises(NotAllowedError):
        ask(discussion, tom)
    poll = ask(discussion, priya)
    with pytest.raises(DiscussionError, match="already"):
        ask(discussion, priya)
    with pytest.raises(NotAllowedError):
        services.close_poll(poll, by=tom)


def facts(**given) -> services.PollFacts:
    return services.PollFacts(**{"question": "Canary day?", "options": ["Monday", "Tuesday", "Friday"]} | given)


def test_all_of_it_changes_while_nobody_has_voted(in_alder: Network, discussion, priya, tom) -> None:
    poll = ask(discussion, priya)
    (monday,) = ids(poll, "Monday")

    services.edit_poll(poll, facts(question="Evening?", options=["Monday", "Sunday"], is_secret=True), by=priya)

    assert counts(discussion, tom) == [("Monday", 0, False), ("Sunday", 0, False)]
    with pytest.raises(DiscussionError, match="has changed since"):
        services.vote(poll, [monday], by=tom)
    assert Poll.objects.get().is_secret


@pytest.mark.parametrize(
    "change",
    [{"question": "Other?"}, {"options": ["Monday", "Friday"]}, {"is_multiple": True}, {"is_secret": True}],
)
def test_a_vote_keeps_its_meaning(in_alder: Network, discussion, priya, tom, change) -> None:
    poll = ask(discussion, priya)
    services.vote(poll, ids(poll, "Monday"), by=tom)

    with pytest.raises(DiscussionError, match="mean something else"):
        services.edit_poll(poll, facts(**change), by=priya)
    services.edit_poll(poll, facts(closes_at=timezone.now() + timedelta(days=1)), by=priya)

    assert counts(discussion, tom)[0] == ("Monday", 1, True)


def test_a_closed_poll_is_opened_again_with_its_votes(in_alder: Network, discussion, priya, tom) -> None:
    poll = ask(discussion, priya)
    services.vote(poll, ids(poll, "Monday"), by=tom)
    services.close_poll(poll, by=priya)
    with pytest.raises(DiscussionError, match="Open it again"):
        services.edit_poll(poll, facts(), by=priya)
    with pytest.raises(DiscussionError, match="closed"):
        services.take_vote_back(poll, by=tom)

    services.reopen_poll(poll, by=priya)
    services.vote(poll, ids(poll, "Tuesday"), by=tom)

    assert counts(discussion, tom)[:2] == [("Monday", 0, False), ("Tuesday", 1, True)]
    services.take_vote_back(poll, by=tom)
    assert not PollVote.objects.exists()
    services.remove_poll(poll, by=priya)
    assert not Poll.objects.exists()
    with pytest.raises(DiscussionError, match="taken away"):
        services.vote(poll, ids(poll, "Tuesday"), by=tom)


@pytest.mark.parametrize("act", ["close_poll", "reopen_poll", "remove_poll"])
def test_only_who_asked_closes_opens_and_takes_away(in_alder: Network, discussion, priya, tom, act) -> None:
    poll = ask(discussion, priya)

    with pytest.raises(NotAllowedError):
        getattr(services, act)(poll, by=tom)
    with pytest.raises(NotAllowedError):
        services.edit_poll(poll, facts(), by=tom)


def test_the_page_that_changes_it(alder: Network, discussion, priya, tom) -> None:
    asker, reader, path = client_of(priya, alder), client_of(tom, alder), f"/discussions/{discussion.id}/poll/"
    with in_network(alder):
        poll = ask(discussion, priya)
    form = {"question": "Evening?", "options": "Monday\nFriday", "closes_on": "2030-01-31"}

    assert asker.post(f"{path}edit/", form | {"options": "x"}).status_code == 422
    assert asker.post(f"{path}edit/", form).status_code == 302
    with in_network(alder):
        (friday,) = ids(poll, "Friday")
    reader.post(f"{path}vote/", {"option": str(friday)})
    page = asker.get(f"{path}edit/")
    asker.post(f"{path}edit/", {"question": "Morning?", "options": "x", "closes_on": "2030-02-28"})

    assert "1 member has voted. Their votes go with it." in text_of(page)
    assert [page.context["form"][name].field.disabled for name in ("question", "closes_on")] == [True, False]
    with in_network(alder):
        changed = Poll.objects.get()
        assert (changed.question, timezone.localdate(changed.closes_at).isoformat()) == ("Evening?", "2030-03-01")
        assert PollVote.objects.count() == 1
    assert "You have not voted now" in text_of(reader.post(f"{path}vote/", {"take_back": "yes"}, follow=True))
    assert "takes votes again" in text_of(asker.post(f"{path}reopen/", follow=True))
    assert "taken away" in text_of(asker.post(f"{path}remove/", follow=True))
    assert asker.get(f"{path}edit/").status_code == 404


@pytest.mark.parametrize("is_secret", [True, False])
def test_the_page(alder: Network, discussion, priya, tom, is_secret) -> None:
    asker, reader, path = client_of(priya, alder), client_of(tom, alder), f"/discussions/{discussion.id}/"
    form = {"question": "Canary day?", "options": "Monday\n\nFriday", "closes_on": "2030-01-31"}
    form |= {"is_secret": "on"} if is_secret else {}

    assert reader.get(f"{path}poll/").status_code == 404
    for field, wrong in (
        ("options", "x"),
        ("question", "\u200b"),
        ("closes_on", "9999-12-31"),
        ("closes_on", "2020-01-31"),
    ):
        answer = asker.post(f"{path}poll/", form | {field: wrong})
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert asker.post(f"{path}poll/", form)["Location"] == f"{path}#poll"
    with in_network(alder):
        (friday,) = ids(Poll.objects.get(), "Friday")
    voted = reader.post(f"{path}poll/vote/", {"option": str(friday)}, follow=True)
    wrong = reader.post(f"{path}poll/vote/", {"option": "nonsense"}, follow=True)

    assert "Your vote is counted" in text_of(voted)
    assert "(your choice)" in text_of(voted)
    assert "Choose one of the options" in text_of(wrong)
    seen = asker.get(path).content.decode()
    assert ("Tom Whitlock" in seen) is not is_secret
    assert "1 member has voted" in text_of(asker.get(path))
    assert reader.post(f"{path}poll/close/").status_code == 404
    assert asker.post(f"{path}poll/close/").status_code == 302
    assert "Change your vote" not in text_of(reader.get(path))


JSON = {"content_type": "application/json"}


@pytest.fixture
def url(discussion) -> str:
    return f"/api/v1/discussions/{discussion.id}/poll/"


@pytest.fixture
def asker(alder: Network, priya) -> Client:
    """The program of who started the discussion."""
    return program_of(priya, alder)


@pytest.fixture
def voter(alder: Network, tom) -> Client:
    return program_of(tom, alder)


NEW = {"question": "Day?", "options": ["Monday", "Friday"]}


def problem_of(answer) -> tuple[int, str]:
    """Return the status, and the first field that is wrong or else what is said."""
    problem = answer.json()
    assert answer["Content-Type"] == "application/problem+json"
    return answer.status_code, problem["errors"][0]["pointer"] if "errors" in problem else problem["detail"]


def test_programs(asker, voter, url, discussion) -> None:
    assert voter.get(url).status_code == 404
    assert voter.post(url, NEW, **JSON).status_code == 403
    made = asker.post(url, NEW | {"is_secret": True}, **JSON)
    monday, friday = (option["id"] for option in made.json()["options"])
    voted = voter.put(f"{url}vote/", {"options": [monday]}, **JSON).json()
    wrong = [voter.put(f"{url}vote/", {"options": ids}, **JSON) for ids in ([str(discussion.id)], [monday, friday])]

    assert made.status_code == 201
    assert (voted["people"], voted["options"][0]) == (
        1,
        {"id": monday, "text": "Monday", "votes": 1, "is_mine": True, "voters": []},
    )
    assert [problem_of(answer) for answer in wrong] == [(400, "#/options")] * 2
    assert problem_of(asker.post(url, NEW, **JSON)) == (409, "This discussion has a poll already.")


def test_a_program_changes_a_poll_until_somebody_votes(asker, voter, url) -> None:
    made = asker.post(url, NEW | {"is_secret": True}, **JSON).json()

    changed = asker.patch(url, {"options": ["Monday", "Sunday"]}, **JSON).json()
    voter.put(f"{url}vote/", {"options": [changed["options"][1]["id"]]}, **JSON)
    late = asker.patch(url, {"question": "Evening?"}, **JSON)
    ends = asker.patch(url, {"question": "Day?", "closes_at": "2030-01-31T12:00:00Z"}, **JSON).json()

    assert {option["id"] for option in changed["options"]}.isdisjoint(option["id"] for option in made["options"])
    assert (changed["question"], changed["is_secret"], changed["options"][1]["text"]) == ("Day?", True, "Sunday")
    assert problem_of(late)[0] == 409
    assert (ends["closes_at"], ends["people"]) == ("2030-01-31T12:00:00Z", 1)
    assert asker.patch(url, {"closes_at": None}, **JSON).json()["closes_at"] is None


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"options": ["Yes", "yes"]}, "options"),
        ({"options": ["One"]}, "options"),
        ({"options": "One"}, "options"),
        ({"question": "\u200b"}, "question"),
        ({"question": "x" * 201}, "question"),
        ({"closes_at": "2020-01-31T12:00:00Z"}, "closes_at"),
        ({"closes_at": "tomorrow"}, "closes_at"),
        ({"is_secret": None}, "is_secret"),
    ],
)
def test_what_is_wrong_with_a_poll_is_named(asker, url, change, field) -> None:
    made = asker.post(url, NEW, **JSON)

    assert problem_of(asker.patch(url, change, **JSON)) == (400, f"#/{field}")
    assert asker.get(url).json() == made.json()


def test_a_program_closes_opens_takes_its_vote_back_and_removes(asker, voter, url) -> None:
    monday = asker.post(url, NEW, **JSON).json()["options"][0]["id"]
    voter.put(f"{url}vote/", {"options": [monday]}, **JSON)
    once = {"headers": {"Idempotency-Key": "close it"}} | JSON

    closed, again = (asker.post(f"{url}close/", **once) for _ in range(2))
    refused = voter.delete(f"{url}vote/"), voter.put(f"{url}vote/", {"options": [monday]}, **JSON)
    changed = asker.patch(url, {"question": "Evening?"}, **JSON)
    opened = asker.post(f"{url}reopen/").json()
    taken_back = voter.delete(f"{url}vote/").json()

    assert (closed.json()["is_open"], again.json(), again["Idempotency-Replayed"]) == (False, closed.json(), "true")
    assert [problem_of(answer) for answer in refused] == [(409, "This poll is closed.")] * 2
    assert problem_of(changed)[0] == 409
    assert (opened["is_open"], opened["people"], taken_back["people"]) == (True, 1, 0)
    assert (asker.delete(url).status_code, asker.delete(url).status_code, asker.get(url).status_code) == (204, 404, 404)


@pytest.mark.parametrize("who", ["another", "suspended"])
def test_a_program_of_who_may_not_ask_changes_nothing(alder: Network, asker, voter, url, priya, suspend, who) -> None:
    made = asker.post(url, NEW, **JSON).json()
    program = voter if who == "another" else asker
    if who == "suspended":
        suspend(priya)

    answers = [
        program.patch(url, {"question": "Evening?"}, **JSON),
        program.post(f"{url}close/"),
        program.post(f"{url}reopen/"),
        program.delete(url),
    ]
    if who == "suspended":
        answers.append(program.delete(f"{url}vote/"))

    assert {answer.status_code for answer in answers} == {403}
    assert program.get(url).json() == made


def test_another_network_knows_nothing_of_it(alder: Network, birch, discussion, priya) -> None:
    with in_network(alder):
        poll = ask(discussion, priya)
        (option,) = ids(poll, "Monday")
    browser = client_of(make_member(birch, name="Martin Bayliss"), birch)

    for act in ("", "vote/", "edit/", "close/", "reopen/", "remove/"):
        answer = browser.post(f"/discussions/{discussion.id}/poll/{act}", {"option": str(option)})
        assert answer.status_code == 404
        assert "Canary" not in answer.content.decode()
    program, url = program_of(make_member(birch, name="Noor Khan"), birch), f"/api/v1/discussions/{discussion.id}/poll/"
    answers = [
        program.patch(url, {"question": "Mine?"}, **JSON),
        program.delete(url),
        program.put(f"{url}vote/", {"options": [str(option)]}, **JSON),
        program.delete(f"{url}vote/"),
        program.post(f"{url}close/"),
        program.post(f"{url}reopen/"),
    ]
    assert {answer.status_code for answer in answers} == {404}
    with in_network(alder):
        assert Poll.objects.get().is_open(timezone.now())
        assert not PollVote.objects.exists()


def test_the_page_costs_the_same_for_one_and_three_votes(alder: Network, discussion, priya, tom) -> None:
    client, path = client_of(tom, alder), f"/discussions/{discussion.id}/"
    plain = count_queries(client, path)
    with in_network(alder):
        poll = ask(discussion, priya)
        services.vote(poll, ids(poll, "Monday"), by=tom)
    one = count_queries(client, path)
    for number in range(2):
        member = make_member(alder, name=f"Member {number}")
        with in_network(alder):
            services.vote(poll, ids(poll, "Friday"), by=member)

    assert count_queries(client, path) == one == plain + 2
