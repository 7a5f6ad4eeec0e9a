"""What the stand-in for Google and Microsoft gives, to whom, and what it refuses."""

import base64
import hashlib

import jwt
import pytest
import requests

from tests.fakeoidc import Providers

VERIFIER = "verifier" * 8
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
BACK = "http://localhost:8000/sign-in/google/callback/"
ASKED = {
    "client_id": "google-id",
    "redirect_uri": BACK,
    "response_type": "code",
    "scope": "openid profile email",
    "state": "a state",
    "nonce": "a nonce",
    "prompt": "select_account",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}


def authorize(providers: Providers, **changed: str) -> requests.Response:
    asked = {name: value for name, value in {**ASKED, **changed}.items() if value}
    form = {"email": "priya@school.example", "kind": "workspace"}
    url = f"{providers.server.url}/google/authorize"
    return requests.post(url, params=asked, data=form, allow_redirects=False, timeout=10)


def exchange(providers: Providers, code: str, *, at: str = "google", **changed: str) -> requests.Response:
    given = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": BACK,
        "client_id": "google-id",
        "client_secret": "google-secret",
        "code_verifier": VERIFIER,
    }
    return requests.post(f"{providers.server.url}/{at}/token", data={**given, **changed}, timeout=10)


def test_a_code_becomes_a_token_that_its_key_signed(providers):
    sent_back = authorize(providers).headers["Location"]
    code = sent_back.rpartition("code=")[2]
    given = exchange(providers, code).json()
    (key,) = requests.get(f"{providers.server.url}/google/keys", timeout=10).json()["keys"]

    claims = jwt.decode(given["id_token"], jwt.PyJWK(key, "RS256"), ["RS256"], audience="google-id")

    assert sent_back.startswith(f"{BACK}?state=a+state&code=")
    assert (claims["nonce"], claims["email"], claims["hd"]) == ("a nonce", "priya@school.example", "school.example")
    assert exchange(providers, code).json() == {"error": "invalid_grant"}


@pytest.mark.parametrize(
    "changed",
    [
        {"redirect_uri": "http://elsewhere.example/"},
        {"client_id": "another"},
        {"code_challenge_method": "plain"},
        {"nonce": ""},
        {"scope": "openid email"},
        {"login_hint": "priya@school.example"},
    ],
)
def test_a_question_that_is_not_as_it_should_be_is_refused(providers, changed):
    assert authorize(providers, **changed).status_code == 400


@pytest.mark.parametrize(
    "changed",
    [
        {"client_secret": "another"},
        {"code_verifier": "another"},
        {"redirect_uri": "http://elsewhere.example/"},
        {"scope": "openid"},
        {"at": "microsoft/organizations", "client_id": "microsoft-id", "client_secret": "microsoft-secret"},
    ],
)
def test_a_code_is_worth_nothing_to_another(providers, changed):
    code = authorize(providers).headers["Location"].rpartition("code=")[2]

    assert exchange(providers, code, **changed).status_code == 400


def test_one_directory_names_itself_and_all_of_them_leave_it_open(providers):
    issuers = [
        requests.get(
            f"{providers.server.url}/microsoft/{tenant}/v2.0/.well-known/openid-configuration", timeout=10
        ).json()["issuer"]
        for tenant in ("organizations", "a-directory")
    ]

    at = f"{providers.server.url}/microsoft"
    assert issuers == [f"{at}/{{tenantid}}/v2.0", f"{at}/a-directory/v2.0"]
