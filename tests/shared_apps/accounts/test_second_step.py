"""The second step: setting it up, signing in with it, taking it along, being told to have one, losing it."""

import json
import re
import time
from datetime import timedelta
from importlib import import_module
from io import StringIO
from urllib.parse import urlsplit

import pytest
from allauth.core import context
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client, RequestFactory
from django.utils import timezone

from shared_apps.accounts.adapters import SecondStepAdapter
from shared_apps.accounts.messages import SECOND_CODE_WRONG
from shared_apps.accounts.models import HandOff, NetworkAccess, Session, User
from shared_apps.api.models import ApiToken
from shared_apps.audit.models import Event, PlatformEvent
from shared_apps.mail.models import Message, PlatformMessage
from tenant_apps.members import services
from tenant_apps.members.models import Invitation, Member
from tenants.context import in_network
from tenants.enums import NetworkState
from tests.builders.accounts import PASSWORD, client_of, host_of, make_account, token_client
from tests.builders.authenticators import SECRET, App, give_app
from tests.builders.members import make_member

EMAIL = "priya@school.example"
STEP, CONFIRM, SECURITY = "/sign-in/second-step/", "/account/confirm/", "/account/security/"


@pytest.fixture(autouse=True)
def app(monkeypatch, alder) -> App:
    """An authenticator app and the clock it shares with the server."""
    cache.clear()
    app = App(1_800_000_000.0)
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.time", app)
    return app


@pytest.fixture
def account(alder, birch) -> User:
    return make_account(alder, birch)


def client_at(place) -> Client:
    return Client(headers={"host": host_of(place)})


def with_password(client: Client, email: str = EMAIL):
    return client.post("/sign-in/", {"email": email, "password": PASSWORD})


def with_app(place, app: App) -> Client:
    client = client_at(place)
    with_password(client)
    assert client.post(STEP, {"code": app.code()}).status_code == 302
    app.wait()
    return client


def is_signed_in(client: Client) -> bool:
    return client.get(SECURITY).status_code == 200


def follow(client: Client, response):
    parts = urlsplit(response["Location"])
    return client.get(f"{parts.path}?{parts.query}")


def move(client: Client, here, there) -> Client:
    """Take a signed-in person to another host, as its `/switch/start/` does."""
    other = client_at(there)
    leave = follow(client, other.get("/switch/start/", {"from": host_of(here), "next": "/account/"}))
    follow(other, leave)
    return other


# Setting it up -------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)  # the library sends its emails on commit
def test_an_app_is_set_up_after_showing_the_password_again(alder, account, app):
    client = client_of(account, alder)

    asked = client.get(f"{SECURITY}app/")
    back = client.post(asked["Location"], {"password": PASSWORD, "next": f"{SECURITY}app/"})
    secret = client.get(f"{SECURITY}app/").context["form"].secret
    wrong = client.post(f"{SECURITY}app/", {"code": "000000"})
    right = client.post(f"{SECURITY}app/", {"code": app.code(secret)})
    shown, again = (client.get(right["Location"]).content.decode() for _ in range(2))

    assert asked["Location"].startswith("/account/confirm/password/")
    assert back["Location"] == f"{SECURITY}app/"
    assert (wrong.status_code, right["Location"]) == (422, f"{SECURITY}codes/")
    assert wrong.context["form"].errors == {"code": [SECOND_CODE_WRONG]}  # nobody sent an email
    assert len(set(re.findall(r"<li>(\d{8})</li>", shown))) == 10
    assert re.findall(r"\d{8}", again) == []
    assert client.get("/account/").status_code == 200  # what was just typed counts as the second step
    kept = json.dumps([each.data for each in Authenticator.objects.all()])
    assert secret not in kept
    with in_network(alder):
        told = Message.objects.get(kind="accounts.totp_activated")
        assert (told.to_address, told.subject) == (EMAIL, "An authenticator app was set up")
        events = Event.objects.filter(name="accounts.second_step.added").order_by("id")
        assert [each.details["kind"] for each in events] == ["totp", "recovery_codes"]


