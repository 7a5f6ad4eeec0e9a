"""Signing in with Google and Microsoft: who gets in, who is linked, what is refused, and what is kept of it."""

import dataclasses
import time
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone

from config.fakeoidc.server import Signer
from shared_apps.accounts import services
from shared_apps.accounts.enums import Provider
from shared_apps.accounts.models import HandOff, Session, User
from shared_apps.accounts.providers import Person, forget_published
from shared_apps.audit.models import PlatformEvent
from shared_apps.audit.services import Actor
from shared_apps.mail.models import PlatformMessage
from tenants.selectors import url_of
from tests.builders.accounts import client_of, host_of, make_account, sign_in
from tests.builders.authenticators import give_app
from tests.builders.emails import code_in
from tests.fakeoidc import asked_at

EMAIL = "priya@school.example"
BOTH = pytest.mark.parametrize("provider", ["google", "microsoft"])
SILENT = "did not tell us who you are"
STRAY = "That way in has run out"
LINKS = "/account/links/"


@pytest.fixture(autouse=True)
def _nothing_counted(db: None) -> None:
    cache.clear()


@pytest.fixture
def account(alder) -> User:
    return make_account(alder, email=EMAIL)


@pytest.fixture
def client() -> Client:
    return Client(headers={"host": host_of("platform")})


def is_signed_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def follow(client: Client, response):
    parts = urlsplit(response["Location"])
    return client.get(f"{parts.path}?{parts.query}")


def words_of(response) -> str:
    return " ".join(response.content.decode().split())


def link(account: User, *, provider: Provider = Provider.GOOGLE, subject: str = "1", email: str = EMAIL) -> None:
    person = Person(provider=provider, subject=subject, email=email, speaks_for_email=False)
    services.link_person(account, person, by=Actor.system())


# Getting in ----------------------------------------------------------------------------------------------------------


@BOTH
def test_the_first_time_links_and_tells_and_after_that_the_provider_is_enough(providers, account, client, provider):
    first = providers.sign_in(client, EMAIL, provider=provider)
    EmailAddress.objects.update(verified=False)  # from now on the address counts for nothing
    later = Client(headers={"host": host_of("platform")})
    second = providers.sign_in(later, EMAIL, "unproved" if provider == "google" else "work", provider=provider)

    assert (first["Location"], second["Location"]) == ("/switch/", "/switch/")
    assert is_signed_in(client)
    assert is_signed_in(later)
    row = SocialAccount.objects.get()
    assert (row.user_id, row.provider, row.extra_data) == (account.pk, provider, {"email": EMAIL})
    event = PlatformEvent.objects.get(name="accounts.provider.linked")
    assert (event.actor_id, event.target_id, event.details) == (account.pk, account.pk, {"provider": provider})
    mail = PlatformMessage.objects.get(kind="accounts.provider_linked")
    assert (mail.to_address, mail.subject) == (EMAIL, f"You can sign in with {provider.title()}")


def test_microsoft_knows_a_person_by_directory_and_object(providers, account, client):
    providers.sign_in(client, EMAIL, provider="microsoft")

    directory, _, person = SocialAccount.objects.get().uid.partition(".")

    assert len(directory) == len(person) == 36
    assert directory != person


def test_what_is_asked_of_a_provider_is_bound_to_this_browser_and_says_nothing_of_the_person(providers, client):
    url = providers.ask(client)

    asked = asked_at(url)
    kept = client.session["socialaccount_states"][asked["state"]][0]
    assert url.startswith(f"{providers.server.url}/google/authorize?")
    assert set(asked["scope"].split()) == {"openid", "profile", "email"}
    assert (asked["prompt"], asked["code_challenge_method"]) == ("select_account", "S256")
    assert asked["redirect_uri"] == "http://localhost:8000/sign-in/google/callback/"
    assert asked["nonce"] == kept["data"]["nonce"]
    assert kept["pkce_code_verifier"] not in url


def test_a_page_asks_before_it_leads_away_and_no_get_asks_a_provider(client, monkeypatch):
    monkeypatch.setattr("requests.Session.request", lambda *given, **more: pytest.fail("A GET asked a provider."))

    page = client.get("/sign-in/microsoft/?next=//elsewhere.example/")

    assert page.context["next"] == "/"
    assert "Go on to Microsoft" in words_of(page)
    assert page.cookies.keys() <= {"csrf"}


