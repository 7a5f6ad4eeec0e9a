"""A form sent twice makes one thing, and a question comes with its poll."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tenant_apps.discussions import selectors, services
from tenant_apps.discussions.models import Discussion, Draft, Poll, Reply, Submission
from tenant_apps.discussions.services import DiscussionError, Written
from tenants.context import in_network
from tests.builders.at_once import at_once, within
from tests.builders.members import make_member
from tests.builders.pages import text_of

SCRIPT = {"accept": "application/json"}


def token_of(page) -> str:
    (token,) = set(re.findall(r'name="token" value="(\w{32})"', page.content.decode()))
    return token


def test_a_question_is_posted_with_its_poll(alder, asked, browser, form):
    answer = browser.post("/discussions/new/", form)

    assert "Which week?" in text_of(browser.get(answer["Location"]))
    with in_network(alder):
        poll = Poll.objects.get()
        assert (poll.is_multiple, poll.is_secret) == (True, False)
        assert [option.text for option in poll.options.all()] == ["First", "Second"]


def test_half_a_poll_posts_nothing(alder, asked, browser, form):
    answer = browser.post("/discussions/new/", form | {"poll-options": ""})

    assert answer.status_code == 422
    assert "Write at least two options" in text_of(answer)
    assert "Which week?" in answer.content.decode()
    with in_network(alder):
        assert Discussion.objects.count() == 1


def test_a_form_sent_twice_makes_one_discussion(alder, browser, form):
    form["token"] = token_of(browser.get("/discussions/new/"))

    first, second = (browser.post("/discussions/new/", form) for _ in range(2))

    assert first["Location"] == second["Location"]
    with in_network(alder):
        assert Discussion.objects.filter(title=form["title"]).count() == 1


def test_a_form_sent_twice_makes_one_reply(alder, asked, browser):
    path = f"/discussions/{asked.id}/"
    sent = {"body": "Circuit Sense", "token": token_of(browser.get(path))}

    first, second = (browser.post(path, sent) for _ in range(2))

    assert first["Location"] == second["Location"]
    assert token_of(browser.get(path)) != sent["token"]
    with in_network(alder):
        assert Reply.objects.count() == 1


def test_what_was_changed_before_it_was_sent_again_is_another(alder, asked, browser):
    path = f"/discussions/{asked.id}/"
    token = token_of(browser.get(path))

    for body in ("Circuit Sense", "Circuit  Sense ", "Circuit Sense, since May"):
        browser.post(path, {"body": body, "token": token})

    with in_network(alder):
        assert [reply.body for reply in Reply.objects.all()] == ["Circuit Sense", "Circuit Sense, since May"]


ADDED = [
    {"files": SimpleUploadedFile("plan.txt", b"Monday", "text/plain")},
    {"poll-question": "Which week?", "poll-options": "First\r\nSecond"},
    {"tags": "hall"},
    {"kind": "discussion"},
]


@pytest.mark.parametrize("added", ADDED, ids=lambda added: next(iter(added)))
def test_what_was_added_before_it_was_sent_again_is_not_thrown_away_silently(alder, asked, browser, form, added):
    words = {name: form[name] for name in ("title", "body", "category")} | {"kind": "question"}
    words["token"] = token_of(browser.get("/discussions/new/"))
    first = browser.post("/discussions/new/", words)

    again = browser.post("/discussions/new/", words | added)

    assert again.status_code == 422
    assert "This was posted already. Edit it to add a file or change it." in text_of(again)
    assert f'<a href="{first["Location"]}">' in again.content.decode()
    assert again.context["form"]["body"].value() == form["body"]
    with in_network(alder):
        assert Discussion.objects.filter(title=form["title"]).count() == 1


def test_a_file_added_to_a_posted_reply_is_refused_and_one_posted_with_it_counts_once(alder, asked, browser):
    path, sent = f"/discussions/{asked.id}/", {"body": "Circuit Sense", "token": "t"}
    plan = ADDED[0]["files"]
    for body, tries in (("Plain", ({}, {"files": plan})), ("With a plan", ({"files": plan}, {"files": plan}, {}))):
        answers = []
        for added in tries:
            plan.seek(0)
            answers.append(browser.post(path, sent | {"body": body} | added))
        assert [each.status_code for each in answers] == ([302, 422] if body == "Plain" else [302] * 3)
        with in_network(alder):
            assert Reply.objects.filter(body=body).count() == 1
        if body == "Plain":
            assert f'<a href="{path}#reply-' in answers[1].content.decode()
            assert "Plain</textarea>" in answers[1].content.decode()


def test_the_same_words_in_a_fresh_form_are_another(alder, asked, browser):
    for _ in range(2):
        path = f"/discussions/{asked.id}/"
        browser.post(path, {"body": "Thanks", "token": token_of(browser.get(path))})

    with in_network(alder):
        assert Reply.objects.count() == 2


def test_a_refused_form_can_be_sent_again(alder, asked, tom):
    with in_network(alder):
        with pytest.raises(DiscussionError):
            services.post_reply(asked, body=" ", token="t", by=tom)
        services.post_reply(asked, body="Now", token="t", by=tom)

        assert Submission.objects.count() == 1


def test_a_token_is_worth_nothing_to_another_member(alder, asked, tom):
    with in_network(alder):
        services.post_reply(asked, body="Same", token="t", by=tom)
        services.post_reply(asked, body="Same", token="t", by=make_member(alder, name="Ola Nowak"))

        assert Reply.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_double_click_makes_one_reply(alder, asked, tom):
    send = within(alder, services.post_reply, asked, body="Circuit Sense", token="t", by=tom)

    assert not [each for each in at_once(*[send] * 4) if isinstance(each, Exception)]

    with in_network(alder):
        assert (Reply.objects.count(), Discussion.objects.get().reply_count) == (1, 1)


def test_what_was_posted_is_no_draft_any_more(alder, asked, browser, tom):
    sent = {"body": "Circuit Sense", "token": "t"}
    browser.post(f"/discussions/{asked.id}/", sent)

    late = browser.post("/drafts/", sent | {"discussion": asked.id}, headers=SCRIPT)

    assert late.json() == {"saved_at": ""}
    with in_network(alder):
        assert not Draft.objects.exists()
        services.save_draft(Written(body="And then"), discussion=asked, token="t", by=tom)
        assert [each.body for each in selectors.drafts_of(tom)] == ["And then"]


def test_forms_are_forgotten_after_a_day(alder, asked, tom):
    with in_network(alder):
        for number in range(2):
            services.post_reply(asked, body=f"{number}", token="t", by=tom)
        old = Submission.objects.order_by("id").first()
        Submission.objects.filter(id=old.id).update(created_at=timezone.now() - timedelta(hours=25))

        services.sweep_submissions()

        assert Submission.objects.exclude(id=old.id).get() == Submission.objects.get()
