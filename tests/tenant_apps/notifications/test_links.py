"""Every link of every email: GET and HEAD change nothing, POST needs the right network, a wrong host is refused.

Each kind of email is sent by what causes it in life, and every address in its text, its HTML and its headers is tried.
"""

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import urlsplit

import pytest
from django.core import mail as outbox
from django.test import Client

from shared_apps.accounts import messages
from shared_apps.mail.models import Message, PlatformMessage
from shared_apps.mail.services import email_of
from tenant_apps.notifications import selectors, services
from tenant_apps.notifications.enums import Kind
from tenant_apps.notifications.models import Follow, Preference
from tenants.context import in_network
from tests.builders import every_email
from tests.builders.accounts import host_of
from tests.builders.domains import HOST
from tests.builders.members import client_of
from tests.isolation.rows import watching

ADDRESS = re.compile(r"https?://[^\s<>\"')]+")
OTHER_HOSTS = ("birch.localhost", "collective.localhost", "localhost", "evil.example")
CANNOT_BE_STOPPED = {  # somebody asked for them, or must know
    *(f"accounts.{kind}" for kind in messages.KINDS),
    *(f"address.{change}" for change in ("live", "failing", "recovered", "lost", "removed")),
    "discussions.refused",
    "inbound.files_left_out",
    "inbound.not_posted",
    "invitation",
    "members.join_code",
    "moderation.act",
    "moderation.appeal_decided",
    "plan.past_due",
    *(f"closing.{event}" for event in ("announced", "called_off", "read_only", "week_left", "day_left")),
    *(f"support.{state}" for state in ("asked", "allowed", "ended", "refused")),
}
CAN_BE_STOPPED = {
    "digest",
    "discussions.waiting",
    "moderation.appeal",
    "moderation.appeal_against",
    "moderation.cases",
    "moderation.report",
    "news.answer",
    "news.mention",
    "news.new_discussion",
    "news.reply",
    "sharing.returned_reply",
}
READS = ("discussions_readmark", "django_session", "accounts_session", "notifications_notification")


@pytest.fixture
def rendered() -> Iterator[set]:
    """Which functions had emails sent, and which templates these were of."""
    with every_email.watching() as seen:
        yield seen


@pytest.fixture
def priya(alder, birch, rendered):
    return every_email.send_everything(alder, birch)


@pytest.fixture
def sent(alder, priya) -> dict[str, list]:
    """Everything alder sends: by kind of message, the emails of it."""
    return _by_kind(alder)


def _by_kind(alder) -> dict[str, list]:
    found: dict[str, list] = {}
    with in_network(alder):
        messages = [*Message.objects.all(), *PlatformMessage.objects.filter(host=host_of(alder))]
        for message in messages:
            found.setdefault(message.kind, []).append(email_of(message))
    digests = [each for each in outbox.outbox if each.subject.startswith("Your digest")]
    return found | {"digest": [each for each in digests if each.extra_headers["List-Id"] == f"<{host_of(alder)}>"]}


def links_of(email) -> set[str]:
    """Return every address in an email's text, HTML and headers."""
    html = unescape(email.alternatives[0].content)
    text = "\n".join((email.body, html, *(str(value) for value in email.extra_headers.values())))
    return {link.rstrip(".,") for link in ADDRESS.findall(text) if "w3.org" not in link}


def addresses(sent: dict[str, list]) -> set[str]:
    return {link for emails in sent.values() for email in emails for link in links_of(email)}


def path_of(link: str) -> str:
    parts = urlsplit(link)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def wishes(alder) -> list:
    """Return all that a link could have changed for somebody."""
    with in_network(alder):
        follows = Follow.objects.order_by("id").values_list("id", "level")
        return [*follows, *Preference.objects.order_by("id").values_list("id", "channel")]


def test_links_every_email_of_the_product_is_here(rendered, sent):
    """Fails for a new template, and for a new function that has an email sent, until send_everything knows it."""
    assert every_email.templates() <= rendered
    assert every_email.senders() - rendered == set()
    assert set(sent) == CANNOT_BE_STOPPED | CAN_BE_STOPPED
    text_says_what_html_says(sent)


def text_says_what_html_says(sent) -> None:
    """Who reads the text alone has every address that the HTML has."""
    for kind, emails in sent.items():
        for email in emails:
            html = set(ADDRESS.findall(unescape(email.alternatives[0].content))) - {"http://www.w3.org/1999/xhtml"}
            assert html <= set(ADDRESS.findall(email.body)), kind


def test_links_opened_by_a_scanner_change_nothing(alder, sent):
    before, over = wishes(alder), set()
    for link in sorted(addresses(sent)):
        for method in ("get", "head"):
            client = Client(headers={"host": urlsplit(link).hostname})
            with watching() as written:
                answer = getattr(client, method)(path_of(link))

            assert answer.status_code in (200, 302, 404), link
            assert written.beside("django_session", "accounts_session") == {}, link
            if answer.status_code == 404:
                over.add(HOST if urlsplit(link).hostname == HOST else path_of(link)[:6])
    assert wishes(alder) == before
    assert over == {"/join/", HOST}  # of an invitation that was sent again, and of a domain that was removed


def test_links_opened_by_their_reader_change_only_what_was_read(alder, priya, sent):
    client = client_of(priya, alder)
    before = wishes(alder)
    for link in sorted(addresses(sent)):
        if urlsplit(link).hostname == host_of(alder):
            with watching() as written:
                client.get(path_of(link))
            assert written.beside(*READS, "accounts_networkaccess") == {}, link
    assert wishes(alder) == before


def test_links_are_of_this_network_and_worth_nothing_elsewhere(alder, sent):
    before = wishes(alder)
    links = addresses(sent)
    secret = [link for link in links if "/unsubscribe/" in link or "/join/" in link]
    collective = {link for link in links if urlsplit(link).hostname == host_of("collective")}
    assert {urlsplit(link).hostname for link in links - collective} == {host_of(alder), HOST}
    assert collective <= {link for email in sent["sharing.returned_reply"] for link in links_of(email)}
    assert len(secret) > 5
    for link in secret:
        for host in OTHER_HOSTS:
            answer = Client(headers={"host": host}, raise_request_exception=False).post(path_of(link))
            assert answer.status_code in (400, 404), (host, link)
    assert wishes(alder) == before


def test_links_one_click_stops_each_kind(alder, priya, sent):
    """A mail program posts to the address in the header, without a cookie (RFC 8058)."""
    strict = Client(headers={"host": host_of(alder)}, enforce_csrf_checks=True)
    for kind in sorted(CAN_BE_STOPPED):
        for email in sent[kind]:
            headers = email.extra_headers
            answer = strict.post(path_of(headers["List-Unsubscribe"].strip("<>")), {"List-Unsubscribe": "One-Click"})

            assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
            assert (headers["Precedence"], headers["List-Id"]) == ("list", f"<{host_of(alder)}>")
            assert answer.status_code == 200, kind
    for kind in CANNOT_BE_STOPPED:
        assert not [email for email in sent[kind] if "List-Unsubscribe" in email.extra_headers], kind
    with in_network(alder):
        assert selectors.levels_of(priya)
        happening = services.Happening(kind=Kind.MODERATION, mine=[priya.id], only_mine=True)
        assert [told.channel for told in selectors.told_of(happening)] == ["inbox"]