def test_the_first_step_ends_other_sessions_and_says_that_tokens_go_on(alder, birch, account, app):
    token_client(account, alder)
    client, elsewhere = client_at(alder), client_of(account, birch)
    with_password(client)
    follow(elsewhere, client_at(alder).get("/switch/start/", {"from": host_of(birch)}))  # a hand-off on its way
    secret = client.get(f"{SECURITY}app/").context["form"].secret

    page = follow(client, client.post(f"{SECURITY}app/", {"code": app.code(secret)})).content.decode()

    assert "You are signed out everywhere else. API tokens go on working" in page
    assert list(Session.objects.values_list("session_key", flat=True)) == [client.session.session_key]
    assert not HandOff.objects.exists()
    assert elsewhere.get("/account/")["Location"].startswith("/sign-in/")
    assert ApiToken.objects.filter(revoked_at=None).count() == 1


def test_a_further_step_ends_no_session(alder, birch, account, app):
    give_app(account)
    client, elsewhere = with_app(alder, app), with_app(birch, app)
    client.post(f"{SECURITY}app/remove/")
    Authenticator.objects.create(user=account, type=Authenticator.Type.WEBAUTHN, data={})
    secret = client.get(f"{SECURITY}app/").context["form"].secret

    client.post(f"{SECURITY}app/", {"code": app.code(secret)})

    assert Authenticator.objects.filter(type="totp").count() == 1
    assert is_signed_in(elsewhere)


def test_who_signed_in_minutes_ago_is_not_asked_again(alder, account):
    client = client_at(alder)
    with_password(client)

    assert client.get(f"{SECURITY}app/").status_code == 200


@pytest.fixture
def without_password(account) -> User:
    """An account as an invitation makes it: it signs in by emailed codes alone."""
    account.set_unusable_password()
    account.save()
    return account


def emailed_code(network) -> str:
    with in_network(network):
        return Message.objects.filter(kind="accounts.confirm_code").latest("created_at").subject.split()[0]


def test_who_has_no_password_shows_it_by_an_emailed_code(alder, without_password, app):
    client = client_of(without_password, alder)

    asked = client.get(f"{SECURITY}app/")
    offered = client.get(asked["Location"])
    with in_network(alder):
        assert not Message.objects.filter(kind="accounts.confirm_code").exists()
    sent = client.post(asked["Location"])
    wrong = client.post(asked["Location"], {"code": "BCDF-GHJK", "next": f"{SECURITY}app/"})
    right = client.post(asked["Location"], {"code": emailed_code(alder), "next": f"{SECURITY}app/"})

    assert asked["Location"] == "/account/confirm/email/?next=%2Faccount%2Fsecurity%2Fapp%2F"
    assert (offered.status_code, offered.context["is_sent"]) == (200, False)
    assert (sent["Location"], wrong.status_code) == (asked["Location"], 422)
    assert right["Location"] == f"{SECURITY}app/"
    assert client.get(f"{SECURITY}app/").status_code == 200
    with in_network(alder):
        assert Message.objects.get(kind="accounts.confirm_code").to_address == EMAIL


def test_a_code_to_go_on_works_once_for_a_quarter_of_an_hour_and_three_tries(alder, without_password, monkeypatch):
    client, path = client_of(without_password, alder), "/account/confirm/email/"
    client.post(path)
    first = emailed_code(alder)

    assert [client.post(path, {"code": "BCDF-GHJK"}).status_code for _ in range(3)] == [422, 422, 302]
    assert client.post(path, {"code": first})["Location"] == path  # where a new one is asked for
    client.post(path)
    second = emailed_code(alder)
    now = time.time()
    monkeypatch.setattr("allauth.account.internal.flows.code_verification.time.time", lambda: now + 16 * 60)
    assert client.post(path, {"code": second})["Location"] == path
    monkeypatch.undo()
    client.post(path)
    third = emailed_code(alder)
    assert client.post(path, {"code": third, "next": SECURITY})["Location"] == SECURITY
    assert client.post(path, {"code": third, "next": SECURITY})["Location"] == path


def test_an_operator_without_a_password_shows_who_they_are_too(alder, settings):
    settings.SECOND_STEP_REQUIRED = True
    operator = make_account(email=EMAIL, operator=True)
    operator.set_unusable_password()
    operator.save()

    asked = client_of(operator, "platform").post(f"/operator/networks/{alder.id}/suspend/")

    assert asked["Location"].startswith("/account/confirm/email/")
    alder.refresh_from_db()
    assert alder.state == NetworkState.LIVE


def test_who_came_from_another_host_is_asked(alder, birch, account):
    client = client_at(alder)
    with_password(client)

    assert move(client, alder, birch).get(f"{SECURITY}app/").status_code == 302


