"""Requests to start a network: asked for, and confirmed."""

import re
from typing import Any

from django.utils import timezone

from shared_apps.audit.services import Actor
from shared_apps.mail.models import PlatformMessage
from shared_apps.requests import services
from shared_apps.requests.models import NetworkRequest

WANTED = {
    "name": "Rowan Bursars",
    "subdomain": "rowan",
    "region": "South East",
    "members": 60,
    "person": "Rhoda Rowan",
    "email": "rhoda@rowan.example",
    "organisation": "Rowan Lane School",
    "words": "We meet at the pub.",
}


def ask_for_network(**wanted: Any) -> str:
    """Ask for a network and return the token of the emailed link."""
    services.ask(services.Wanted(**(WANTED | wanted)), now=timezone.now())
    return emailed_token()


def make_request(**wanted: Any) -> NetworkRequest:
    """Return a request whose address is confirmed."""
    row = services.ask(services.Wanted(**(WANTED | wanted)), now=timezone.now())
    services.confirm(row, now=timezone.now(), by=Actor.system())
    return row


def emailed_token() -> str:
    """Return the token of the link that was emailed last."""
    mail = PlatformMessage.objects.filter(kind="requests.confirm").latest("id")
    found = re.search(r"/start/confirm/([\w-]+)/", mail.text)
    assert found
    return found[1]
