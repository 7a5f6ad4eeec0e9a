"""What a provider posts is taken in as mail is, and as bounces are, if it knows the secret."""

import base64
import hashlib
import hmac
import json
from http.client import HTTPConnection
from io import BytesIO

import pytest
from django.test import Client
from django.urls import include, path

from shared_apps.mail.models import Address, InboundMessage
from shared_apps.mail.webhooks import amazon_ses, tracking_urls, webhook_urls
from tenants.context import in_network
from tests.builders.emails import raw_email

TRACKING = ("amazon-ses", "mailgun", "postmark", "sendgrid")
SECRET = "provider:a-long-secret-of-theirs"
urlpatterns = [
    path("mail/in/", include([*webhook_urls("postmark"), *webhook_urls("mailgun")])),
    path("mail/events/", include([url for each in TRACKING for url in tracking_urls(each)])),
]
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
    assert (webhook_urls(""), tracking_urls("")) == ([], [])


def sns(event: dict | None = None, *, kind: str = "Notification", **more) -> tuple[dict, dict]:
    """Return what SNS posts, and its headers."""
    body = {"Type": kind, "MessageId": "m1", "TopicArn": "arn:aws:sns:eu-west-2:1:ses", **more}
    body |= {"Message": json.dumps(event)} if event else {}
    return body, {"x-amz-sns-message-type": kind, "x-amz-sns-message-id": "m1"}


def ses_bounce(kind: str) -> dict:
    bounced = [{"emailAddress": "dawn@school.example"}]
    bounce = {"bounceType": kind, "bounceSubType": "General", "bouncedRecipients": bounced}
    return {"eventType": "Bounce", "mail": {"destination": ["dawn@school.example"]}, "bounce": bounce}


SES_COMPLAINT = {
    "eventType": "Complaint",
    "mail": {"destination": ["dawn@school.example"]},
    "complaint": {"complainedRecipients": [{"emailAddress": "dawn@school.example"}]},
}
TO_DAWN = {"email": "dawn@school.example", "timestamp": 1793620800, "sg_event_id": "e", "sg_message_id": "m"}


def mailgun_event(**data) -> dict:
    token, timestamp = "t" * 50, "1793620800"
    signed = hmac.new(b"key", (timestamp + token).encode(), hashlib.sha256).hexdigest()
    event = {"recipient": "dawn@school.example", "timestamp": 1793620800.0, **data}
    return {"signature": {"token": token, "timestamp": timestamp, "signature": signed}, "event-data": event}


@pytest.mark.parametrize(
    ("where", "posted", "reason", "soft"),
    [
        ("amazon-ses", sns(ses_bounce("Permanent")), "bounce", 0),
        ("amazon-ses", sns(ses_bounce("Transient")), "", 1),
        ("amazon-ses", sns(SES_COMPLAINT), "complaint", 0),
        ("mailgun", (mailgun_event(event="failed", severity="permanent"), {}), "bounce", 0),
        ("mailgun", (mailgun_event(event="complained"), {}), "complaint", 0),
        ("postmark", ({"RecordType": "Bounce", "Type": "HardBounce", "Email": "dawn@school.example"}, {}), "bounce", 0),
        ("postmark", ({"RecordType": "Bounce", "Type": "SoftBounce", "Email": "dawn@school.example"}, {}), "", 1),
        ("sendgrid", ([{"event": "bounce", "type": "bounce", **TO_DAWN}], {}), "bounce", 0),
        ("sendgrid", ([{"event": "bounce", "type": "blocked", **TO_DAWN}], {}), "", 1),
        ("sendgrid", ([{"event": "unsubscribe", **TO_DAWN}], {}), "complaint", 0),
        ("sendgrid", ([{"event": "open", **TO_DAWN}], {}), None, None),
    ],
)
def test_events_rest_an_address_as_bounces_that_are_read_do(provider, where, posted, reason, soft):
    body, headers = posted

    answer = provider.post(f"/mail/events/{where}/", body, content_type="application/json", headers=AUTH | headers)

    assert answer.status_code == 200
    found = Address.objects.values_list("address", "reason", "soft_count")
    assert list(found) == ([] if reason is None else [("dawn@school.example", reason, soft)])


@pytest.mark.parametrize("where", TRACKING)
@pytest.mark.parametrize("known", [{}, {"Authorization": "Basic " + base64.b64encode(b"provider:wrong").decode()}])
def test_events_of_who_does_not_know_the_secret_are_refused(provider, where, known):
    bodies = {"mailgun": mailgun_event(event="complained"), "sendgrid": [{"event": "spamreport", **TO_DAWN}]}
    postmark_bounce = {"RecordType": "Bounce", "Type": "HardBounce", "Email": "dawn@school.example"}
    body, headers = sns(SES_COMPLAINT) if where == "amazon-ses" else (bodies.get(where, postmark_bounce), {})

    answer = provider.post(f"/mail/events/{where}/", body, content_type="application/json", headers=known | headers)

    assert answer.status_code == (401 if where == "amazon-ses" and not known else 400)
    assert not Address.objects.exists()


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("https://sns.eu-west-2.amazonaws.com/?Action=ConfirmSubscription&Token=1", 200),
        ("https://sns.eu-west-2.amazonaws.com.evil.example/?Token=1", 400),
        ("http://169.254.169.254/latest/", 400),
    ],
)
def test_a_subscription_is_confirmed_at_amazon_and_nowhere_else(provider, monkeypatch, url, status):
    opened = []
    monkeypatch.setattr(amazon_ses, "urlopen", lambda url, **_: opened.append(url) or BytesIO())
    body, headers = sns(kind="SubscriptionConfirmation", SubscribeURL=url, Token="1")

    answer = provider.post(
        "/mail/events/amazon-ses/", json.dumps(body), content_type="text/plain", headers=AUTH | headers
    )

    assert (answer.status_code, opened) == (status, [url] if status == 200 else [])


@pytest.mark.django_db(transaction=True)
def test_an_event_posted_over_http_is_believed_with_its_secret_only(provider, live_server):
    body, headers = sns(SES_COMPLAINT)

    def status(**more: str) -> int:
        there = HTTPConnection(live_server.thread.host, live_server.thread.port)
        there.request("POST", "/mail/events/amazon-ses/", json.dumps(body), {**headers, **more, "Host": "localhost"})
        return there.getresponse().status

    assert (status(), Address.objects.count()) == (401, 0)
    assert (status(**AUTH), Address.objects.get().reason) == (200, "complaint")