def test_the_app_is_removed_with_its_codes(alder, account, app):
    give_app(account)
    client = with_app(alder, app)

    assert client.get(f"{SECURITY}app/remove/").status_code == 200
    client.post(f"{SECURITY}app/remove/")

    assert Authenticator.objects.count() == 0
    assert with_password(client_at(alder))["Location"] == "/"


def test_new_codes_end_the_old_ones(alder, account, app):
    old = give_app(account)
    client = with_app(alder, app)
    client.post(f"{SECURITY}codes/new/")
    new = re.findall(r"<li>(\d{8})</li>", client.get(f"{SECURITY}codes/").content.decode())

    other = client_at(alder)
    with_password(other)

    assert other.post(STEP, {"code": old[0]}).status_code == 422
    assert other.post(STEP, {"code": new[0]}).status_code == 302


# Signing in ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["alder", "collective", "platform"])
def test_a_password_alone_is_not_enough(request, place, account, app):
    give_app(account)
    where = request.getfixturevalue("alder") if place == "alder" else place
    client = client_at(where)

    asked = with_password(client)
    before, wrong = is_signed_in(client), client.post(STEP, {"code": "000000"})
    right = client.post(STEP, {"code": app.code()})

    assert (asked["Location"], before, wrong.status_code, right.status_code) == (STEP, False, 422, 302)
    assert is_signed_in(client)


def test_a_code_works_once(alder, account, app):
    codes = give_app(account)
    first, second, third = (client_at(alder) for _ in range(3))
    for client in (first, second, third):
        with_password(client)

    used = [first.post(STEP, {"code": app.code()}), second.post(STEP, {"code": app.code()})]
    recovered = [second.post(STEP, {"code": codes[0]}), third.post(STEP, {"code": codes[0]})]

    assert [answer.status_code for answer in (*used, *recovered)] == [302, 422, 302, 422]


def test_guessing_ends_after_ten_tries(alder, account, app):
    give_app(account)
    client = client_at(alder)
    with_password(client)
    for _ in range(10):
        assert client.post(STEP, {"code": "000000"}).status_code == 422

    answer = client.post(STEP, {"code": app.code()})

    assert answer.status_code == 422
    assert "too many tries" in answer.content.decode()


EMPTY = {"clientDataJSON": "e30", "authenticatorData": "AA", "signature": "AA", "userHandle": "AAAA"}
NO_PASSKEYS = [
    *([], {}, None, "x", 1, {"id": 1}, {"response": {"userHandle": 7}}),
    {"id": "a", "rawId": "a", "type": "public-key", "response": EMPTY},
    {"id": "a", "rawId": "a", "type": "public-key", "response": {"clientDataJSON": "e30", "attestationObject": "AA"}},
]


@pytest.mark.parametrize("sent", ["", "{", *map(json.dumps, NO_PASSKEYS)])
def test_what_is_no_passkey_is_refused(alder, account, app, sent):
    give_app(account)
    stranger, halfway, inside = client_at(alder), client_at(alder), with_app(alder, app)
    assert stranger.post("/sign-in/passkey/challenge/").json()["publicKey"]["userVerification"] == "required"
    with_password(halfway)
    halfway.get(STEP)
    inside.get(f"{SECURITY}passkeys/add/")
    inside.get(CONFIRM)

    answers = [
        stranger.post("/sign-in/passkey/", {"credential": sent}),
        halfway.post(STEP, {"credential": sent}),
        inside.post(f"{SECURITY}passkeys/add/", {"credential": sent, "name": "x"}),
        inside.post(f"{CONFIRM}passkey/", {"credential": sent}),
    ]

    assert [answer.status_code for answer in answers] == [302, 422, 422, 302]
    assert not is_signed_in(stranger)
    assert Authenticator.objects.filter(type="webauthn").count() == 0


# Sessions ------------------------------------------------------------------------------------------------------------


def test_strength_travels_with_the_hand_off(alder, birch, account, app):
    give_app(account)
    client = with_app(alder, app)

    other = move(client, alder, birch)

    assert HandOff.objects.get().strength == "second_step"
    assert other.get("/account/").status_code == 200


