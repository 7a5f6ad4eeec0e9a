"""Pages of discussions: who gets in, what they show and keep, what they cost, and what hostile text does to them."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from shared_apps.core.markdown import is_blank
from tenant_apps.discussions import services
from tenant_apps.discussions.models import Category, Discussion, ReadMark, Reply
from tenant_apps.members.enums import Role
from tenant_apps.members.models import Member
from tenant_apps.notifications.selectors import is_following
from tenants.context import in_network
from tenants.ids import new_id
from tenants.models import Network
from tests.builders.accounts import host_of
from tests.builders.discussions import away_reply, make_discussion, share
from tests.builders.hostile import HOSTILE, dangers_in, naughty_strings
from tests.builders.members import client_of, make_member
from tests.builders.pages import count_queries, text_of

PATHS = (
    "/discussions/",
    "/discussions/new/",
    "/discussions/{discussion}/",
    "/discussions/{discussion}/edit/",
    "/discussions/{discussion}/history/",
    "/discussions/{discussion}/replies/{reply}/edit/",
    "/discussions/{discussion}/replies/{reply}/history/",
)
POSTS = (
    "/discussions/read/",
    "/discussions/{discussion}/follow/",
    "/discussions/{discussion}/replies/{reply}/mark/",
)
HOST_LOOKUP = 2  # the tests remember no host: one query, and one change of schema
DESK = ("/manage/categories/", "/manage/categories/{category}/")


@pytest.fixture
def priya(alder: Network) -> Member:
    return make_member(alder, name="Priya Raman", school="Moor End Primary School")


@pytest.fixture
def discussion(alder: Network, priya, tom) -> Discussion:
    with in_network(alder):
        made = make_discussion(priya, title="Canary question", body="Canary **body**")
        services.post_reply(made, body="Canary reply", by=tom)
        services.edit_discussion(made, title="Canary question", body="Canary **bold**", by=priya)
        made.refresh_from_db()
        return made


@pytest.fixture
def ids(alder: Network, discussion) -> dict[str, str]:
    with in_network(alder):
        reply, category = Reply.objects.get(), Category.objects.first()
        return {"discussion": str(discussion.id), "reply": str(reply.id), "category": str(category.id)}


@pytest.fixture
def asker(alder: Network, priya) -> Client:
    return client_of(priya, alder)


@pytest.fixture
def reader(alder: Network, tom) -> Client:
    return client_of(tom, alder)


@pytest.fixture
def desk(alder: Network) -> Client:
    return client_of(make_member(alder, name="Helen Marsh", role=Role.ORGANISER), alder)


def inside(alder: Network, act, *args, **kwargs):
    with in_network(alder):
        return act(*args, **kwargs)


# Who gets in


@pytest.mark.parametrize("path", [*PATHS, *DESK])
def test_strangers_sign_in_first(alder: Network, ids, path) -> None:
    url = path.format(**ids)

    answer = Client(headers={"host": host_of(alder)}).get(url)

    assert (answer.status_code, answer["Location"]) == (302, f"/sign-in/?next={url}")


@pytest.mark.parametrize("path", POSTS)
def test_strangers_change_nothing(alder: Network, ids, path) -> None:
    answer = Client(headers={"host": host_of(alder)}).post(path.format(**ids))

    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/sign-in/")


@pytest.mark.parametrize("path", [path for path in (*PATHS, *POSTS) if "{" in path])
def test_ids_of_another_network_are_worth_what_a_random_one_is(birch: Network, ids, martin, path) -> None:
    client = client_of(martin, birch)
    act = client.post if path in POSTS else client.get
    random = {name: str(new_id()) for name in ids}

    theirs, nobodys = act(path.format(**ids)), act(path.format(**random))

    assert (theirs.status_code, nobodys.status_code) == (404, 404)
    assert "Canary" not in theirs.content.decode()


def test_the_list_of_another_network_shows_nothing(birch: Network, discussion, martin) -> None:
    page = client_of(martin, birch).get("/discussions/?q=Canary")

    assert "Canary question" not in page.content.decode()
    assert "Nothing here says that" in text_of(page)


@pytest.mark.parametrize("path", DESK)
def test_the_desk_is_for_organisers(asker, desk, ids, path) -> None:
    url = path.format(**ids)

    assert (asker.get(url).status_code, desk.get(url).status_code) == (403, 200)
    assert asker.post(url, {"name": "Mine"}).status_code == 403


@pytest.mark.parametrize("path", [*PATHS[1:3], *POSTS])
def test_posts_without_the_pages_token_are_refused(alder: Network, priya, ids, path) -> None:
    client = client_of(priya, alder)
    client.handler.enforce_csrf_checks = True

    assert client.post(path.format(**ids), {"body": "x"}).status_code == 403


@pytest.mark.parametrize("path", POSTS)
def test_a_get_changes_nothing(asker, ids, path) -> None:
    assert asker.get(path.format(**ids)).status_code == 405


@pytest.mark.parametrize("path", PATHS[:3])
def test_head_is_answered(asker, ids, path) -> None:
    assert asker.head(path.format(**ids)).status_code == 200


# The list


def test_the_list_shows_state_who_where_and_how_much(alder: Network, reader, discussion, priya) -> None:
    with in_network(alder):
        reply = Reply.objects.get()
        services.mark_reply(discussion, reply.id, is_answer=True, by=priya)
        services.post_reply(discussion, body="More", by=priya)

    page = text_of(reader.get("/discussions/"))

    assert "Answered Canary question Priya Raman , Moor End Primary School Buildings Answered 2 replies 1 new" in page


def test_the_list_keeps_what_was_asked_in_every_link(alder: Network, reader, discussion, desk) -> None:
    desk.post("/manage/categories/", {"name": "Bits & pieces?"})

    page = reader.get("/discussions/?category=Bits+%26+pieces%3F&q=a%26b&show=mine").content.decode()

    assert 'href="/discussions/?show=unread&amp;category=Bits+%26+pieces%3F&amp;q=a%26b"' in page
    assert 'href="/discussions/?show=mine&amp;category=Bits+%26+pieces%3F"' in page
    assert '<input type="hidden" name="q" value="a&amp;b">' in page


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "No discussions yet"),
        ("?q=nobody", "Nothing here says that"),
        ("?show=unanswered", "Every question has an answer"),
        ("?show=following", "Nothing to show here"),
        ("?show=nonsense&page=99", "No discussions yet"),
        ("?category=%00&q=%00&show=%00&page=%00", "No discussions yet"),
    ],
)
def test_an_empty_list_says_what_to_do(reader, query, words) -> None:
    page = reader.get(f"/discussions/{query}")

    assert (page.status_code, words in text_of(page)) == (200, True)


def test_the_list_turns_its_pages(alder: Network, reader, priya) -> None:
    with in_network(alder):
        for number in range(21):
            make_discussion(priya, title=f"Question {number:02}")

    first, second = (text_of(reader.get(f"/discussions/?page={page}")) for page in (1, 2))

    assert ("Question 20" in first, "Question 00" in first, "Question 00" in second) == (True, False, True)
    assert "1 to 20 of 21" in first


def test_the_list_costs_the_same_for_one_and_three(alder: Network, birch, reader, priya, martin) -> None:
    with in_network(alder):
        make_discussion(priya)
    one = count_queries(reader, "/discussions/")
    with in_network(alder):
        for title in ("Two", "Three"):
            away_reply(share(make_discussion(priya, title=title), priya), martin, birch)

    assert count_queries(reader, "/discussions/") == one
    assert one - HOST_LOOKUP <= 6


# The page


def test_the_page_shows_everything_in_its_place(alder: Network, birch, asker, discussion, priya, martin) -> None:
    with in_network(alder):
        share(discussion, priya)
        away = away_reply(discussion, martin, birch, body="We use Circuit Sense.")
        services.mark_reply(discussion, away.id, is_answer=True, by=priya)
    url = f"/discussions/{discussion.id}/"

    page = asker.get(url)

    words = text_of(page)
    assert "Canary <strong>bold</strong>" in page.content.decode()
    assert words.index("Answer, marked by you") < words.index("Canary reply")
    assert f"From {birch.name.removesuffix(' SBM Network')}, through the Collective" in words
    assert "2 replies" in words
    assert "Shared with the Collective" in words
    assert (
        f"next=%2Fpublications%2F{Discussion(**vars_of(alder, discussion)).publication_id}%2F" in page.content.decode()
    )


def vars_of(alder: Network, discussion: Discussion) -> dict:
    with in_network(alder):
        return Discussion.objects.filter(id=discussion.id).values("id", "publication_id").get()


def test_the_page_costs_the_same_for_one_and_three(alder: Network, reader, discussion, priya, tom) -> None:
    url = f"/discussions/{discussion.id}/"
    one = count_queries(reader, url)
    with in_network(alder):
        for author in (priya, tom):
            services.post_reply(discussion, body="x", by=author)

    assert count_queries(reader, url) == one
    assert one - HOST_LOOKUP <= 9


def test_a_shared_page_costs_the_same_for_one_and_three(
    alder: Network, birch, asker, reader, discussion, priya, martin
) -> None:
    with in_network(alder):
        share(discussion, priya)
        away_reply(discussion, martin, birch)
    url = f"/discussions/{discussion.id}/"
    costs = [count_queries(client, url) for client in (reader, asker)]
    with in_network(alder):
        for _ in range(2):
            away_reply(discussion, martin, birch)

    assert [count_queries(client, url) for client in (reader, asker)] == costs


def test_reading_marks_as_read_and_jumps_to_the_first_new_one(alder: Network, reader, discussion, priya, tom) -> None:
    url = f"/discussions/{discussion.id}/"
    reader.get(url)
    with in_network(alder):
        first_new = services.post_reply(discussion, body="new", by=priya)
        services.post_reply(discussion, body="newer", by=priya)

    before, after = reader.get(url).content.decode(), reader.get(url).content.decode()

    assert f'<a href="#reply-{first_new.id}">2 new since you were here</a>' in before
    assert "since you were here" not in after
    assert inside(alder, ReadMark.objects.get, member=tom).seen_count == 3


def test_nothing_is_new_since_one_was_never_here(alder: Network, discussion) -> None:
    newcomer = client_of(make_member(alder, name="Dawn Okafor"), alder)

    assert "since you were here" not in text_of(newcomer.get(f"/discussions/{discussion.id}/"))


def test_only_its_author_is_offered_to_share(alder: Network, asker, reader, desk, discussion, priya) -> None:
    url, share_url = f"/discussions/{discussion.id}/", f"/discussions/{discussion.id}/share/"

    assert [share_url in client.get(url).content.decode() for client in (asker, reader, desk)] == [True, False, False]
    inside(alder, share, discussion, priya)

    withdraw = f"{share_url}withdraw/"
    assert [withdraw in client.get(url).content.decode() for client in (asker, reader, desk)] == [True, False, True]


# Asking and replying


def test_ask(alder: Network, asker, priya) -> None:
    category = inside(alder, Category.objects.get, name="Energy")
    values = {"kind": "discussion", "title": "Fix now?", "body": "Or *wait*?", "category": str(category.id)}

    answer = asker.post("/discussions/new/", values)

    made = inside(alder, Discussion.objects.get)
    assert (answer.status_code, answer["Location"]) == (302, f"/discussions/{made.id}/")
    assert (made.title, made.kind, made.category_id, made.author_id) == (
        "Fix now?",
        "discussion",
        category.id,
        priya.id,
    )


def test_a_question_that_is_wrong_is_kept_and_explained(alder: Network, asker) -> None:
    answer = asker.post(
        "/discussions/new/", {"kind": "question", "title": "t" * 201, "body": "Keep me", "category": "x"}
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "<title>Error: Ask or discuss" in page
    assert "There is a problem" in page
    assert 'href="#id_title"' in page
    assert 'href="#id_category"' in page
    assert ("t" * 201 in page, "Keep me" in page) == (True, True)
    assert inside(alder, Discussion.objects.count) == 0


def test_a_blank_title_is_refused_as_the_service_refuses_it(alder: Network, asker) -> None:
    category = inside(alder, Category.objects.first)

    answer = asker.post(
        "/discussions/new/", {"kind": "question", "title": "\u200b", "body": "Keep me", "category": category.id}
    )

    assert (answer.status_code, "Write a title" in text_of(answer)) == (422, True)
    assert "Keep me" in answer.content.decode()


def test_reply(alder: Network, asker, discussion) -> None:
    answer = asker.post(f"/discussions/{discussion.id}/", {"body": "Thank you"})

    made = inside(alder, Reply.objects.get, body="Thank you")
    assert (answer.status_code, answer["Location"]) == (302, f"/discussions/{discussion.id}/#reply-{made.id}")


@pytest.mark.parametrize("body", ["", " ", "\u200b", "x" * 20_001])
def test_a_reply_that_is_wrong_is_explained_beside_the_discussion(alder: Network, asker, discussion, body) -> None:
    answer = asker.post(f"/discussions/{discussion.id}/", {"body": body})

    assert (answer.status_code, "There is a problem" in text_of(answer)) == (422, True)
    assert ("Canary reply" in text_of(answer), body in answer.content.decode()) == (True, True)
    assert inside(alder, Reply.objects.count) == 1


# Editing, marking, following


def test_edit_and_history(alder: Network, asker, discussion) -> None:
    category = str(discussion.category_id)
    url = f"/discussions/{discussion.id}/edit/"

    filled = asker.get(url)
    answer = asker.post(url, {"kind": "question", "title": "Another", "body": "x", "category": category})

    assert "Canary **bold**" in filled.content.decode()
    assert answer["Location"] == f"/discussions/{discussion.id}/"
    history = asker.get(f"/discussions/{discussion.id}/history/").content.decode()
    assert history.index("Canary <strong>bold</strong>") < history.index("Canary <strong>body</strong>")


def test_edit_that_is_wrong_is_kept_and_explained(asker, discussion) -> None:
    answer = asker.post(f"/discussions/{discussion.id}/edit/", {"kind": "question", "title": "", "body": "Keep me"})

    assert (answer.status_code, "<title>Error: Edit" in answer.content.decode()) == (422, True)
    assert "Keep me" in answer.content.decode()


def test_editing_offers_an_archived_category_to_what_is_in_it(alder: Network, asker, desk, discussion) -> None:
    desk.post(f"/manage/categories/{discussion.category_id}/", {"archive": "true"})

    page = asker.get(f"/discussions/{discussion.id}/edit/").content.decode()

    assert f'value="{discussion.category_id}" selected' in page


@pytest.mark.parametrize("path", ["edit/", "replies/{reply}/edit/"])
def test_editing_anothers_words_is_not_there(alder: Network, ids, discussion, path) -> None:
    other = client_of(make_member(alder, name="Dawn Okafor"), alder)

    assert other.get(f"/discussions/{discussion.id}/{path.format(**ids)}").status_code == 404


def test_edit_a_reply_and_its_history(alder: Network, reader, ids) -> None:
    base = "/discussions/{discussion}/replies/{reply}/".format(**ids)

    wrong = reader.post(f"{base}edit/", {"body": ""})
    answer = reader.post(f"{base}edit/", {"body": "Better"})

    assert (wrong.status_code, answer.status_code) == (422, 302)
    assert inside(alder, Reply.objects.get).body == "Better"
    assert "Canary reply" in text_of(reader.get(f"{base}history/"))


def test_mark_and_unmark(alder: Network, asker, reader, ids) -> None:
    url = "/discussions/{discussion}/replies/{reply}/mark/".format(**ids)

    assert reader.post(url, {"is_answer": "true"}).status_code == 404
    answer = asker.post(url, {"is_answer": "true"})
    assert answer["Location"] == "/discussions/{discussion}/#reply-{reply}".format(**ids)
    assert inside(alder, Discussion.objects.get).is_answered
    asker.post(url, {"is_answer": "false"})
    assert not inside(alder, Discussion.objects.get).is_answered


def test_follow_and_unfollow(alder: Network, ids, discussion) -> None:
    dawn = make_member(alder, name="Dawn Okafor")
    client = client_of(dawn, alder)
    follows = []
    for wish in ("true", "false"):
        client.post(f"/discussions/{discussion.id}/follow/", {"follow": wish})
        follows.append(inside(alder, is_following, dawn, kind="discussion", object_id=discussion.id))

    assert follows == [True, False]


def test_mark_all_as_read(alder: Network, asker, discussion) -> None:
    page = asker.post("/discussions/read/", follow=True)

    assert "Everything is marked as read." in text_of(page)
    assert "Nothing to show here" in text_of(asker.get("/discussions/?show=unread"))


# Categories


def test_categories(alder: Network, desk) -> None:
    desk.post("/manage/categories/", {"name": "Lettings"})
    made = inside(alder, Category.objects.get, name="Lettings")
    url = f"/manage/categories/{made.id}/"

    twice = desk.post("/manage/categories/", {"name": "lettings"})
    desk.post(url, {"name": "Lettings and hire"})
    desk.post(url, {"archive": "true"})

    assert (twice.status_code, "There is a category lettings already" in text_of(twice)) == (422, True)
    made = inside(alder, Category.objects.get, id=made.id)
    assert (made.name, made.is_archived) == ("Lettings and hire", True)
    assert "Out of use" in text_of(desk.get("/manage/categories/"))


def test_categories_of_another_network_are_not_there(birch: Network, ids) -> None:
    organiser = client_of(make_member(birch, name="Ben Bell", role=Role.ORGANISER), birch)

    assert organiser.get(f"/manage/categories/{ids['category']}/").status_code == 404


# Hostile text


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_shown_as_text(alder: Network, asker, desk, text) -> None:
    category = str(inside(alder, Category.objects.first).id)
    values = {"kind": "question", "title": f"a {text}"[:200], "body": f"b {text}", "category": category}

    asked = asker.post("/discussions/new/", values)
    named = desk.post("/manage/categories/", {"name": f"c {text}"[:60]})
    if "\x00" in text:
        assert (asked.status_code, named.status_code) == (422, 422)
        return
    url = asked["Location"]
    replied = asker.post(url, {"body": f"d {text}"})
    pages = [
        asker.get(url),
        asker.get(f"{url}edit/"),
        asker.get("/discussions/"),
        asker.get("/discussions/", {"q": text, "category": text, "show": text, "page": text}),
        asker.get("/"),
        desk.get("/manage/categories/"),
        named,
    ]

    assert replied.status_code == 302
    assert [(page.status_code, dangers_in(page)) for page in pages[:-1]] == [(200, [])] * 6
    assert (named.status_code in (302, 422), dangers_in(named)) == (True, [])
    stored = inside(alder, Discussion.objects.get)
    assert stored.title == " ".join(f"a {text}"[:200].split())
    assert stored.body == f"b {text}".replace("\r\n", "\n").strip()


def test_every_naughty_string_is_stored_or_refused(alder: Network, asker, discussion) -> None:
    url, category = f"/discussions/{discussion.id}/", str(discussion.category_id)
    for text in naughty_strings(every=16):
        values = {"kind": "question", "title": text[:200], "body": text, "category": category}
        edited = asker.post(f"{url}edit/", values)

        assert edited.status_code == (422 if is_blank(text[:200]) or "\x00" in text else 302), text
    for page in (asker.get(url), asker.get(f"{url}history/"), asker.get("/discussions/")):
        assert (page.status_code, dangers_in(page)) == (200, [])


# How long questions wait


def test_the_unanswered_are_grouped_by_how_long_they_wait(alder: Network, priya, reader) -> None:
    with in_network(alder):
        for days in (20, 8, 3, 1, 0):
            made = make_discussion(priya, title=f"Asked {days} ago")
            Discussion.objects.filter(id=made.id).update(created_at=timezone.now() - timedelta(days=days))

    words = text_of(reader.get("/discussions/?show=unanswered"))

    said = (
        "Two weeks and longer",
        "Asked 20 ago",
        "Waiting 20 days",
        "More than a week",
        "Waiting 8 days",
        "This week",
    )
    said += ("Waiting 3 days", "Since yesterday", "Waiting since yesterday", "Asked today")
    assert [words.index(each) for each in said] == sorted(words.index(each) for each in said)
