"""What somebody is writing is kept whole, for them alone, until it is posted."""

import re
from datetime import timedelta

import pytest

from tenant_apps.discussions import selectors, services
from tenant_apps.discussions.enums import Via
from tenant_apps.discussions.models import Draft
from tenant_apps.discussions.services import Written
from tenants.context import in_network
from tests.builders.members import client_of, make_member
from tests.builders.pages import text_of

SCRIPT = {"accept": "application/json"}


def url(asked) -> str:
    return f"/discussions/{asked.id}/"


def test_a_draft_comes_back_into_the_reply_box_and_ends_with_posting(alder, asked, browser):
    saved = browser.post("/drafts/", {"discussion": asked.id, "body": "Half a th"}, headers=SCRIPT)

    assert saved.status_code == 200
    assert saved.json()["saved_at"]
    assert "Half a th" in browser.get(url(asked)).content.decode()
    browser.post(url(asked), {"body": "A whole thought"})
    with in_network(alder):
        assert not Draft.objects.exists()


def test_a_draft_of_a_question_comes_back_with_its_category(alder, asked, browser):
    browser.post("/drafts/", {"title": "Who does", "body": "", "category": asked.category_id, "kind": "discussion"})

    form = browser.get("/discussions/new/").context["form"]

    assert form["title"].value() == "Who does"
    assert (form["category"].value(), form["kind"].value()) == (str(asked.category_id), "discussion")
    mine = text_of(browser.get("/discussions/?show=mine"))
    assert "Drafts" in mine
    assert "Who does" in mine


def test_a_button_saves_and_throws_away_without_a_script(alder, asked, browser):
    answer = browser.post("/drafts/", {"discussion": asked.id, "body": "Half"}, follow=True)
    assert "Your draft is saved. Only you can see it." in text_of(answer)

    answer = browser.post("/drafts/discard/", {"discussion": asked.id}, follow=True)
    assert "Half" not in text_of(answer)
    with in_network(alder):
        assert not Draft.objects.exists()


def test_a_draft_is_its_writers_alone(alder, asked, priya, browser):
    browser.post("/drafts/", {"discussion": asked.id, "body": "canary-draft"})

    for path in (url(asked), "/discussions/?show=mine", "/discussions/new/"):
        assert "canary-draft" not in client_of(priya, alder).get(path).content.decode()


def test_an_older_window_does_not_write_over_a_newer_one(alder, asked, tom, browser):
    with in_network(alder):
        draft = services.save_draft(Written(body="New words"), discussion=asked, by=tom)
    old = (draft.saved_at - timedelta(minutes=1)).isoformat()

    answer = browser.post("/drafts/", {"discussion": asked.id, "body": "Old", "saved_at": old}, headers=SCRIPT)

    assert answer.status_code == 409
    assert "another window" in answer.json()["error"]
    with in_network(alder):
        assert Draft.objects.get().body == "New words"


def saved_at_of(page) -> str:
    (saved_at,) = re.findall(r'name="saved_at" value="([^"]*)"', page.content.decode())
    return saved_at


@pytest.mark.parametrize("has_draft", [False, True])
@pytest.mark.parametrize("is_reply", [False, True])
def test_two_windows_drawn_alike_do_not_write_over_each_other(alder, asked, tom, browser, has_draft, is_reply):
    path, about = (url(asked), {"discussion": asked.id}) if is_reply else ("/discussions/new/", {})
    if has_draft:
        browser.post("/drafts/", about | {"body": "Begun"}, headers=SCRIPT)
    drawn = about | {"saved_at": saved_at_of(browser.get(path))}
    first = browser.post("/drafts/", drawn | {"body": "First window"}, headers=SCRIPT)

    second = browser.post("/drafts/", drawn | {"body": "Second window"}, headers=SCRIPT)
    shown = browser.post("/drafts/", drawn | {"body": "Second window"})

    assert (first.status_code, second.status_code, shown.status_code) == (200, 409, 422)
    assert "Second window</textarea>" in shown.content.decode()
    assert saved_at_of(shown) == drawn["saved_at"]
    with in_network(alder):
        assert Draft.objects.get().body == "First window"
    assert browser.post("/drafts/", drawn | {"body": "First window"}, headers=SCRIPT).status_code == 200
    again = about | {"saved_at": saved_at_of(browser.get(path)), "body": "Third"}
    assert browser.post("/drafts/", again, headers=SCRIPT).status_code == 200


def test_a_draft_is_replaced_and_emptied(alder, asked, tom):
    with in_network(alder):
        for number in range(3):
            services.save_draft(Written(body=f"{number}"), discussion=asked, by=tom)
            services.save_draft(Written(title=f"{number}"), by=tom)
        assert [draft.body or draft.title for draft in selectors.drafts_of(tom)] == ["2", "2"]

        services.save_draft(Written(body=" "), discussion=asked, by=tom)
        assert Draft.objects.count() == 1


