"""Has people told of a closing, in the transaction that moves it."""

from typing import Any

from shared_apps.closing.enums import Event
from shared_apps.closing.models import Closing
from tenant_apps.farewell import services, tasks
from tenants.context import this_network
from tenants.enums import NetworkState


def on_closing_begun(*, closing: Closing, words: str, **_: Any) -> None:
    """Keep the word to the members in their own network."""
    services.keep_words(closing, words)


def on_closing_moved(*, closing: Closing, event: Event, **_: Any) -> None:
    """Write the emails in a job, and take back what is shared when the closing day has come."""
    tasks.tell.enqueue(closing_id=closing.id, event=event.value)
    if event == Event.READ_ONLY and this_network().state == NetworkState.LIVE:
        tasks.withdraw_shared.enqueue()
