"""What goes with the words of a discussion: files, names, helpful, and news of an open page."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from shared_apps.jobs.worker import Worker
from shared_apps.mail.models import Message
from tenant_apps.discussions import services
from tenant_apps.discussions.models import Discussion, Helpful, Mention, Reply
from tenant_apps.files.models import StoredFile
from tenant_apps.members import services as members
from tenant_apps.members.enums import Role
from tenant_apps.notifications.models import Notification
from tenants.context import in_network
from tests.builders.discussions import make_discussion
from tests.builders.files import pdf, picture
from tests.builders.members import client_of, make_member
from tests.builders.pages import count_queries, text_of


def url(asked) -> str:
    return f"/discussions/{asked.id}/"


def upload(name="quote.pdf", content=None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content or pdf(), content_type="text/html")


# Files


def test_a_reply_takes_files_and_shows_them(alder, asked, browser):
    answer = browser.post(url(asked), {"body": "Here.", "files": [upload(), upload("boiler.png", picture())]})

    assert answer.status_code == 302
    page = browser.get(url(asked)).content.decode()
    with in_network(alder):
        quote, boiler = StoredFile.objects.all()
        assert {quote.object_id, boiler.object_id} == {Reply.objects.get().id}
    assert f'href="/files/{quote.id}/quote.pdf"' in page
    assert f'src="/files/{boiler.id}/boiler.png"' in page
    assert 'alt="boiler.png"' in page
    assert f'href="/files/{quote.id}/remove/"' in page


def test_a_question_takes_files(alder, asked, browser):
    category = asked.category_id
    sent = {"kind": "question", "title": "New", "body": "Words", "category": str(category), "files": [upload()]}

    answer = browser.post("/discussions/new/", sent)

    with in_network(alder):
        assert StoredFile.objects.get().object_id == Discussion.objects.get(title="New").id
    assert "quote.pdf" in text_of(browser.get(answer["Location"]))


def test_a_refused_file_is_named_and_the_words_stay(alder, asked, browser):
    answer = browser.post(url(asked), {"body": "My words", "files": [upload(), upload("evil.svg", b"<svg/>")]})

    assert answer.status_code == 422
    assert "evil.svg is a web page, a drawing or a program" in text_of(answer)
    assert "My words" in answer.content.decode()
    with in_network(alder):
        assert not StoredFile.objects.exists()
        assert not Reply.objects.exists()


def test_files_must_be_chosen_again_when_words_are_missing(asked, browser):
    answer = browser.post(url(asked), {"body": "", "files": [upload()]})

    assert "Choose your files again" in text_of(answer)


def test_eleven_files_are_too_many(asked, browser):
    answer = browser.post(url(asked), {"body": "x", "files": [upload() for _ in range(11)]})

    assert "Choose at most 10 files" in text_of(answer)


def test_a_file_larger_than_the_limit_is_named(asked, browser):
    answer = browser.post(url(asked), {"body": "x", "files": [upload("big.txt", b"a" * (10 * 1024 * 1024 + 500))]})

    assert "big.txt is larger than 10 MB" in text_of(answer)


def test_editing_adds_files(alder, asked, priya):
    client = client_of(priya, alder)
    sent = {"kind": "question", "title": asked.title, "body": asked.body, "category": str(asked.category_id)}

    client.post(f"{url(asked)}edit/", sent | {"files": [upload()]})

    assert "quote.pdf" in text_of(client.get(url(asked)))


def test_the_page_costs_the_same_with_and_without(alder, asked, priya, tom, browser):
    with in_network(alder):
        services.post_reply(asked, body="x", by=priya)
    one = count_queries(browser, url(asked))
    with in_network(alder):
        for number in range(3):
            reply = services.post_reply(asked, body=f"{number} @Tom Whitlock", by=priya)
            services.find_helpful(asked, reply, is_helpful=True, by=tom)
    browser.post(url(asked), {"body": "x", "files": [upload(), upload()]})

    assert count_queries(browser, url(asked)) == one


# Helpful


def test_helpful_counts_each_member_once(alder, asked, tom):
    with in_network(alder):
        assert services.find_helpful(asked, is_helpful=True, by=tom) == 1
        assert services.find_helpful(asked, is_helpful=True, by=tom) == 1
        assert services.find_helpful(asked, is_helpful=False, by=tom) == 0
        assert services.find_helpful(asked, is_helpful=False, by=tom) == 0


def test_helpful_is_not_for_ones_own(alder, asked, priya):
    with in_network(alder), pytest.raises(services.NotAllowedError):
        services.find_helpful(asked, is_helpful=True, by=priya)
    assert client_of(priya, alder).post(f"{url(asked)}helpful/", {"helpful": "true"}).status_code == 404


def test_helpful_is_a_button_that_says_how_many(alder, asked, priya, browser):
    with in_network(alder):
        reply = services.post_reply(asked, body="Try this", by=priya)

    answer = browser.post(f"{url(asked)}replies/{reply.id}/helpful/", {"helpful": "true"})

    assert answer["Location"].endswith(f"#reply-{reply.id}")
    page = browser.get(url(asked)).content.decode()
    assert 'aria-pressed="true"\n                  name="helpful"' in page or 'aria-pressed="true"' in page
    assert "1 person found this helpful" in text_of(client_of(priya, alder).get(url(asked)))
    with in_network(alder):
        assert Helpful.objects.count() == 1


# Mentions


def named(discussion) -> set:
    return set(Mention.objects.filter(discussion=discussion).values_list("member__name", flat=True))


def test_who_is_named_is_kept_and_linked(alder, asked, priya, tom, browser):
    with in_network(alder):
        services.post_reply(asked, body="Ask @Tom Whitlock or @Priya Raman or @Nobody Here", by=priya)
        assert named(asked) == {"Tom Whitlock"}

    page = browser.get(url(asked)).content.decode()
    assert f'<a class="mention" href="/members/{tom.id}/">@Tom Whitlock</a>' in page
    assert ">@Nobody Here" not in page


def test_editing_names_others(alder, asked, priya, tom):
    make_member(alder, name="Dawn Okafor", role=Role.MODERATOR)
    with in_network(alder):
        reply = services.post_reply(asked, body="@Tom Whitlock", by=priya)
        services.edit_reply(reply, body="@moderators", by=priya)
        assert "Tom Whitlock" not in named(asked)
        assert "Dawn Okafor" in named(asked)


def test_former_members_and_other_networks_are_never_named(alder, birch, asked, priya):
    owner = make_member(alder, name="Olga Owner", role=Role.OWNER)
    gone = make_member(alder, name="Gone Away")
    make_member(birch, name="Martin Bayliss")
    with in_network(alder):
        members.remove_member(gone, by=owner)
        services.post_reply(asked, body="@Gone Away @Martin Bayliss", by=priya)
        assert named(asked) == set()


def test_who_is_named_is_told_and_nobody_else(alder, asked, priya, tom, django_capture_on_commit_callbacks):
    make_member(alder, name="Nora Bell")
    with in_network(alder), django_capture_on_commit_callbacks(execute=True):
        services.post_reply(asked, body="@Tom Whitlock knows", by=priya)
    Worker().drain()

    with in_network(alder):
        told = Message.objects.filter(text__contains="@Tom Whitlock knows")
        assert set(told.values_list("to_address", flat=True)) == {tom.email}


def test_who_is_first_named_in_an_edit_is_told_once(alder, asked, priya, tom, django_capture_on_commit_callbacks):
    nora = make_member(alder, name="Nora Bell")
    with in_network(alder), django_capture_on_commit_callbacks(execute=True):
        reply = services.post_reply(asked, body="@Tom Whitlock knows", by=priya)
    Worker().drain()

    for body in ("@Tom Whitlock and @Nora Bell", "Nobody", "@Nora Bell", "@Priya Raman"):
        with in_network(alder), django_capture_on_commit_callbacks(execute=True):
            services.edit_reply(reply, body=body, by=priya)
        Worker().drain()

    with in_network(alder):
        told = Notification.objects.filter(news__key=f"discussions.reply.{reply.id}").order_by("created_at")
        assert [(each.member.name, each.kind) for each in told] == [
            ("Tom Whitlock", "mention"),
            ("Nora Bell", "mention"),
        ]
        assert Message.objects.filter(to_address=nora.email).count() == 1


def test_who_a_hidden_or_waiting_text_names_hears_nothing(alder, asked, priya, tom):
    with in_network(alder):
        reply = services.post_reply(asked, body="Words", by=priya)
        services.hide_reply(reply, reason="Rude", by=make_member(alder, name="Mo Moderator", role=Role.MODERATOR))
        services.edit_reply(reply, body="@Tom Whitlock", by=priya)
        services.tell_of_names(asked.id, reply.id, named=[tom.id], by_id=priya.id)

        assert not Notification.objects.filter(member=tom).exists()


def test_who_a_text_names_hears_nothing_once_it_moved_out_of_sight(alder, asked, priya, tom):
    moderator = make_member(alder, name="Mo Moderator", role=Role.MODERATOR)
    with in_network(alder):
        reply = services.post_reply(asked, body="@Tom Whitlock", by=priya)
        other = services.merge_discussions(asked, make_discussion(priya, title="Other"), by=moderator)
        services.hide_discussion(other, reason="Rude", by=moderator)

        services.tell_of_names(asked.id, reply.id, named=[tom.id], by_id=priya.id)

        assert not Notification.objects.filter(member=tom).exists()


# Completion


def suggested(browser, wanted) -> list[str]:
    return [each["name"] for each in browser.get("/members/suggest/", {"q": wanted}).json()["results"]]


def test_names_are_completed(alder, priya, browser):
    for number in range(2):
        make_member(alder, name="Sam Bell", email=f"sam{number}@alder.example")

    assert suggested(browser, "pri") == ["Priya Raman"]
    assert suggested(browser, "ram") == ["Priya Raman"]
    assert suggested(browser, "org") == ["organisers"]
    assert suggested(browser, "Moor") == ["Moor End Primary"]
    assert suggested(browser, "sam") == []
    assert suggested(browser, "") == []


def test_names_are_for_members_and_not_without_end(alder, birch, client_for, browser):
    martin = make_member(birch, name="Martin Bayliss")

    assert client_for(alder).get("/members/suggest/?q=a").status_code == 302
    assert suggested(client_of(martin, birch), "Tom") == []
    assert [browser.get("/members/suggest/?q=a").status_code for _ in range(125)][-1] == 429


# News


def test_news_is_counted_once_and_then_costs_nothing_to_say(alder, asked, priya, browser):
    quiet = browser.get(f"{url(asked)}news/?after=0")
    assert (quiet.status_code, quiet.content) == (204, b"")
    with in_network(alder):
        for _ in range(3):
            services.post_reply(asked, body="x", by=priya)

    fresh = browser.get(f"{url(asked)}news/?after=0", headers={"if-none-match": quiet["ETag"]})
    again = browser.get(f"{url(asked)}news/?after=0", headers={"if-none-match": fresh["ETag"]})

    assert fresh.json() == {"new": 3, "total": 3, "words": "3 new replies"}
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("after", ["", "x", "-1", "²", "99999999999", "9"])
def test_news_after_nonsense_is_none(asked, browser, after):
    assert browser.get(f"{url(asked)}news/", {"after": after}).status_code == 204


def test_news_is_for_who_sees_the_discussion(alder, birch, asked, client_for):
    martin = make_member(birch, name="Martin Bayliss")

    assert client_for(alder).get(f"{url(asked)}news/").status_code == 302
    assert client_of(martin, birch).get(f"{url(asked)}news/").status_code == 404


def test_the_first_new_reply_has_a_line_before_it(alder, asked, priya, browser):
    browser.get(url(asked))
    with in_network(alder):
        reply = services.post_reply(asked, body="Fresh", by=priya)

    page = browser.get(url(asked)).content.decode()

    assert page.index('id="new"') < page.index(f'id="reply-{reply.id}"')
    assert f'href="#reply-{reply.id}"' in page


def test_the_list_leads_to_the_first_new_reply(alder, asked, priya, browser):
    assert f'href="{url(asked)}"' in browser.get("/discussions/").content.decode()
    browser.get(url(asked))
    with in_network(alder):
        services.post_reply(asked, body="Fresh", by=priya)

    assert f'href="{url(asked)}#new"' in browser.get("/discussions/").content.decode()
    browser.get(url(asked))
    assert f'href="{url(asked)}"' in browser.get("/discussions/").content.decode()