def test_somebody_on_a_networks_host_comes_back_to_it_signed_in(providers, account, alder, client):
    network = Client(headers={"host": host_of(alder)})
    way = next(each for each in network.get("/sign-in/?next=/members/").context["ways_in"] if each.provider == "google")

    left = follow(client, network.get(way.url))
    page = follow(client, left)
    back = providers.sign_in(client, EMAIL, next=page.context["next"])
    arrived = follow(network, follow(client, back))

    assert "Then you go on to Alder SBM Network." in words_of(page)
    assert (arrived.status_code, arrived["Location"]) == (302, "/members/")
    assert is_signed_in(network)
    assert HandOff.objects.get().strength == "provider"


def test_who_is_signed_in_on_the_platform_chooses_there_whether_to_go_on_as_them(providers, account, alder):
    platform, network = client_of(account, "platform"), Client(headers={"host": host_of(alder)})

    left = follow(platform, network.get("/switch/start/", {"from": host_of("platform"), "with": "google"}))
    page = follow(platform, left)

    assert f"You are signed in here as {EMAIL}." in words_of(page)
    assert HandOff.objects.count() == 0
    follow(network, platform.get(page.context["next"]))
    assert is_signed_in(network)


def test_another_person_at_the_provider_takes_the_place_of_who_was_signed_in(providers, account, alder):
    other = make_account(alder, email="tom@school.example")
    client = client_of(other, "platform")

    providers.sign_in(client, EMAIL)

    assert client.get("/account/").context["user"] == account
    assert Session.objects.filter(account_id=other.pk).count() == 0


def test_a_second_step_is_asked_for_all_the_same(providers, account, client):
    give_app(account)

    answer = providers.sign_in(client, EMAIL, next="/account/")

    assert answer["Location"] == "/sign-in/second-step/"
    assert not is_signed_in(client)


def test_an_operator_without_a_second_step_is_told_to_have_one(providers, alder, client, settings):
    settings.SECOND_STEP_REQUIRED = True
    operator = make_account(email=EMAIL, operator=True)
    User.objects.filter(pk=operator.pk).update(second_step_due_at=timezone.now() - timedelta(days=1))

    answer = follow(client, providers.sign_in(client, EMAIL))

    assert answer["Location"] == "/account/security/"


# Whom nobody linked --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("provider", "kind"),
    [("google", "unproved"), ("google", "private"), ("microsoft", "work")],
)
def test_an_address_that_the_provider_does_not_speak_for_opens_nothing(providers, account, client, provider, kind):
    answer = providers.sign_in(client, EMAIL, kind, provider=provider)

    assert answer["Location"] == "/sign-in/unknown/"
    assert client.get("/sign-in/unknown/").context["form"].initial == {"email": EMAIL}
    assert not is_signed_in(client)
    assert SocialAccount.objects.count() == 0


def test_gmail_speaks_for_its_own_addresses(providers, alder, client):
    make_account(alder, email="priya@gmail.com")

    assert providers.sign_in(client, "priya@gmail.com", "private")["Location"] == "/switch/"


@pytest.mark.parametrize("state", ["nobody", "unverified", "closed"])
def test_an_address_opens_no_account_that_is_not_shown_to_be_its_own(providers, account, client, state):
    if state == "unverified":
        EmailAddress.objects.update(verified=False)
    User.objects.filter(pk=account.pk).update(is_active=state != "closed")
    email = "nobody@school.example" if state == "nobody" else EMAIL

    answer = providers.sign_in(client, email)

    assert answer["Location"] == "/sign-in/unknown/"
    assert (SocialAccount.objects.count(), User.objects.filter(email="nobody@school.example").count()) == (0, 0)


def test_a_closed_account_is_not_opened_by_its_link(providers, account, client):
    providers.sign_in(client, EMAIL)
    User.objects.filter(pk=account.pk).update(is_active=False)
    later = Client(headers={"host": host_of("platform")})

    answer = providers.sign_in(later, EMAIL)

    assert answer["Location"] == "/sign-in/unknown/"
    assert not is_signed_in(later)


def test_who_shows_the_address_by_a_code_links_and_goes_on(providers, account, client):
    page = follow(client, providers.sign_in(client, EMAIL, "work", provider="microsoft", next="/account/"))
    client.post("/sign-in/code/", {"email": EMAIL, "next": page.context["next"]})
    code = code_in(PlatformMessage.objects.get(kind="accounts.login_code").text)
    signed_in = client.post("/sign-in/code/type/", {"code": code, "next": page.context["next"]})
    asked = follow(client, signed_in)
    linked = client.post(asked.request["PATH_INFO"] + "?next=/account/")

    assert "then signs in here as" in words_of(asked)
    assert linked["Location"] == "/account/"
    later = Client(headers={"host": host_of("platform")})
    assert providers.sign_in(later, EMAIL, "work", provider="microsoft")["Location"] == "/switch/"


