"""The public pages: asking, the emailed link, and what programs and the impatient are told."""

import pytest

from shared_apps.mail.models import PlatformMessage
from shared_apps.requests import services
from shared_apps.requests.enums import RequestState
from shared_apps.requests.models import NetworkRequest
from tests.builders.accounts import client_of, make_account
from tests.builders.pages import text_of
from tests.builders.requests import WANTED, ask_for_network, emailed_token, make_request


@pytest.fixture
def browser(db, client_for):
    return client_for("platform")


def test_a_visitor_finds_the_page_asks_and_confirms(browser):
    assert 'href="/start/"' in browser.get("/").content.decode()

    assert "Open the email we sent you" in text_of(browser.post("/start/", WANTED, follow=True))
    link = f"/start/confirm/{emailed_token()}/"
    assert "Send the request" in text_of(browser.get(link))
    assert NetworkRequest.objects.get().state == RequestState.UNCONFIRMED
    assert "Your request is sent" in text_of(browser.post(link))

    assert NetworkRequest.objects.get().state == RequestState.WAITING
    assert "Your request is sent" in text_of(browser.post(link))


def test_the_answer_is_the_same_whatever_the_address(browser, alder):
    known = make_account(alder, email="priya@alder.example")

    answers = {
        (answer.status_code, answer.headers["Location"])
        for email in (known.email, "nobody@rowan.example")
        if (answer := browser.post("/start/", WANTED | {"email": email}))
    }

    assert answers == {(302, "/start/sent/")}
    assert PlatformMessage.objects.filter(kind="requests.confirm").count() == 2


def test_a_program_that_fills_in_everything_is_told_the_same_and_nothing_is_kept(browser):
    answer = browser.post("/start/", WANTED | {"extra": "https://win.example"})

    assert answer.headers["Location"] == "/start/sent/"
    assert not NetworkRequest.objects.exists()
    assert not PlatformMessage.objects.exists()


def test_an_address_is_written_to_three_times_an_hour(browser):
    for _ in range(3):
        browser.post("/start/", WANTED)

    refused = browser.post("/start/", WANTED | {"subdomain": "another"})

    assert refused.status_code == 422
    assert "too often" in text_of(refused)
    assert PlatformMessage.objects.count() == 3


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"subdomain": "alder"}, "subdomain"),
        ({"subdomain": "admin"}, "subdomain"),
        ({"subdomain": "No Spaces"}, "subdomain"),
        ({"members": "lots"}, "members"),
        ({"members": "0"}, "members"),
        ({"email": "nobody"}, "email"),
        ({"person": "\u202eevil"}, "person"),
        ({"organisation": ""}, "organisation"),
        ({"words": "x" * 2001}, "words"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(browser, alder, change, field):
    answer = browser.post("/start/", WANTED | change)

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert not NetworkRequest.objects.exists()


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ("rowan", "rowan.localhost is free"),
        ("alder", "Another network has the address alder"),
        ("www", "The subdomain www is reserved"),
        ("x", "A subdomain has 3 to 30 characters"),
        ("\x00", ""),
        ("", ""),
    ],
)
def test_whether_an_address_is_free_is_said_with_script_and_without(browser, alder, wanted, said):
    by_script = browser.get("/start/address/", {"subdomain": wanted})
    by_button = browser.post("/start/", WANTED | {"subdomain": wanted, "use": "address"})

    assert said in text_of(by_script)
    assert said in text_of(by_button)
    assert by_button.status_code == 200
    assert "Rhoda Rowan" in by_button.content.decode(), "what was typed is still there"
    assert not NetworkRequest.objects.exists()


def test_a_link_that_is_no_link_says_what_to_do(browser):
    answer = browser.get("/start/confirm/nothing-of-ours/")

    assert answer.status_code == 404
    assert "This link does not work" in text_of(answer)


def test_a_request_that_is_forgotten_while_it_is_sent_is_over(browser, monkeypatch):
    link = f"/start/confirm/{ask_for_network()}/"
    before = services.confirm

    def late(row, **values):
        NetworkRequest.objects.all().delete()
        before(row, **values)

    monkeypatch.setattr(services, "confirm", late)

    assert "This link does not work" in text_of(browser.post(link))


def test_who_is_signed_in_types_less(alder):
    page = client_of(make_account(alder, email="priya@alder.example"), "platform").get("/start/")

    assert 'value="priya@alder.example"' in page.content.decode()


@pytest.mark.parametrize("host", ["alder", "collective"])
def test_the_pages_are_on_the_platforms_host_only(alder, client_for, host):
    client = client_for(alder if host == "alder" else host)
    token = ask_for_network()

    for path in ("/start/", "/start/address/", f"/start/confirm/{token}/"):
        assert client.get(path).status_code == 404


def test_a_page_of_a_decided_request_says_no_more_than_that_it_was_sent(browser):
    row = make_request()
    NetworkRequest.objects.filter(id=row.id).update(state="declined", decided_at=row.confirmed_at, answer="Secret.")

    assert "Secret." not in text_of(browser.get(f"/start/confirm/{emailed_token()}/"))
