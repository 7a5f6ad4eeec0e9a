"""The mail reader: that host's mail only, in development only."""

import pytest

from shared_apps.mail.models import Message, PlatformMessage
from shared_apps.mail.services import queue_message
from tenants import context


@pytest.fixture
def letters(alder, birch, settings) -> dict[str, Message | PlatformMessage]:
    """One message of each place, and a code that the platform sent for alder's host."""
    settings.DEBUG = True
    found = {}
    for network in (alder, birch):
        with context.in_network(network):
            found[network.subdomain] = queue(f"canary {network.subdomain}")
    with context.in_collective():
        found["collective"] = queue("canary collective")
    found["platform"] = queue("canary platform")
    found["code"] = queue("canary code", host="alder.localhost")
    return found


def queue(subject: str, **values):
    return queue_message(
        to=f"{subject.split()[-1]}@example.org",
        subject=subject,
        template="notice",
        context={"paragraphs": ["<b>See</b> http://alder.localhost:8000/join/abc/"]},
        kind="tests.letter",
        **values,
    )


@pytest.mark.parametrize(
    ("place", "shown"),
    [
        ("alder", {"alder", "code"}),
        ("birch", {"birch"}),
        ("collective", {"collective"}),
        ("platform", {"platform"}),
    ],
)
def test_message_list_shows_this_hosts_mail_only(alder, birch, letters, client_for, place, shown):
    client = client_for({"alder": alder, "birch": birch}.get(place, place))

    page = client.get("/dev/mail/").content.decode()

    assert {name for name in letters if f"canary {name}" in page} == shown


@pytest.mark.parametrize("path", ["", "?part=html", "?part=headers", "?part=raw", "html/"])
def test_message_detail_of_another_host_is_not_found(alder, birch, letters, client_for, path):
    foreign = f"/dev/mail/{letters['alder'].id}/{path}"

    statuses = {
        "alder": client_for(alder).get(foreign).status_code,
        "birch": client_for(birch).get(foreign).status_code,
        "collective": client_for("collective").get(foreign).status_code,
        "platform": client_for("platform").get(foreign).status_code,
    }

    assert statuses == {"alder": 200, "birch": 404, "collective": 404, "platform": 404}


@pytest.mark.parametrize("path", ["/dev/mail/", "/dev/mail/{id}/", "/dev/mail/{id}/html/"])
def test_mail_is_not_found_outside_development(alder, letters, client_for, settings, path):
    address = path.format(id=letters["alder"].id)
    before = client_for(alder).get(address).status_code

    settings.DEBUG = False

    assert (before, client_for(alder).get(address).status_code) == (200, 404)


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("text", '<a href="http://alder.localhost:8000/join/abc/"'),
        ("html", "<iframe"),
        ("headers", "Auto-Submitted"),
        ("raw", "Content-Type: multipart/alternative"),
    ],
)
def test_message_detail_shows_each_part(alder, letters, client_for, part, words):
    page = client_for(alder).get(f"/dev/mail/{letters['alder'].id}/?part={part}").content.decode()

    assert words in page
    assert "<b>See</b>" not in page


def test_message_detail_refuses_an_unknown_part(alder, letters, client_for):
    assert client_for(alder).get(f"/dev/mail/{letters['alder'].id}/?part=attachments").status_code == 404


def test_message_html_is_framed_and_can_do_nothing(alder, letters, client_for):
    response = client_for(alder).get(f"/dev/mail/{letters['alder'].id}/html/")

    assert response.content.decode() == letters["alder"].html
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert response["Content-Security-Policy"] == (
        "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; "
        "img-src data:; frame-ancestors 'self'"
    )


def test_message_list_finds_an_address(alder, letters, client_for):
    page = client_for(alder).get("/dev/mail/", {"to": "code@"}).content.decode()

    assert ("canary code" in page, "canary alder" in page) == (True, False)


@pytest.mark.parametrize("rows", [1, 3])
def test_message_list_takes_the_same_queries_however_many(
    alder, settings, client_for, django_assert_max_num_queries, rows
):
    settings.DEBUG = True
    client = client_for(alder)
    with context.in_network(alder):
        for number in range(rows):
            queue(f"canary {number}")
    client.get("/dev/mail/")

    with django_assert_max_num_queries(9) as counted:
        client.get("/dev/mail/")

    assert len([query for query in counted if "mail_" in query["sql"]]) == 2