def test_whom_nobody_linked_is_forgotten_after_a_while_and_is_never_in_the_session(
    providers, account, client, monkeypatch
):
    providers.sign_in(client, EMAIL, "unproved")
    shown = words_of(client.get("/sign-in/unknown/"))
    now = time.time()
    monkeypatch.setattr("django.core.cache.backends.base.time.time", lambda: now + 15 * 60)
    services.prune(timezone.now() + timedelta(minutes=16))

    assert EMAIL in shown
    assert EMAIL not in str(dict(client.session.items()))
    assert client.get("/sign-in/unknown/")["Location"] == "/sign-in/"
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_cache WHERE cache_key LIKE '%unknown_person%'")
        assert cursor.fetchone() == (0,)


def test_another_directory_that_claims_the_address_is_another_person(providers, account, client):
    """An administrator writes what they like into their own directory."""
    providers.sign_in(client, EMAIL, provider="microsoft")
    attacker = Client(headers={"host": host_of("platform")})

    answer = providers.sign_in(attacker, EMAIL, "foreign", provider="microsoft")

    assert answer["Location"] == "/sign-in/unknown/"
    assert not is_signed_in(attacker)
    assert SocialAccount.objects.count() == 1


# What is refused -----------------------------------------------------------------------------------------------------


def test_a_state_of_another_browser_or_none_or_used_is_refused(providers, account, client):
    other = Client(headers={"host": host_of("platform")})
    path = providers.answer(providers.ask(client), EMAIL, "workspace")

    stranger, nothing = other.get(path), client.get("/sign-in/google/callback/?code=x")
    right, again = client.get(path), client.get(path)

    assert [each.status_code for each in (stranger, nothing, right, again)] == [400, 400, 302, 400]
    assert STRAY in words_of(stranger)
    assert not is_signed_in(other)


def test_a_state_that_is_too_old_is_refused(providers, account, client, monkeypatch):
    path = providers.answer(providers.ask(client), EMAIL, "workspace")
    now = time.time()
    monkeypatch.setattr("allauth.socialaccount.internal.statekit.time.time", lambda: now + 601)

    assert STRAY in words_of(client.get(path))


def test_an_answer_for_one_provider_is_refused_at_the_other(providers, account, client):
    path = providers.answer(providers.ask(client), EMAIL, "workspace")

    answer = client.get(path.replace("/google/", "/microsoft/"))

    assert STRAY in words_of(answer)
    assert not is_signed_in(client)


def test_a_code_works_once_and_only_for_who_asked(providers, account, client):
    """With a state of one's own, and somebody else's code: the verifier does not fit, and a used code is worthless."""
    other = Client(headers={"host": host_of("platform")})
    theirs = providers.answer(providers.ask(client), EMAIL, "workspace")
    state = asked_at(providers.ask(other))["state"]
    code = dict(part.split("=") for part in theirs.partition("?")[2].split("&"))["code"]

    stolen = other.get(f"/sign-in/google/callback/?code={code}&state={state}")
    late = client.get(theirs)

    assert SILENT in words_of(stolen)
    assert SILENT in words_of(late)
    assert not is_signed_in(other)


@pytest.mark.parametrize(
    ("provider", "changes"),
    [
        ("google", {"nonce": "another"}),
        ("google", {"nonce": None}),
        ("google", {"aud": "another-id"}),
        ("google", {"aud": ["google-id", "another-id"]}),
        ("google", {"iss": "https://accounts.elsewhere.example"}),
        ("google", {"exp": 1_700_000_000}),
        ("google", {"sub": None}),
        ("microsoft", {"tid": "00000000-0000-0000-0000-000000000001"}),
        ("microsoft", {"tid": "organizations/x"}),
        ("microsoft", {"oid": None}),
    ],
)
def test_a_token_that_is_not_for_this_sign_in_is_refused(providers, account, client, caplog, provider, changes):
    issuer = {"iss": f"{providers.server.url}/microsoft/6f1c3a3e-52ab-4a5c-a7a4-5f7a4b0d8d4e/v2.0"}
    providers.server.changes = {**(issuer if "tid" in changes else {}), **changes}

    answer = providers.sign_in(client, EMAIL, provider=provider)

    assert (answer.status_code, SILENT in words_of(answer)) == (400, True)
    assert not is_signed_in(client)
    assert SocialAccount.objects.count() == 0
    assert EMAIL not in caplog.text
    assert "did not say who somebody is" in caplog.text


