"""Pages that show stored hostile text hold no element and no attribute that came from it."""

import re
from email import message_from_bytes, policy

import pytest
from django.conf import settings

from shared_apps.mail.models import Message
from shared_apps.mail.services import email_of
from tenants.context import in_network
from tests.isolation.answers import body
from tests.isolation.hostile import Page, vocabulary
from tests.isolation.poison import poison
from tests.isolation.routes import routes
from tests.isolation.world import Place, World

READERS = [  # a kind of host, who reads there, and which addresses
    ("network", "alder.owner", ""),
    ("network", "alder.member", "posting|edit|share|notes|recom"),
    ("collective", "birch.member", ""),
    ("platform", "operator", ""),
]
HEADERS = {
    *("From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type", "Auto-Submitted"),
    *("In-Reply-To", "References", "List-Unsubscribe", "List-Unsubscribe-Post", "Content-Transfer-Encoding"),
    *("List-Id", "Precedence", "Reply-To", "X-Auto-Response-Suppress", "Feedback-ID"),
}
OF_LONG_LISTS = {("mark", ""), ("a", "aria-label"), ("li", "aria-current")}  # words found, and a second page
OF_OWN_THINGS = {
    ("section", "id"),  # the panel beside one’s own discussion
    *(("form", "aria-labelledby"), ("input", "disabled"), ("textarea", "disabled")),  # a poll, and one with votes
}
RAW = re.compile(r"<(?:x-hostile|svg/onload|img src=x|script>window|iframe|math|object)", re.IGNORECASE)
ASKING = (
    "/discussions/?q=<",
    "/members/?q=<",
    "/suppliers/?q=<",
    "/?q=hostile",
    "/suppliers/?q=<",
    "/manage/members/?q=<",
)


@pytest.fixture
def pages(world, settings):
    """Open every page of every host with ids of one place, and return the texts by address."""
    settings.DEBUG = True  # the emails can be read
    settings.CACHES = {name: {"BACKEND": "django.core.cache.backends.dummy.DummyCache"} for name in settings.CACHES}

    def open_all(place: Place) -> dict[str, str]:
        return {
            address: text for kind, who, which in READERS for address, text in _pages(world, kind, who, which, place)
        }

    return open_all


def test_stored_hostile_text_is_text_on_every_page(world, pages):
    known = vocabulary(pages(world.alder).values()) | OF_LONG_LISTS | OF_OWN_THINGS
    poisoned = poison(world.alder.network, world.birch.network)
    poisoned.ids = world.alder.ids | poisoned.ids
    poisoned.secrets = world.alder.secrets

    shown = pages(poisoned)

    assert sum("hostile" in text for text in shown.values()) > 30
    read = {address: Page(text) for address, text in shown.items()}
    unsafe = {address: page.unsafe for address, page in read.items() if page.unsafe and not address.endswith("/html/")}
    assert unsafe == {}  # an email has styles of its own, and is checked by its elements and in the browser
    assert {address: page.words - known for address, page in read.items() if page.words - known} == {}
    assert {address: found[0] for address, text in shown.items() if (found := RAW.search(text))} == {}


def test_no_header_of_an_email_comes_from_its_words(world):
    poisoned = poison(world.alder.network, world.birch.network)
    with in_network(world.alder.network):
        raw = [email_of(message).message().as_bytes() for message in Message.objects.filter(html__contains="hostile")]
    mails = [message_from_bytes(each, policy=policy.default) for each in raw]

    assert len(mails) > 2
    assert poisoned.network.name.startswith('">')
    assert {name for mail in mails for name in mail} <= HEADERS
    assert {len(mail["To"].addresses) for mail in mails} == {1}
    assert {mail["From"].addresses[0].addr_spec for mail in mails} == {settings.EMAIL_FROM_ADDRESS}


def test_the_check_could_find_an_element(world):
    page = Page(
        '<p onclick=alert(1)><a href=" java\tscript:alert(1)">x</a><x-hostile data-hostile=1><script>x</script>'
    )

    assert ("x-hostile", "data-hostile") in page.words
    assert len(page.unsafe) == 3


def _pages(world: World, kind: str, who: str, which: str, place: Place):
    host = place.network if kind == "network" else kind
    client = world.browser(who, host)
    addresses = [
        route.path(route.values(world, place))
        for route in routes(kind)
        if not route.pattern.startswith("api/") and re.search(which, route.pattern)
    ]
    for address in (*addresses, *ASKING):
        answer = client.get(address)
        assert answer.status_code < 500, address
        if answer.get("Content-Type", "").startswith("text/html") and answer.status_code == 200:
            yield f"{kind} {who} {address}", body(answer)
