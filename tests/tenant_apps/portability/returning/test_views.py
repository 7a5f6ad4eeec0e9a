"""The operator's page and the API: words are for those whom an owner lets look in."""

from urllib.parse import urlencode

import pytest
from django.test import Client

from shared_apps.accounts.selectors import account_of_email
from shared_apps.audit.models import Event
from tenant_apps.discussions import services as discussions
from tenant_apps.discussions.models import Discussion, Reply
from tenants.context import in_network
from tests.builders.accounts import client_of, token_client
from tests.builders.grants import let_in
from tests.builders.pages import count_queries, text_of
from tests.tenant_apps.portability.returning.conftest import Then

WORDS = ("Vandalised", "Ours leaks", "Grace")


@pytest.fixture
def lost(then) -> Then:
    """A reply is gone, and the question was written over."""
    with in_network(then.alder):
        Reply.objects.filter(id=then.replies[1].id).delete()
        discussions.edit_discussion(
            then.discussion, title="Who mends boilers?", body="Vandalised.\nTwice.", by=then.people["owner"]
        )
    return then


def page_of(then: Then, network=None, copy=None) -> str:
    query = {"copy": (copy or then.aspen).id, "page": f"https://alder.test/discussions/{then.discussion.id}/"}
    return f"/operator/networks/{(network or then.alder).id}/merge-back/?{urlencode(query)}"


def mark_in(browser: Client, url: str) -> str:
    return browser.get(url).context["found"].difference.mark


def test_without_an_owners_leave_an_operator_sees_no_words_and_writes_over_none(lost, operator):
    browser, url = client_of(operator, "platform"), page_of(lost)

    shown = browser.get(url)
    text = text_of(shown)
    answer = browser.post(url, {"mark": mark_in(browser, url), "take": f"{lost.discussion.id}.body"})

    assert "Reply" in text
    assert "Discussion: Text" in text
    assert [word for word in WORDS if word in shown.content.decode()] == []
    assert answer.status_code == 422
    assert "only while an owner lets you look in" in text_of(answer)
    with in_network(lost.alder):
        assert (Reply.objects.count(), Discussion.objects.get().body) == (1, "Vandalised.\nTwice.")

    key = str(lost.replies[1].id)
    done = browser.post(url, {"mark": mark_in(browser, url), "there": key, "bring": key}, follow=True)

    assert "Brought back." in text_of(done)
    with in_network(lost.alder):
        assert Reply.objects.count() == 2


def test_with_an_owners_leave_they_read_choose_and_are_noted(lost, operator):
    owner = account_of_email(lost.people["owner"].email)
    grant = let_in(lost.alder, operator, owner)
    browser, url, key = client_of(operator, "platform"), page_of(lost), str(lost.replies[1].id)

    shown = text_of(browser.get(url))
    choice = {"mark": mark_in(browser, url), "there": key, "take": f"{lost.discussion.id}.body"}
    done = browser.post(url, choice, follow=True)

    assert [word for word in WORDS if word not in shown] == []
    assert "Brought back." in text_of(done)
    with in_network(lost.alder):
        assert (Reply.objects.count(), Discussion.objects.get().body) == (1, "Ours leaks.")  # the reply was left out
        noted = Event.objects.filter(target_id=grant.id, name__startswith="support.thing.")
        assert set(noted.values_list("name", "actor_id")) == {
            ("support.thing.compared", operator.pk),
            ("support.thing.merged", operator.pk),
        }
    log = client_of(owner, lost.alder).get(f"/manage/support/{grant.id}/")
    assert "Brought it back from a copy of this network" in text_of(log)


def test_a_page_that_is_old_brings_nothing_back(lost, operator):
    browser, url = client_of(operator, "platform"), page_of(lost)
    mark = mark_in(browser, url)
    with in_network(lost.alder):
        discussions.edit_reply(lost.replies[0], body="We ask nobody.", by=lost.people["dawn"])

    answer = browser.post(url, {"mark": mark})

    assert answer.status_code == 422
    assert "It was changed meanwhile" in text_of(answer)


def test_more_that_is_missing_costs_no_more_queries(then, operator):
    browser, url = client_of(operator, "platform"), page_of(then)
    with in_network(then.alder):
        Reply.objects.filter(id=then.replies[0].id).delete()
    one = count_queries(browser, url)
    with in_network(then.alder):
        Reply.objects.all().delete()

    assert count_queries(browser, url) == one


def test_the_page_of_a_copy_says_of_which_network_it_is(then, operator):
    page = client_of(operator, "platform").get(f"/operator/networks/{then.aspen.id}/")

    assert f"Copy of {then.alder.name}" in text_of(page)


@pytest.mark.parametrize("page", ["", "https://alder.test/manage/", "/inbox/01a202b5-ec4f-7a9d-b73c-12474beac7c3/"])
def test_what_is_no_page_of_a_thing_is_said(then, operator, page):
    url = page_of(then).partition("?")[0]

    answer = client_of(operator, "platform").get(url, {"copy": then.aspen.id, "page": page})

    assert answer.status_code == 422
    assert "Give the address of" in text_of(answer)


def test_a_copy_of_another_network_is_no_choice(then, birch, operator):
    browser, program = client_of(operator, "platform"), token_client(operator, "platform")

    page = browser.get(page_of(then, network=birch))
    other = {"copy": then.aspen.id, "kind": "discussion", "thing": then.discussion.id}
    asked = program.get(f"/api/v1/networks/{birch.id}/merge-back/", other)
    sent = program.post(f"/api/v1/networks/{birch.id}/merge-back/", other, content_type="application/json")
    itself = program.get(f"/api/v1/networks/{then.alder.id}/merge-back/", other | {"copy": then.alder.id})

    assert "Choose a copy" in text_of(page) or "There is no copy of it" in text_of(page)
    assert "found" not in (page.context or {})
    assert [each.status_code for each in (asked, sent, itself)] == [404] * 3


def test_programs_do_the_same(lost, operator):
    program, url = token_client(operator, "platform"), f"/api/v1/networks/{lost.alder.id}/merge-back/"
    wanted = {"copy": str(lost.aspen.id), "kind": "discussion", "thing": str(lost.discussion.id)}

    shown = program.get(url, wanted).json()
    refused = program.post(url, wanted | {"take": [f"{lost.discussion.id}.body"]}, content_type="application/json")
    done = program.post(
        url, wanted | {"mark": shown["mark"]}, content_type="application/json", headers={"Idempotency-Key": "once"}
    )
    again = program.post(
        url, wanted | {"mark": shown["mark"]}, content_type="application/json", headers={"Idempotency-Key": "once"}
    )

    assert [(each["key"], each["text"]) for each in shown["back"]] == [(str(lost.replies[1].id), "")]
    assert [(each["label"], each["now"], each["lines"]) for each in shown["fields_that_differ"]] == [("Text", "", [])]
    assert (refused.status_code, done.status_code, again.status_code) == (409, 200, 200)
    assert done.json()["back"] == again.json()["back"] == []
    assert program.get(url, wanted | {"kind": "poem"}).status_code == 400
    with in_network(lost.alder):
        assert Reply.objects.count() == 2


def test_others_are_refused(then):
    owner = account_of_email(then.people["owner"].email)

    assert client_of(owner, "platform").get(page_of(then)).status_code == 403
