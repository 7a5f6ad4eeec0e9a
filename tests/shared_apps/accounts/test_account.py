"""One's own account, on every host: what can be changed, and by whom."""

import re

import pytest
from django.test import Client

from shared_apps.accounts.models import Session, User
from shared_apps.api.models import ApiToken, hash_of
from shared_apps.mail.models import Message
from tenants.context import in_network
from tests.builders.accounts import PASSWORD, client_of, host_of, make_account

POSTS = ["name", "theme", "password", "sign-out-everywhere", "tokens"]


@pytest.fixture
def account(alder, birch) -> User:
    return make_account(alder, birch)


@pytest.fixture
def client(account, alder) -> Client:
    return client_of(account, alder)


@pytest.mark.parametrize("place", ["alder", "collective", "platform"])
def test_the_page_is_on_every_host(alder, account, place):
    response = client_of(account, alder if place == "alder" else place).get("/account/")

    assert response.status_code == 200
    assert account.email in response.content.decode()


@pytest.mark.parametrize("path", ["", *POSTS])
def test_it_needs_a_sign_in(alder, path):
    client = Client(headers={"host": host_of(alder)})
    address = f"/account/{path}/" if path else "/account/"

    response = client.post(address) if path else client.get(address)

    assert response["Location"] == f"/sign-in/?next={address}"


def test_a_name_is_changed(client, account):
    client.post("/account/name/", {"name": "  Priya R. Raman "})

    assert User.objects.get(pk=account.pk).name == "Priya R. Raman"
    assert "Your name is saved." in client.get("/account/").content.decode()


@pytest.mark.parametrize("name", ["", " ", "x" * 121, "a\x00b"])
def test_a_bad_name_is_shown_again(client, account, name):
    response = client.post("/account/name/", {"name": name})

    assert response.status_code == 422
    assert response.context["name_form"].errors
    assert "<title>Error: Your account" in response.content.decode()
    assert User.objects.get(pk=account.pk).name == "Priya Raman"


@pytest.mark.parametrize(
    ("theme", "drawn"), [("dark", 'data-bs-theme="dark"'), ("light", 'data-bs-theme="light"'), ("device", "")]
)
def test_light_or_dark_is_drawn_on_every_host(client, account, birch, theme, drawn):
    client.post("/account/theme/", {"theme": theme})

    for page in (client.get("/account/"), client_of(account, birch).get("/account/")):
        head = page.content.decode().partition("<head>")[0]
        assert re.findall(r'data-bs-theme="\w+"', head) == ([drawn] if drawn else [])


def test_a_password_is_changed_and_others_are_signed_out(client, account, alder, birch):
    elsewhere = client_of(account, birch)

    response = client.post("/account/password/", {"present": PASSWORD, "password": "a new one for me"})

    assert response["Location"] == "/account/"
    assert client.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 302
    assert User.objects.get(pk=account.pk).check_password("a new one for me")
    with in_network(alder):
        assert Message.objects.filter(kind="accounts.password_changed", to_address=account.email).count() == 1


@pytest.mark.parametrize(
    ("present", "password", "field"),
    [("not it", "a new one for me", "present"), ("", "a new one for me", "present"), (PASSWORD, "short", "password")],
)
def test_a_password_is_not_changed_without_the_present_one_or_for_a_bad_one(client, account, present, password, field):
    response = client.post("/account/password/", {"present": present, "password": password})

    assert list(response.context["password_form"].errors) == [field]
    assert User.objects.get(pk=account.pk).check_password(PASSWORD)


def test_an_account_without_a_password_chooses_one(account, alder):
    account.set_unusable_password()
    account.save()
    client, new = client_of(account, alder), {"password": "a new one for me"}

    asked = client.post("/account/password/", new)
    assert not User.objects.get(pk=account.pk).has_usable_password()
    client.post(asked["Location"])
    with in_network(alder):
        code = Message.objects.get(kind="accounts.confirm_code").subject.split()[0]
    back = client.post(asked["Location"], {"code": code})
    response = client.post("/account/password/", new)

    assert asked["Location"] == "/account/confirm/email/?next=%2Faccount%2F"
    assert back["Location"] == response["Location"] == "/account/"
    assert User.objects.get(pk=account.pk).check_password("a new one for me")


def test_signing_out_everywhere_asks_and_ends_this_session_too(client, account, birch):
    elsewhere = client_of(account, birch)
    assert "Sign out everywhere?" in client.get("/account/sign-out-everywhere/").content.decode()

    response = client.post("/account/sign-out-everywhere/")

    assert response["Location"] == "/sign-in/"
    assert client.get("/account/").status_code == elsewhere.get("/account/").status_code == 302
    assert not Session.objects.filter(account_id=account.pk).exists()


def test_a_token_is_shown_once(client, alder):
    response = client.post("/account/tokens/", {"name": "Finance system", "place": str(alder.id)})

    secret = re.search(r"sbm_[\w-]{43}", response.content.decode())[0]
    assert ApiToken.objects.get().token_hash == hash_of(secret)
    page = client.get("/account/").content.decode()
    assert "Finance system" in page
    assert secret not in page


@pytest.mark.parametrize("place", ["platform", "", "nonsense", "01a1fff2-446b-79e3-ab76-a0b567c573b6"])
def test_a_token_is_for_ones_own_places(client, place):
    response = client.post("/account/tokens/", {"name": "x", "place": place})

    assert list(response.context["token_form"].errors) == ["place"]
    assert not ApiToken.objects.exists()


def test_an_operator_makes_a_token_for_the_platform(alder):
    client = client_of(make_account(alder, operator=True), "platform")

    client.post("/account/tokens/", {"name": "Monitoring", "place": "platform"})

    assert ApiToken.objects.get().is_operator


def test_a_token_is_revoked_after_asking(client, alder):
    client.post("/account/tokens/", {"name": "Finance system", "place": str(alder.id)})
    token = ApiToken.objects.get()
    asked = client.get(f"/account/tokens/{token.pk}/revoke/")

    client.post(f"/account/tokens/{token.pk}/revoke/")

    assert "Revoke this token?" in asked.content.decode()
    assert ApiToken.objects.get().revoked_at is not None
    assert client.post(f"/account/tokens/{token.pk}/revoke/").status_code == 404


def test_nobody_revokes_the_token_of_another(client, alder):
    client.post("/account/tokens/", {"name": "Finance system", "place": str(alder.id)})
    token = ApiToken.objects.get()
    other = client_of(make_account(alder, email="rob@school.example"), alder)

    assert other.get(f"/account/tokens/{token.pk}/revoke/").status_code == 404
    assert other.post(f"/account/tokens/{token.pk}/revoke/").status_code == 404
    assert ApiToken.objects.get().revoked_at is None