def test_a_session_without_the_step_is_asked_for_it_on_every_host(alder, birch, account, app):
    client = client_of(account, alder)
    elsewhere = client_of(account, birch)
    give_app(account)

    for each in (client, elsewhere):
        asked = each.get("/account/?x=1")
        assert (asked.status_code, asked["Location"]) == (302, f"{CONFIRM}?next=%2Faccount%2F%3Fx%3D1")
        assert each.post("/account/name/", {"name": "Stolen"}).status_code == 302
        assert each.post(asked["Location"], {"code": "000000"}).status_code == 422
        done = each.post(asked["Location"], {"code": app.code(), "next": "/account/?x=1"})
        app.wait()
        assert done["Location"] == "/account/?x=1"
        assert each.get("/account/").status_code == 200
    assert User.objects.get().name == "Priya Raman"


def test_what_a_session_without_the_step_sends_is_shown_and_not_posted(alder, account):
    client, page = client_of(account, alder), "/discussions/new/"
    give_app(account)
    ours = {"sec-fetch-site": "same-origin", "referer": f"http://alder.testserver{page}"}

    answer = client.post(page, {"title": "Hall", "body": "<b>Half a thought"}, headers=ours)

    assert answer.status_code == 403
    assert "&lt;b&gt;Half a thought</textarea>" in answer.content.decode()
    assert f'href="{CONFIRM}?next=' in answer.content.decode()
    elsewhere = client.post(page, {"body": "Theirs"}, headers={"sec-fetch-site": "cross-site"})
    assert (elsewhere.status_code, elsewhere["Location"]) == (302, f"{CONFIRM}?next=%2F")


def test_a_session_without_the_step_changes_nothing_of_it_after_a_password(alder, account, app):
    """Typed before the step was set up elsewhere, the password is no proof any more."""
    client = client_of(account, alder)
    client.post("/account/confirm/password/", {"password": PASSWORD})
    give_app(account)

    for path in (SECURITY, f"{SECURITY}app/remove/", f"{SECURITY}codes/"):
        assert client.get(path)["Location"].startswith(CONFIRM)
    assert client.post(f"{SECURITY}app/remove/")["Location"].startswith(CONFIRM)
    assert Authenticator.objects.count() == 2


# Who must have one ---------------------------------------------------------------------------------------------------


@pytest.fixture
def owner(alder, settings):
    settings.SECOND_STEP_REQUIRED = True
    member = make_member(alder, name="Olu Owner", role="owner", email=EMAIL, password=PASSWORD)
    return User.objects.get(pk=member.account_id)


def test_an_owner_is_told_once_a_session_and_has_two_weeks(alder, owner):
    client = client_of(owner, alder)

    first, second = (client.get("/account/").content.decode() for _ in range(2))

    due_at = User.objects.get().second_step_due_at
    assert abs(due_at - timezone.now() - timedelta(days=14)) < timedelta(minutes=1)
    assert "set up a second step to sign in" in first
    assert "set up a second step to sign in" not in second
    client_of(owner, alder).get("/account/")
    assert User.objects.get().second_step_due_at == due_at


def test_an_owner_without_one_goes_no_further_after_that(alder, owner, app):
    User.objects.update(second_step_due_at=timezone.now())
    client = client_at(alder)
    with_password(client)

    assert client.get("/")["Location"] == SECURITY
    assert client.post("/account/name/", {"name": "x"})["Location"] == SECURITY
    assert client.get(SECURITY).status_code == 200
    secret = client.get(f"{SECURITY}app/").context["form"].secret
    client.post(f"{SECURITY}app/", {"code": app.code(secret)})
    assert client.get("/account/").status_code == 200
    assert client.post("/sign-out/").status_code == 302


def test_a_member_is_not_told_and_an_operator_is(alder, settings):
    settings.SECOND_STEP_REQUIRED = True
    member = User.objects.get(pk=make_member(alder, email="member@school.example").account_id)
    operator = make_account(email="olive@operator.example", operator=True)
    User.objects.update(second_step_due_at=timezone.now())

    assert client_of(member, alder).get("/account/").status_code == 200
    assert client_of(operator, "platform").get("/operator/")["Location"] == SECURITY


