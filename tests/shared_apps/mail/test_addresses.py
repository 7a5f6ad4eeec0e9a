"""Addresses whose mail comes back, and when they are tried again."""

from datetime import timedelta

from django.utils import timezone

from shared_apps.audit.services import Actor
from shared_apps.mail import selectors, services
from shared_apps.mail.models import Address
from shared_apps.mail.services.addresses import SOFT_LIMIT

GONE = "Gone@School.example"


def paused() -> dict[str, str]:
    return selectors.paused_addresses([GONE])


def test_take_bounce_for_good_stops_at_once(db):
    services.take_bounce(GONE, is_hard=True)

    assert paused() == {"gone@school.example": "bounce"}


def test_take_bounce_for_now_stops_after_some(db):
    for _ in range(SOFT_LIMIT - 1):
        services.take_bounce(GONE, is_hard=False)
    assert paused() == {}

    services.take_bounce(GONE, is_hard=False)
    assert paused() == {"gone@school.example": "bounce"}


def test_take_bounce_forgets_what_was_long_ago(db):
    for _ in range(SOFT_LIMIT - 1):
        services.take_bounce(GONE, is_hard=False)
    Address.objects.update(bounced_at=timezone.now() - timedelta(days=31))

    services.take_bounce(GONE, is_hard=False)

    assert paused() == {}
    assert Address.objects.get().soft_count == 1


def test_take_complaint_stops_until_its_owner_asks(db):
    services.take_complaint(GONE)
    assert paused() == {"gone@school.example": "complaint"}

    services.resume_address(GONE, by=Actor.system())
    assert paused() == {}


def test_a_refusal_by_the_mail_server_is_a_bounce(in_alder, post):
    message = services.queue_message(to="gone@x.example", subject="Hello", template="notice", context={}, kind="test")

    services.send_message(message.id)

    assert selectors.paused_addresses(["gone@x.example"]) == {"gone@x.example": "bounce"}
