"""Fixtures of the mail tests."""

from collections.abc import Iterator

import pytest
from django_tasks_db.models import DBTaskResult

from shared_apps.mail.models import Message, PlatformMessage
from tenants import context
from tests.shared_apps.mail import smtp_server
from tests.shared_apps.mail.smtp_server import Post


@pytest.fixture(autouse=True)
def _empty_boxes(db: None) -> None:
    """Forget what onboarding the two networks has queued and written."""
    DBTaskResult.objects.all().delete()
    PlatformMessage.objects.all().delete()
    for _network in context.each_network():
        Message.objects.all().delete()


@pytest.fixture
def post(settings) -> Iterator[Post]:
    """A mail server, which the product is told to use."""
    with smtp_server.asked_by(settings) as running:
        yield running