def test_a_token_by_another_key_is_refused(providers, account, client):
    providers.server.signer = dataclasses.replace(Signer(), kid=providers.server.shown.kid)

    answer = providers.sign_in(client, EMAIL)

    assert SILENT in words_of(answer)
    assert not is_signed_in(client)


def test_a_token_of_another_directory_is_refused_where_one_is_named(providers, account, client, settings):
    tenant = "6f1c3a3e-52ab-4a5c-a7a4-5f7a4b0d8d4e"
    given = settings.SIGN_IN_PROVIDERS["microsoft"]
    settings.SIGN_IN_PROVIDERS = {
        "microsoft": given | {"server_url": f"{providers.server.url}/microsoft/{tenant}/v2.0"}
    }
    providers.server.changes = {"iss": f"{providers.server.url}/microsoft/{'0' * 8}-0000-0000-0000-{'0' * 12}/v2.0"}

    answer = providers.sign_in(client, EMAIL, provider="microsoft")

    assert SILENT in words_of(answer)


def test_a_provider_that_is_down_is_said_plainly(providers, account, client):
    path = providers.answer(providers.ask(client, next="/account/"), EMAIL, "workspace")
    providers.server.is_down = True
    came_back = client.get(path)
    forget_published()
    begun = client.post("/sign-in/google/", {"next": "/account/"})

    assert [each.status_code for each in (begun, came_back)] == [400, 400]
    assert SILENT in words_of(begun)
    assert SILENT in words_of(came_back)
    assert [each.context["back"] for each in (begun, came_back)] == ["/sign-in/?next=%2Faccount%2F"] * 2


def test_what_a_provider_publishes_is_read_once_and_its_keys_again_for_a_new_one(providers, account, client):
    asked = providers.server.asked
    for _ in range(2):
        providers.sign_in(Client(headers={"host": host_of("platform")}), EMAIL)
    known = [asked.pop(what) for what in ("configuration", "keys", "token")]
    providers.server.signer = providers.server.shown = Signer()

    answer = providers.sign_in(client, EMAIL)

    assert known == [1, 1, 2]
    assert dict(asked) == {"authorize": 3, "keys": 1, "token": 1}
    assert answer["Location"] == "/switch/"


def test_what_lacks_something_is_not_remembered(providers, account, client, monkeypatch):
    monkeypatch.setattr(providers.server, "configuration", lambda *_: {"issuer": "x"})
    early = client.post("/sign-in/google/")
    monkeypatch.undo()

    assert (early.status_code, providers.sign_in(client, EMAIL)["Location"]) == (400, "/switch/")


@pytest.mark.parametrize("only", [False, True])
def test_who_did_not_agree_is_told_so_and_goes_back_to_where_they_came_from(providers, alder, client, only):
    network = Client(headers={"host": host_of(alder)})
    asked = {"from": host_of("platform"), "with": "google", "next": "/members/"} | ({"only": "address"} if only else {})
    page = follow(client, follow(client, network.get("/switch/start/", asked)))
    url = providers.ask(client, next=page.context["next"])
    back = requests.post(url, data={"action": "cancel"}, allow_redirects=False, timeout=10)

    answer = follow(client, {"Location": back.headers["Location"]})

    assert (answer.status_code, "did not agree" in words_of(answer)) == (400, True)
    assert "Back to Alder SBM Network" in words_of(answer)
    led = answer.context["back"]
    led = follow(client, {"Location": led})["Location"] if only else led
    assert led == url_of(host_of(alder), "/members/" if only else "/sign-in/?next=%2Fmembers%2F")


@pytest.mark.parametrize("place", ["alder", "collective"])
def test_other_hosts_have_no_callback(providers, alder, place):
    client = Client(headers={"host": host_of({"alder": alder}.get(place, place))})

    for path in ("/sign-in/google/", "/sign-in/google/callback/", "/sign-in/unknown/", LINKS):
        assert client.get(path).status_code == 404


def test_without_ids_nothing_is_offered(client, account, alder, settings):
    settings.SIGN_IN_PROVIDERS = {}

    network = Client(headers={"host": host_of(alder)})

    assert client.get("/sign-in/google/").status_code == 404
    assert "Google" not in words_of(client.get("/sign-in/"))
    assert "Google" not in words_of(network.get("/sign-in/"))
    assert "Google" not in words_of(client_of(account, "platform").get("/account/"))
    assert "with=" not in network.get("/switch/start/", {"from": host_of("platform"), "with": "google"})["Location"]