@pytest.mark.parametrize("place", ["birch", "collective", "platform"])
def test_an_owner_is_asked_on_every_host(alder, birch, owner, place):
    """Where they hold no role too: from there they could make a program's token for their network."""
    where = birch if place == "birch" else place
    make_member(birch, email=EMAIL)
    User.objects.update(second_step_due_at=timezone.now())
    client = client_of(owner, where)

    made = client.post("/account/tokens/", {"name": "x", "place": str(alder.id)})

    assert made["Location"] == client.get("/account/")["Location"] == SECURITY
    assert ApiToken.objects.count() == 0


def test_who_owns_nothing_any_more_is_not_asked(alder, owner):
    User.objects.update(second_step_due_at=timezone.now())
    with in_network(alder):
        by = make_member(alder, name="Helen Marsh", role="owner")
        services.change_role(Member.objects.get(email=EMAIL), role="member", by=by)

    assert client_of(owner, "platform").get("/account/").status_code == 200


def test_owners_of_before_are_known_after_the_upgrade(alder, birch, owner):
    make_member(alder, email="member@school.example")
    make_member(birch, email=EMAIL)
    NetworkAccess.objects.update(needs_second_step=False)

    with connection.cursor() as cursor:
        cursor.execute(import_module("shared_apps.accounts.migrations.0007_owners").OWNERS)

    asked = NetworkAccess.objects.filter(needs_second_step=True)
    assert [(each.account_id, each.network) for each in asked] == [(owner.id, alder)]


def test_what_others_notice_is_done_after_showing_again_who_it_is(alder, app):
    operator = make_account(email=EMAIL, operator=True)
    give_app(operator)
    client = with_app("platform", app)
    path = f"/operator/networks/{alder.id}/suspend/"
    assert client.get(path).status_code == 200
    age_the_session()

    asked = client.post(path)
    client.post(asked["Location"], {"code": app.code(), "next": path})

    assert asked["Location"].startswith(CONFIRM)
    alder.refresh_from_db()
    assert alder.state == NetworkState.SUSPENDED


@pytest.mark.parametrize("path", ["/operator/networks/new/", "/operator/jobs/again/"])
def test_an_operator_shows_it_again_for(alder, app, path):
    give_app(make_account(email=EMAIL, operator=True))
    client = with_app("platform", app)
    age_the_session()

    assert client.post(path).headers.get("Location", "").startswith(CONFIRM)


@pytest.fixture
def strong_owner(alder, app) -> Client:
    """An owner who signed in with a second step an hour ago."""
    owner = make_member(alder, name="Olu Owner", role="owner", email=EMAIL, password=PASSWORD)
    give_app(User.objects.get(pk=owner.account_id))
    client = with_app(alder, app)
    age_the_session()
    return client


@pytest.mark.parametrize(
    "path",
    [
        "/manage/export/",
        "/manage/members/{}/role/confirm/?role=owner",
        "/manage/members/{}/second-step/",
    ],
)
def test_an_owner_shows_it_again_for(alder, strong_owner, path):
    member = make_member(alder, email="member@school.example")

    assert strong_owner.post(path.format(member.id)).headers.get("Location", "").startswith(CONFIRM)


def test_an_owner_invites_members_at_once_and_owners_after_showing_it_again(alder, strong_owner, app):
    path = "/manage/members/invite/"

    def invite(role: str) -> str:
        return strong_owner.post(path, {"emails": f"new-{role}@school.example", "role": role})["Location"]

    def invited() -> set[str]:
        with in_network(alder):
            return set(Invitation.objects.filter(invited_by__isnull=False).values_list("role", flat=True))

    assert (invite("member"), invited()) == ("/manage/members/", {"member"})
    asked = invite("owner")
    assert (asked.startswith(CONFIRM), invited()) == (True, {"member"})
    strong_owner.post(asked, {"code": app.code(), "next": path})
    assert invited() == {"member", "owner"}


def age_the_session() -> None:
    """Let the sign-in be an hour ago."""
    row = Session.objects.get()
    data = row.get_decoded()
    for record in data["account_authentication_methods"]:
        record["at"] -= 3600
    row.session_data = Session.get_session_store_class()().encode(data)
    row.save()


# Losing it -----------------------------------------------------------------------------------------------------------