@pytest.mark.parametrize("named", ["x", "../", "0198c0de-0000-7000-8000-000000000000"])
def test_a_draft_of_nothing_is_not_found(asked, browser, named):
    assert browser.post("/drafts/", {"discussion": named, "body": "x"}).status_code == 404


def test_a_draft_of_another_network_is_not_found(alder, birch, asked):
    martin = make_member(birch, name="Martin Bayliss")

    assert client_of(martin, birch).post("/drafts/", {"discussion": asked.id, "body": "x"}).status_code == 404


def test_a_draft_too_long_is_refused(asked, browser):
    answer = browser.post("/drafts/", {"discussion": asked.id, "body": "x" * 20_001}, headers=SCRIPT)

    assert answer.status_code == 422


def test_what_comes_by_email_leaves_the_draft_of_the_page(alder, asked, tom):
    with in_network(alder):
        services.save_draft(Written(body="Half"), discussion=asked, by=tom)
        services.post_reply(asked, body="From the train", via=Via.EMAIL, by=tom)

        assert Draft.objects.get().body == "Half"


def test_a_draft_keeps_everything_the_form_holds(alder, asked, browser, form):
    with in_network(alder):
        services.save_category(
            category=asked.category,
            name=asked.category.name,
            facts=services.CategoryFacts(allows_anonymous=True),
            by=make_member(alder, name="Ola Nowak", role="organiser"),
        )
    browser.post("/drafts/", form | {"is_anonymous": "on"}, headers=SCRIPT)

    again = browser.get("/discussions/new/").context["form"]

    kept = {name: again[name].value() for name in ("kind", "title", "body", "category", "tags", "is_anonymous")}
    poll = {f"poll-{name}": again.poll[name].value() for name in again.poll.fields}
    assert kept | poll == form | {"is_anonymous": True, "poll-is_secret": None}


@pytest.mark.parametrize("typed", [{"tags": "hall"}, {"poll-question": "Which?"}])
def test_any_field_that_is_typed_in_makes_a_draft(alder, asked, browser, typed):
    browser.post("/drafts/", {"kind": "question", "category": asked.category_id})
    with in_network(alder):
        assert not Draft.objects.exists()

    browser.post("/drafts/", typed)

    with in_network(alder):
        assert Draft.objects.count() == 1


@pytest.mark.parametrize("typed", [{"tags": "x" * 301}, {"poll-options": "x" * 3001}, {"title": "x" * 201}])
def test_a_draft_that_would_be_cut_is_refused_and_stays_in_the_form(alder, asked, browser, typed):
    answer = browser.post("/drafts/", {"body": "My words"} | typed)

    assert answer.status_code == 422
    assert "too long to keep" in text_of(answer)
    assert "My words" in answer.content.decode()
    assert next(iter(typed.values())) in answer.content.decode()


def test_a_reply_too_long_to_keep_stays_in_the_box(asked, browser):
    answer = browser.post("/drafts/", {"discussion": asked.id, "body": "x" * 20_001})

    assert answer.status_code == 422
    assert "x" * 20_001 in answer.content.decode()


@pytest.mark.parametrize("page", ["/discussions/new/", "/drafts/", "reply"])
def test_what_is_sent_after_the_session_ended_is_shown(alder, asked, client_for, page):
    path, visitor = url(asked) if page == "reply" else page, client_for(alder)
    ours = {"sec-fetch-site": "same-origin", "referer": f"http://alder.testserver{url(asked)}?page=2"}

    answer = visitor.post(path, {"title": "<b>Hall", "body": "Half a thought"}, headers=ours)

    assert answer.status_code == 403
    assert "You were signed out" in text_of(answer)
    page_text = answer.content.decode()
    assert "&lt;b&gt;Hall</textarea>" in page_text
    assert "Half a thought</textarea>" in page_text
    assert visitor.post(path, {"body": "x"}, headers={"sec-fetch-site": "cross-site"}).status_code == 302


def test_what_is_sent_with_an_old_token_is_shown(alder, asked, tom):
    client = client_of(tom, alder)
    client.handler.enforce_csrf_checks = True
    ours, theirs = ({"sec-fetch-site": site} for site in ("same-origin", "cross-site"))

    mine = client.post(url(asked), {"body": "Half a thought"}, headers=ours)
    forged = client.post(url(asked), {"body": "Half a thought"}, headers=theirs)

    assert (mine.status_code, forged.status_code) == (403, 403)
    assert "Half a thought</textarea>" in mine.content.decode()
    assert "Half a thought" not in forged.content.decode()
