"""A network on a domain of its own: pages, sign-in, links, certificates, cookies, tokens and passkeys."""

import re

import pytest
from allauth.core import context as allauth
from django.conf import settings
from django.test import Client
from django.utils import timezone

from shared_apps.accounts import services as accounts
from shared_apps.accounts.adapters import SecondStepAdapter
from shared_apps.accounts.models import HandOff
from shared_apps.domains import services
from shared_apps.domains.enums import Finding
from shared_apps.jobs.worker import Worker
from shared_apps.mail.models import Message
from tenant_apps.discussions import services as discussions
from tenant_apps.notifications import services as notifications
from tenants import context
from tenants.context import in_network
from tenants.enums import NetworkState
from tenants.lifecycle import set_state
from tenants.middleware import forget_hosts
from tenants.selectors import may_have_certificate, network_of_host
from tests.builders.accounts import PASSWORD, client_with, make_account, sign_in
from tests.builders.discussions import make_discussion
from tests.builders.domains import BY, HOST, use
from tests.builders.members import make_member
from tests.builders.pages import text_of
from tests.isolation.answers import body


def browser(host: str = HOST, **extra) -> Client:
    return Client(headers={"host": host}, **extra)


@pytest.fixture
def used(alder):
    return use(alder)


def test_the_network_answers_on_both_hosts_and_others_on_neither(alder, birch, used):
    for host in (HOST, "alder.localhost"):
        page = browser(host).get("/sign-in/")
        assert (page.status_code, alder.name in page.content.decode()) == (200, True)
    for host in (f"x.{HOST}", "kentsbm.org.uk", f"{HOST}.evil.org", "evil.org"):
        page = browser(host).get("/sign-in/")
        assert (page.status_code, alder.name in page.content.decode()) == (404, False)


def test_a_certificate_is_for_a_host_in_use_alone(alder, used):
    assert may_have_certificate(HOST)
    assert not may_have_certificate("other.kentsbm.org.uk")
    set_state(alder, NetworkState.SUSPENDED)
    assert may_have_certificate(HOST), "it says so there"
    set_state(alder, NetworkState.LIVE)

    services.remove(used, by=BY)

    assert not may_have_certificate(HOST)


def test_a_member_signs_in_there_with_a_token_of_that_host(alder, used):
    member = make_member(alder, email="priya@alder.example", password=PASSWORD)
    strict = Client(enforce_csrf_checks=True)
    strict.get("/sign-in/", headers={"host": HOST})
    data = {"email": member.email, "password": PASSWORD, "csrfmiddlewaretoken": strict.cookies["csrf"].value}

    foreign = strict.post("/sign-in/", data, headers={"host": HOST, "origin": "http://alder.localhost"})
    answer = strict.post("/sign-in/", data, headers={"host": HOST, "origin": f"http://{HOST}"})

    assert (foreign.status_code, answer.status_code) == (403, 302)
    assert strict.get("/discussions/", headers={"host": HOST}).status_code == 200


def test_who_is_signed_in_elsewhere_is_taken_there_signed_in(alder, birch, used):
    account = make_account(alder, birch, email="both@school.example")
    make_member(alder, email=account.email)
    there, here = sign_in(browser("birch.localhost"), account, birch), browser()

    start = here.get("/switch/start/", {"from": "birch.localhost"})
    leave = there.get(start.headers["Location"].partition("localhost:8000")[2])
    assert leave.headers["Location"].startswith(f"http://{HOST}:8000/switch/arrive/")
    arrive = here.get(leave.headers["Location"].partition(f"{HOST}:8000")[2])

    assert arrive.headers["Location"] == "/"
    assert here.get("/").status_code == 200
    assert f"http://{HOST}:8000/switch/start/" in there.get("/switch/").content.decode()
    assert "http://birch.localhost:8000/switch/start/?from=community.kentsbm.org.uk" in (
        here.get("/switch/").content.decode()
    )


def test_links_lead_to_the_domain_and_email_to_the_first_host(alder, used):
    priya, tom = make_member(alder, name="Priya"), make_member(alder, name="Tom")
    with in_network(alder):
        discussion = make_discussion(priya, title="Who mows?")
        discussions.post_reply(discussion, body="We do.", by=tom)
    Worker().drain()
    with in_network(alder):
        mail = Message.objects.filter(kind="news.reply").latest("id")

    assert f"http://{HOST}:8000/discussions/{discussion.id}/" in mail.text
    assert set(re.findall(r"http://alder[^/]*/[^/]*/[^/]*/", mail.text)) == {
        "http://alder.localhost:8000/notifications/unsubscribe/"
    }
    assert mail.headers["Message-ID"].endswith("@alder.localhost>")
    assert mail.headers.get("Reply-To", "@alder.localhost").endswith("@alder.localhost")


