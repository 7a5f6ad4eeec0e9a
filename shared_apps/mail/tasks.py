"""Sending mail and forgetting it, in each kind of schema."""

from datetime import time, timedelta
from uuid import UUID

from shared_apps.jobs.tasks import job, periodic
from shared_apps.mail import services
from tenants.enums import Kind

MAX_ATTEMPTS = 8
_TIMEOUT = timedelta(minutes=2)


@job("mail.message.send", max_attempts=MAX_ATTEMPTS, timeout=_TIMEOUT, priority=10)
def send_network_message(*, message_id: str) -> None:
    """Send a message of a network."""
    services.send_message(UUID(message_id))


@job("mail.message.send_collective", collective=True, max_attempts=MAX_ATTEMPTS, timeout=_TIMEOUT, priority=10)
def send_collective_message(*, message_id: str) -> None:
    """Send a message of the Collective."""
    services.send_message(UUID(message_id))


@job("mail.message.send_platform", platform=True, max_attempts=MAX_ATTEMPTS, timeout=_TIMEOUT, priority=10)
def send_platform_message(*, message_id: str) -> None:
    """Send a message of the platform."""
    services.send_message(UUID(message_id))


@periodic("mail.message.prune", at=time(3, 10), per_network=True)
def prune_network_messages() -> None:
    """Forget a network's messages whose time is over."""
    services.prune_messages()


@periodic("mail.inbound.prune", at=time(3, 15), per_network=True)
def prune_inbound_messages() -> None:
    """Forget a network's incoming messages whose time is over."""
    services.prune_inbound()


@periodic("mail.message.prune_collective", at=time(3, 10), collective=True)
def prune_collective_messages() -> None:
    """Forget the Collective's messages whose time is over."""
    services.prune_messages()


@periodic("mail.message.prune_platform", at=time(3, 10))
def prune_platform_messages() -> None:
    """Forget the platform's messages whose time is over, and which digests were sent long ago."""
    services.prune_messages()
    services.prune_digests()


SEND = {
    Kind.NETWORK: send_network_message,
    Kind.COLLECTIVE: send_collective_message,
    Kind.PUBLIC: send_platform_message,
}
