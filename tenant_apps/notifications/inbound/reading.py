"""What a network takes by email, and the job that reads it."""

from uuid import UUID

from tenant_apps.notifications import tasks
from tenant_apps.notifications.inbound import addresses


class NetworkInbox:
    """Takes what is sent to reply addresses and to things that have an address of their own."""

    def takes(self, local_part: str) -> bool:
        """Whether the current network has an address with this part before the @."""
        return addresses.takes(local_part)

    def enqueue(self, inbound_id: UUID) -> None:
        """Have a stored message read by a job."""
        tasks.read_inbound.enqueue(inbound_id=inbound_id)
