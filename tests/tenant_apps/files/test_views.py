"""How a file is served: after the permission check, and so that nothing in it can run."""

import pytest
from django.utils import timezone

from tenant_apps.discussions import services as discussions
from tenant_apps.files import services
from tenant_apps.files.models import StoredFile
from tenant_apps.members.enums import Role
from tenants.context import in_network
from tenants.ids import new_id
from tests.builders.discussions import make_discussion
from tests.builders.files import pdf, picture
from tests.builders.members import client_of, make_member


@pytest.fixture
def priya(alder):
    return make_member(alder)


@pytest.fixture
def tom(alder):
    return make_member(alder, name="Tom Whitlock")


@pytest.fixture
def reply(alder, priya, tom):
    with in_network(alder):
        return discussions.post_reply(make_discussion(priya), body="Here it is.", by=tom)


@pytest.fixture
def quote(alder, reply, tom) -> StoredFile:
    return attached(alder, reply, tom, "quote.pdf", pdf())


def attached(alder, reply, by, name, content) -> StoredFile:
    with in_network(alder):
        return services.attach(name, content, kind="reply", object_id=reply.id, by=by)


def url(file) -> str:
    return f"/files/{file.id}/{file.name}"


def test_a_document_is_only_ever_downloaded(alder, priya, quote):
    answer = client_of(priya, alder).get(url(quote))

    assert (answer.status_code, answer.content) == (200, pdf())
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="quote.pdf"'
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'; frame-ancestors 'none'"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer["Cache-Control"] == "private, no-cache"


def test_a_picture_may_be_shown(alder, priya, tom, reply):
    answer = client_of(priya, alder).get(url(attached(alder, reply, tom, "boiler.png", picture())))

    assert answer["Content-Disposition"] == 'inline; filename="boiler.png"'
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/png", "nosniff")
    assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none'")


@pytest.mark.parametrize("name", ["a.txt", "a.csv"])
def test_text_is_downloaded_and_not_guessed_at(alder, priya, tom, reply, name):
    answer = client_of(priya, alder).get(url(attached(alder, reply, tom, name, b"1 < 2, <b>bold</b>")))

    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Type"].startswith("text/")
    assert "html" not in answer["Content-Type"]


def test_a_hostile_name_stays_in_its_header(alder, priya, tom, reply):
    file = attached(alder, reply, tom, 'é"\r\nSet-Cookie: a=b\u202e.pdf', pdf())

    answer = client_of(priya, alder).get(url(file))

    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''%C3%A9-Set-Cookie-%20a%3Db.pdf"
    assert "Set-Cookie" not in answer.headers


def test_it_is_sent_once_and_asked_for_again(alder, priya, quote):
    client = client_of(priya, alder)
    etag = client.get(url(quote))["ETag"]

    again = client.get(url(quote), headers={"if-none-match": etag})

    assert (again.status_code, again.content) == (304, b"")


def test_signed_out_is_sent_to_sign_in(alder, quote, client_for):
    answer = client_for(alder).get(url(quote))

    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/")


def test_another_network_knows_no_such_file(alder, birch, quote):
    martin = make_member(birch, name="Martin Bayliss")

    assert client_of(martin, birch).get(url(quote)).status_code == 404
    assert client_of(martin, alder).get(url(quote)).status_code in (302, 404)


@pytest.mark.parametrize("name", ["other.pdf", "..%2fquote.pdf", "quote.html"])
def test_another_name_is_not_found(alder, priya, quote, name):
    assert client_of(priya, alder).get(f"/files/{quote.id}/{name}").status_code == 404


def test_an_unknown_file_is_not_found(alder, priya):
    assert client_of(priya, alder).get(f"/files/{new_id()}/quote.pdf").status_code == 404


@pytest.mark.parametrize("hidden", ["reply", "discussion", "waiting"])
def test_what_is_hidden_hides_its_files(alder, priya, tom, reply, quote, hidden):
    dawn = make_member(alder, name="Dawn Okafor", role=Role.MODERATOR)
    nora = make_member(alder, name="Nora Bell")
    with in_network(alder):
        if hidden == "reply":
            reply.hidden_at = timezone.now()
            reply.save()
        else:
            reply.discussion.hidden_at = timezone.now() if hidden == "discussion" else None
            reply.discussion.is_anonymous = reply.discussion.awaits_approval = hidden == "waiting"
            reply.discussion.save()

    assert client_of(nora, alder).get(url(quote)).status_code == 404
    assert client_of(dawn, alder).get(url(quote)).status_code == 200


def test_bytes_that_are_lost_are_not_found(alder, priya, quote):
    from tenant_apps.files import storing

    with in_network(alder):
        storing.remove(quote.path)

    assert client_of(priya, alder).get(url(quote)).status_code == 404


def test_remove_asks_first(alder, tom, quote):
    client = client_of(tom, alder)

    page = client.get(f"/files/{quote.id}/remove/")
    assert page.status_code == 200
    assert b"Remove quote.pdf?" in page.content
    assert client.get(url(quote)).status_code == 200

    answer = client.post(f"/files/{quote.id}/remove/")
    assert answer.status_code == 302
    assert answer["Location"].endswith(f"#reply-{quote.object_id}")
    assert client.get(url(quote)).status_code == 404


def test_remove_is_not_for_another_member(alder, priya, quote):
    assert client_of(priya, alder).post(f"/files/{quote.id}/remove/").status_code == 404
    assert client_of(priya, alder).get(url(quote)).status_code == 200
