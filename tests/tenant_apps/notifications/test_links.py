"""Every link of every email: GET and HEAD change nothing, POST needs the right network, a wrong host is refused.

Each kind of email is sent by what causes it in life, and every address in its text, its HTML and its headers is tried.
"""

import re
from datetime import timedelta
from html import unescape
from urllib.parse import urlsplit

import pytest
from django.core import mail as outbox
from django.test import Client
from django.utils import timezone

from shared_apps.jobs.worker import Worker
from shared_apps.mail.models import Message, PlatformMessage
from shared_apps.mail.services import email_of
from tenant_apps.discussions import services as discussions
from tenant_apps.discussions.models import Mention
from tenant_apps.members import services as members
from tenant_apps.members.enums import Role
from tenant_apps.notifications import selectors, services
from tenant_apps.notifications.enums import Kind, Level
from tenant_apps.notifications.models import Follow, Preference
from tenants.context import each_network, in_network
from tests.builders.accounts import host_of
from tests.builders.discussions import away_reply, make_discussion, share
from tests.builders.members import client_of, make_member
from tests.isolation.rows import watching

ADDRESS = re.compile(r"https?://[^\s<>\"')]+")
OTHER_HOSTS = ("birch.localhost", "collective.localhost", "localhost", "evil.example")
KINDS = {
    "accounts.login_code",
    "digest",
    "invitation",
    "news.answer",
    "news.mention",
    "news.moderation",
    "news.new_discussion",
    "news.reply",
}
READS = ("discussions_readmark", "django_session", "accounts_session", "notifications_notification")


@pytest.fixture
def priya(alder):
    return make_member(alder, name="Priya Raman")


@pytest.fixture
def sent(alder, birch, priya) -> dict[str, list]:
    """Everything alder sends: by kind of message, the emails of it."""
    owner, tom = make_member(alder, name="Helen Marsh", role=Role.OWNER), make_member(alder, name="Tom Whitlock")
    martin = make_member(birch, name="Martin Bayliss")
    with in_network(alder):
        members.invite_member(email="new@school.example", by=owner)
        services.set_level(priya, kind="network", object_id=alder.id, level=Level.EVERYTHING)
        discussion = make_discussion(tom, title="Who cuts your grass?")
        discussions.follow(discussion, member=priya)
        hers = discussions.post_reply(discussion, body="We do.", by=priya)
        discussions.mark_reply(discussion, hers.id, is_answer=True, by=tom)
        his = discussions.post_reply(discussion, body="So do we, @Priya.", by=tom)
        Mention.objects.get_or_create(discussion=discussion, reply=his, member=priya)
        asked = make_discussion(priya, title="Who does your PAT testing?")
        share(asked, priya)
        away_reply(asked, martin, birch)
        services.notify(
            services.Happening(kind=Kind.MODERATION, mine=[priya.id], only_mine=True),
            services.Tidings(key="moderation.1", title="A moderator hid your reply", path="/inbox/"),
        )
    Client(headers={"host": "alder.localhost"}).post("/sign-in/code/", {"email": priya.email})
    Worker().drain()
    services.plan_digests(timezone.now() + timedelta(days=1))
    Worker().drain()
    return _by_kind(alder)


def _by_kind(alder) -> dict[str, list]:
    found: dict[str, list] = {}
    with in_network(alder):
        messages = [*Message.objects.all(), *PlatformMessage.objects.filter(host=host_of(alder))]
        for message in messages:
            found.setdefault(message.kind, []).append(email_of(message))
    digests = [each for each in outbox.outbox if each.subject.startswith("Your digest")]
    return found | {"digest": digests}


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


def test_links_every_kind_of_email_is_here(sent):
    assert set(sent) >= KINDS, sorted(sent)
    assert all(sent[kind] for kind in KINDS)


def test_links_text_says_what_html_says(sent):
    """Who reads the text alone has every address that the HTML has."""
    for kind, emails in sent.items():
        for email in emails:
            html = set(ADDRESS.findall(unescape(email.alternatives[0].content))) - {"http://www.w3.org/1999/xhtml"}
            assert html <= set(ADDRESS.findall(email.body)), kind


@pytest.mark.parametrize("method", ["get", "head"])
def test_links_opened_by_a_scanner_change_nothing(alder, sent, method):
    before = wishes(alder)
    for link in sorted(addresses(sent)):
        client = Client(headers={"host": urlsplit(link).hostname})
        with watching() as written:
            answer = getattr(client, method)(path_of(link))

        assert answer.status_code in (200, 302), link
        assert written.beside("django_session", "accounts_session") == {}, link
    assert wishes(alder) == before


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
    assert {urlsplit(link).hostname for link in links} <= {host_of(alder), "localhost"}
    assert len(secret) > 5
    for link in secret:
        for host in OTHER_HOSTS:
            answer = Client(headers={"host": host}, raise_request_exception=False).post(path_of(link))
            assert answer.status_code in (400, 404), (host, link)
    assert wishes(alder) == before


def test_links_one_click_stops_each_kind(alder, priya, sent):
    """A mail program posts to the address in the header, without a cookie (RFC 8058)."""
    for kind in sorted(KINDS - {"accounts.login_code", "invitation"}):
        for email in sent[kind]:
            headers = email.extra_headers
            link = headers["List-Unsubscribe"].strip("<>")
            strict = Client(headers={"host": host_of(alder)}, enforce_csrf_checks=True)

            answer = strict.post(path_of(link), {"List-Unsubscribe": "One-Click"})

            assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
            assert (headers["Precedence"], headers["List-Id"]) == ("list", f"<{host_of(alder)}>")
            assert answer.status_code == 200, kind
    with in_network(alder):
        assert selectors.levels_of(priya)
        happening = services.Happening(kind=Kind.MODERATION, mine=[priya.id], only_mine=True)
        assert [told.channel for told in selectors.told_of(happening)] == ["inbox"]


def test_links_nothing_went_to_the_other_network(sent):
    for network in each_network():
        if network.subdomain == "birch":
            assert set(Message.objects.values_list("kind", flat=True)) <= {"invitation"}