def test_a_signed_link_is_good_on_the_host_that_it_was_made_for_alone(alder, used):
    member = make_member(alder)
    with in_network(alder):
        link = notifications.unsubscribe_url(member, kind="discussion", object_id=alder.id)
    path = link.partition(":8000")[2]

    assert link.startswith("http://alder.localhost:8000/"), "it must work when the domain is lost"
    assert browser("alder.localhost").get(path).status_code == 200
    assert browser().get(path).status_code == 404


def test_a_session_of_the_domain_is_worth_nothing_on_other_hosts(alder, birch, used):
    account = make_account(alder, birch, email="both@school.example")
    make_member(alder, email=account.email)
    client = sign_in(browser(), account, alder)

    assert client.get("/discussions/", headers={"host": HOST}).status_code == 200
    for host in ("alder.localhost", "birch.localhost", "localhost", "collective.localhost"):
        assert client.get("/account/", headers={"host": host}).status_code == 302


def test_nobody_is_handed_to_a_domain_whose_records_are_wrong(alder, birch, used):
    """Whoever took it has a browser of their own there, and asks the host where somebody else is signed in."""
    account = make_account(alder, birch, email="both@school.example")
    make_member(alder, email=account.email)
    taken, there = browser(), sign_in(browser("birch.localhost"), account, birch)
    start = taken.get("/switch/start/", {"from": "birch.localhost"})
    sent = start.headers["Location"].partition("localhost:8000")[2]
    on_its_way = there.get(sent).headers["Location"].partition(f"{HOST}:8000")[2]
    services.settle(used, Finding.ELSEWHERE, now=timezone.now())
    forget_hosts()

    assert there.get(sent).headers["Location"] == "/switch/"
    assert HandOff.objects.count() == 1, "the one that was on its way before"
    arrived = taken.get(on_its_way)
    assert (arrived.status_code, settings.SESSION_COOKIE_NAME in arrived.cookies) == (302, False)
    assert arrived.headers["Location"] == f"http://alder.localhost:8000{on_its_way}"
    assert HOST not in there.get("/switch/").content.decode()


def test_sessions_of_a_domain_end_with_its_records_and_its_pages_lead_to_the_first_host(alder, used):
    member = make_member(alder, email="priya@alder.example")
    account = make_account(alder, email=member.email)
    client, first = (sign_in(browser(host), account, network_of_host(host)) for host in (HOST, "alder.localhost"))
    secret = accounts.create_network_token(account, network_id=alder.id, name="t", by=BY).secret

    services.settle(used, Finding.NO_PROOF, now=timezone.now())
    forget_hosts()
    page, form = client.get("/members/?page=2"), client.post("/discussions/new/", {"title": "x"})
    program = client_with(secret, alder).get("/api/v1/discussions/", headers={"host": HOST})
    services.settle(used, Finding.GOOD, now=timezone.now())
    forget_hosts()

    assert [page.headers["Location"], form.headers["Location"]] == [
        "http://alder.localhost:8000/members/?page=2",
        "http://alder.localhost:8000/",
    ]
    assert program.status_code == 200
    assert client.get("/discussions/").status_code == 302, "its cookie was sent to whoever answered there"
    assert first.get("/discussions/").status_code == 200


def test_tokens_work_there_and_name_its_addresses(alder, used):
    member = make_member(alder)
    account = make_account(alder, email=member.email)
    secret = accounts.create_network_token(account, network_id=alder.id, name="t", by=BY).secret
    with in_network(alder):
        make_discussion(member, title="Who mows?")
    program = client_with(secret, alder)

    answer = program.get("/api/v1/discussions/", headers={"host": HOST})

    assert answer.json()["results"][0]["url"].startswith(f"http://{HOST}:8000/")


def test_a_domain_of_a_network_promises_nothing_for_what_else_is_on_it(alder, used, settings):
    settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = 1000, True

    own = browser().get("/sign-in/", secure=True)
    ours = browser("alder.localhost").get("/sign-in/", secure=True)
    static = browser().get("/static/core/icon.svg", secure=True)

    assert own.headers["Strict-Transport-Security"] == "max-age=1000"
    assert static.headers["Strict-Transport-Security"] == "max-age=1000"
    assert ours.headers["Strict-Transport-Security"] == "max-age=1000; includeSubDomains"


def test_a_passkey_of_the_domain_is_of_that_host(alder, used, rf, settings):
    settings.PUBLIC_DOMAIN = "sbm.org.uk"
    ids = {}
    for host in (HOST, "alder.sbm.org.uk"):
        with allauth.request_context(rf.get("/", headers={"host": host})):
            ids[host] = SecondStepAdapter().get_public_key_credential_rp_entity()["id"]

    assert ids == {HOST: HOST, "alder.sbm.org.uk": "sbm.org.uk"}


def test_the_host_of_the_request_decides_the_schema(alder, birch, used):
    use(birch, "birch.kentsbm.org.uk")
    for network, host in ((alder, HOST), (birch, "birch.kentsbm.org.uk")):
        assert network.name in body(browser(host).get("/sign-in/"))
        assert context.current_schema() == "public"
    assert text_of(browser("birch.kentsbm.org.uk").get("/sign-in/")).count(alder.name) == 0
