"""What a provider posts is taken in as mail is, if it knows the secret."""

import base64
import hashlib
import hmac

import pytest
from django.test import Client
from django.urls import include, path

from shared_apps.mail.models import InboundMessage
from shared_apps.mail.webhooks import webhook_urls
from tenants.context import in_network
from tests.builders.emails import raw_email

SECRET = "provider:a-long-secret-of-theirs"
urlpatterns = [path("mail/in/", include([*webhook_urls("postmark"), *webhook_urls("mailgun")]))]
AUTH = {"Authorization": "Basic " + base64.b64encode(SECRET.encode()).decode()}
pytestmark = pytest.mark.django_db


@pytest.fixture
def provider(settings):
    """A program that reaches the platform's host."""
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET, "MAILGUN_WEBHOOK_SIGNING_KEY": "key"}
    settings.TENANT_TYPES = {
        **settings.TENANT_TYPES,
        "public": {**settings.TENANT_TYPES["public"], "URLCONF": __name__},
    }
    return Client(headers={"host": "localhost"}, raise_request_exception=False)


def postmark(**changes) -> dict:
    return {
        "FromFull": {"Email": "dawn@school.example", "Name": "Dawn", "MailboxHash": ""},
        "ToFull": [{"Email": "ict@alder.localhost", "Name": "", "MailboxHash": ""}],
        "OriginalRecipient": "ict@alder.localhost",
        "Subject": "Printers",
        "TextBody": "They are down again.",
        "Headers": [
            {"Name": "Return-Path", "Value": "<dawn@school.example>"},
            {"Name": "Message-ID", "Value": "<one@school.example>"},
        ],
        **changes,
    }


def rows(network):
    with in_network(network):
        return list(InboundMessage.objects.values_list("message_id", "from_address", "to_address", "mail_from"))


def test_postmark_is_stored_once_however_often_it_posts(alder, birch, provider):
    for _time in range(2):
        answer = provider.post("/mail/in/postmark/", postmark(), content_type="application/json", headers=AUTH)
        assert answer.status_code == 200

    assert rows(alder) == [("one@school.example", "dawn@school.example", "ict@alder.localhost", "dawn@school.example")]
    assert rows(birch) == []


def test_postmark_with_a_file_larger_than_a_form_is_stored(alder, provider):
    file = {
        "Name": "big.pdf",
        "Content": base64.b64encode(b"x" * 4_000_000).decode(),
        "ContentType": "application/pdf",
        "ContentID": "",
    }

    answer = provider.post(
        "/mail/in/postmark/", postmark(Attachments=[file]), content_type="application/json", headers=AUTH
    )

    assert (answer.status_code, len(rows(alder))) == (200, 1)


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Basic " + base64.b64encode(b"provider:wrong").decode()}])
def test_who_does_not_know_the_secret_is_refused(alder, provider, headers):
    answer = provider.post("/mail/in/postmark/", postmark(), content_type="application/json", headers=headers)

    assert (answer.status_code, rows(alder)) == (400, [])


def test_mail_for_nobody_is_answered_so_that_it_is_not_posted_again(alder, provider):
    answer = provider.post(
        "/mail/in/postmark/",
        postmark(OriginalRecipient="nobody@alder.localhost"),
        content_type="application/json",
        headers=AUTH,
    )

    assert (answer.status_code, rows(alder)) == (200, [])


@pytest.mark.parametrize(("signature", "stored"), [("", 1), ("0" * 64, 0)])
def test_mailgun_is_believed_by_its_signature(alder, provider, signature, stored):
    token, timestamp = "t" * 50, "1793620800"
    signed = hmac.new(b"key", (timestamp + token).encode(), hashlib.sha256).hexdigest()
    raw = raw_email(sender="dawn@school.example", to="ict@alder.localhost", message_id="<one@school.example>")

    answer = provider.post(
        "/mail/in/mailgun/",
        {
            "timestamp": timestamp,
            "token": token,
            "signature": signature or signed,
            "recipient": "ict@alder.localhost",
            "sender": "dawn@school.example",
            "body-mime": raw.decode(),
        },
        headers=AUTH,
    )

    assert (answer.status_code == 200, len(rows(alder))) == (bool(stored), stored)


def test_no_provider_has_no_address():
    assert webhook_urls("") == []
