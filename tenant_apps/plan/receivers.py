"""Has owners told what billing decides, in the transaction that decides it."""

from typing import Any

from shared_apps.billing.models import Notice
from tenant_apps.plan import tasks


def on_notice_made(*, notice: Notice, **_: Any) -> None:
    """Write the emails in a job; the network may be suspended by then, so the job is the platform's."""
    tasks.tell_owners.enqueue(notice_id=notice.id)