def test_the_operators_command_removes_it_and_tells_the_person(alder, account, app):
    give_app(account)
    client, out = with_app(alder, app), StringIO()

    call_command("reset_second_step", EMAIL, "--dry-run", stdout=out)
    assert is_signed_in(client)
    call_command("reset_second_step", EMAIL, stdout=out)

    assert out.getvalue().splitlines()[-1] == f"The second step of {EMAIL} is removed, and they are told by email."
    assert not is_signed_in(client)
    assert with_password(client_at(alder))["Location"] == "/"
    assert [(each.to_address, each.subject) for each in PlatformMessage.objects.all()] == [
        (EMAIL, "Your second step was removed")
    ]
    assert PlatformEvent.objects.filter(name="accounts.second_step.reset", target_id=account.pk).count() == 1
    with pytest.raises(CommandError, match="has no second step"):
        call_command("reset_second_step", EMAIL)
    with pytest.raises(CommandError, match="No account has the address"):
        call_command("reset_second_step", "nobody@school.example")


def test_an_owner_removes_it_for_a_member_of_this_network_alone(alder, birch, app):
    owner = User.objects.get(pk=make_member(alder, name="Olu Owner", role="owner").account_id)
    here = make_member(alder, name="Priya Raman", email=EMAIL)
    in_both = make_member(alder, name="Bea Both", email="bea@school.example")
    make_member(birch, name="Bea Both", email="bea@school.example")
    for member in (here, in_both):
        give_app(User.objects.get(pk=member.account_id))
    client = client_of(owner, alder)
    path = "/manage/members/{}/second-step/"

    asked = client.get(path.format(here.id))
    answers = [client.post(path.format(member.id)) for member in (here, in_both)]

    assert asked.status_code == 200
    assert [answer.status_code for answer in answers] == [302, 403]
    assert "Ask the people who run the platform" in answers[1].content.decode()
    left = Authenticator.objects.values_list("user_id", flat=True).distinct()
    assert list(left) == [in_both.account_id]
    with in_network(alder):
        assert [each.to_address for each in Message.objects.filter(kind="accounts.second_step_reset")] == [EMAIL]


def test_who_is_no_owner_removes_nobodys(alder, app):
    organiser = User.objects.get(pk=make_member(alder, name="Ola Nowak", role="organiser").account_id)
    member, owner = make_member(alder, email=EMAIL), make_member(alder, role="owner", email="o@school.example")
    for each in (member, owner):
        give_app(User.objects.get(pk=each.account_id))

    answers = [client_of(organiser, alder).post(f"/manage/members/{each.id}/second-step/") for each in (member, owner)]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert Authenticator.objects.filter(type="totp").count() == 2


# Where a passkey is good ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("domain", "host", "good_on"),
    [
        ("sbm.example", "alder.sbm.example", "sbm.example"),
        ("sbm.example", "sbm.example", "sbm.example"),
        ("sbm.example", "network.school.example", "network.school.example"),
        ("sbm.example", "evilsbm.example", "evilsbm.example"),
        ("localhost", "alder.localhost:8000", "alder.localhost"),
    ],
)
def test_a_passkey_is_good_on_every_site_of_ours(settings, domain, host, good_on):
    settings.PUBLIC_DOMAIN, settings.ALLOWED_HOSTS = domain, ["*"]

    with context.request_context(RequestFactory().get("/", headers={"host": host})):
        assert SecondStepAdapter().get_public_key_credential_rp_entity()["id"] == good_on


def test_secrets_outlive_a_change_of_the_key(settings):
    adapter = SecondStepAdapter()
    kept = adapter.encrypt(SECRET)

    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another key, long enough for everybody"

    assert SECRET not in kept
    assert adapter.decrypt(kept) == SECRET


def test_renewed_keys_need_the_old_key_no_more(alder, settings):
    account, adapter = make_account(alder), SecondStepAdapter()
    kept = {"secret": adapter.encrypt(SECRET)}, {"seed": adapter.encrypt("seed"), "used_mask": 3}
    for kind, data in zip(("totp", "recovery_codes"), kept, strict=True):
        Authenticator.objects.create(user=account, type=kind, data=data)
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another key, long enough for everybody"

    with pytest.raises(CommandError, match="2 cannot be read"):
        call_command("renew_second_step_keys")
    settings.SECRET_KEY_FALLBACKS = [old]
    call_command("renew_second_step_keys", stdout=StringIO())
    settings.SECRET_KEY_FALLBACKS = []

    app, codes = Authenticator.objects.order_by("-type")
    assert adapter.decrypt(app.data["secret"]) == SECRET
    assert (adapter.decrypt(codes.data["seed"]), codes.data["used_mask"]) == ("seed", 3)
