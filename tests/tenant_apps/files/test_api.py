"""Files for programs: upload, list, download, remove."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tenant_apps.discussions import services as discussions
from tenants.context import in_network
from tests.builders.discussions import make_discussion
from tests.builders.files import pdf
from tests.builders.members import make_member, program_of


@pytest.fixture
def priya(alder):
    return make_member(alder, days_here=8)


@pytest.fixture
def asked(alder, priya):
    with in_network(alder):
        return make_discussion(priya)


def send(client, url, content=None, name="quote.pdf"):
    return client.post(url, {"file": SimpleUploadedFile(name, content or pdf(), content_type="text/html")})


def test_upload_list_download_and_remove(alder, priya, asked):
    client, url = program_of(priya, alder), f"/api/v1/discussions/{asked.id}/files/"

    made = send(client, url)

    assert made.status_code == 201
    file = made.json()
    assert (file["name"], file["type"], file["size"]) == ("quote.pdf", "application/pdf", len(pdf()))
    assert client.get(url).json()["results"] == [file]
    answer = client.get(f"/api/v1/files/{file['id']}/content/")
    assert (answer.content, answer["Content-Disposition"]) == (pdf(), 'attachment; filename="quote.pdf"')
    assert client.delete(f"/api/v1/files/{file['id']}/").status_code == 204
    assert client.get(url).json()["results"] == []


def test_what_is_refused_says_why(alder, priya, asked):
    answer = send(program_of(priya, alder), f"/api/v1/discussions/{asked.id}/files/", b"<svg/>", "a.svg")

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "#/file"
    assert "a drawing" in answer.json()["errors"][0]["detail"]


def test_another_member_may_see_but_not_attach(alder, priya, asked):
    tom = program_of(make_member(alder, name="Tom Whitlock"), alder)

    assert tom.get(f"/api/v1/discussions/{asked.id}/files/").status_code == 200
    assert send(tom, f"/api/v1/discussions/{asked.id}/files/").status_code == 403


def test_a_reply_is_found_in_its_own_discussion_alone(alder, priya, asked):
    with in_network(alder):
        reply, other = discussions.post_reply(asked, body="x", by=priya), make_discussion(priya, title="Other")
    client = program_of(priya, alder)

    assert send(client, f"/api/v1/discussions/{asked.id}/replies/{reply.id}/files/").status_code == 201
    assert client.get(f"/api/v1/discussions/{other.id}/replies/{reply.id}/files/").status_code == 404


def test_another_network_knows_nothing_of_it(alder, birch, priya, asked):
    martin = program_of(make_member(birch, name="Martin Bayliss"), birch)

    assert martin.get(f"/api/v1/discussions/{asked.id}/files/").status_code == 404


def test_helpful_by_program(alder, priya, asked):
    tom = program_of(make_member(alder, name="Tom Whitlock"), alder)
    url = f"/api/v1/discussions/{asked.id}/helpful/"

    assert tom.post(url).json() == {"helpful": True, "count": 1}
    assert tom.delete(url).json() == {"helpful": False, "count": 0}
    assert program_of(priya, alder).post(url).status_code == 403