# On one's own account ------------------------------------------------------------------------------------------------


def prove(client: Client, path: str) -> None:
    """Show by the password who one is."""
    asked = client.get(path)
    assert urlsplit(asked["Location"]).path == "/account/confirm/password/"
    client.post(asked["Location"], {"password": "three words apart", "next": path})


def test_a_link_is_made_and_removed_with_proof(providers, account, client_for):
    client = client_of(account, "platform")
    elsewhere = client_of(account, "collective")
    prove(client, f"{LINKS}google/")

    linked = client.get(providers.answer(providers.ask(client, f"{LINKS}google/"), "private@gmail.com", "private"))
    shown = client.get(LINKS)
    row = SocialAccount.objects.get(user=account)
    asked = client.get(f"{LINKS}{row.pk}/remove/")
    still_there = is_signed_in(elsewhere)
    removed = client.post(f"{LINKS}{row.pk}/remove/")

    assert linked["Location"] == LINKS
    assert "private@gmail.com" in words_of(shown)
    assert "Remove this Google account?" in words_of(asked)
    assert removed["Location"] == LINKS
    assert SocialAccount.objects.count() == 0
    assert (still_there, is_signed_in(elsewhere), is_signed_in(client)) == (True, False, True)
    kinds = ["accounts.provider_linked", "accounts.provider_unlinked"]
    assert list(PlatformMessage.objects.order_by("created_at").values_list("kind", flat=True)) == kinds
    names = PlatformEvent.objects.filter(name__startswith="accounts.provider.").order_by("id")
    assert [each.name for each in names] == ["accounts.provider.linked", "accounts.provider.unlinked"]


@pytest.mark.parametrize("path", ["google/", "new/", "{}/remove/"])
def test_nothing_is_linked_or_removed_without_proof(providers, account, path):
    link(account)
    client = client_of(account, "platform")
    if path == "new/":
        providers.server.changes = {"email_verified": False}
        providers.sign_in(client, "other@school.example")
    path = LINKS + path.format(SocialAccount.objects.get().pk)

    assert urlsplit(client.get(path)["Location"]).path == "/account/confirm/password/"
    assert urlsplit(client.post(path)["Location"]).path == "/account/confirm/password/"
    assert SocialAccount.objects.count() == 1


def test_a_link_of_another_account_stays_theirs(providers, account, alder):
    other = make_account(alder, email="tom@school.example")
    providers.sign_in(Client(headers={"host": host_of("platform")}), EMAIL)
    client = client_of(other, "platform")
    prove(client, f"{LINKS}google/")

    answer = client.get(providers.answer(providers.ask(client, f"{LINKS}google/"), EMAIL, "workspace"))

    assert "signs somebody else in here" in words_of(follow(client, answer))
    assert SocialAccount.objects.get().user_id == account.pk
    assert client.get(f"{LINKS}{SocialAccount.objects.get().pk}/remove/").status_code == 404


def test_an_answer_links_only_who_asked_and_showed_lately_who_they_are(providers, account, alder):
    other = make_account(alder, email="tom@school.example")
    client = client_of(account, "platform")
    prove(client, f"{LINKS}google/")
    first, second = (providers.answer(providers.ask(client, f"{LINKS}google/"), EMAIL, "workspace") for _ in range(2))
    session = client.session
    session["account_authentication_methods"][-1]["at"] -= 16 * 60
    session.save()

    late = client.get(first)
    said = words_of(client.get(LINKS))
    states = client.session["socialaccount_states"]
    sign_in(client, other, "platform")
    session = client.session
    session["socialaccount_states"] = states
    session.save()
    of_another = client.get(second)

    assert (late["Location"], "That took too long." in said) == (LINKS, True)
    assert (of_another.status_code, SocialAccount.objects.count()) == (400, 0)


def test_no_token_and_no_app_is_ever_kept(providers, account, client):
    providers.sign_in(client, EMAIL)

    assert (SocialApp.objects.count(), SocialToken.objects.count()) == (0, 0)
    assert "token" not in str(dict(client.session.items()))


def test_many_tries_are_limited(providers, client, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"provider": "2/m/ip"}

    answers = [client.post("/sign-in/google/").status_code for _ in range(3)]

    assert answers == [200, 200, 429]
