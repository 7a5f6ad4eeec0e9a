"""Has the platform tell people what no network is left to tell them, in the transaction of what happened."""

from typing import Any

from collective.portal import tasks
from collective.publications.models import ReturnedReply
from collective.publications.selectors import closed_among


def on_replies_returned(*, returned: list[ReturnedReply], **_: Any) -> None:
    """Tell authors whose own network has closed; the others' networks tell theirs."""
    closed = closed_among(each.network_id for each in returned)
    for each in returned:
        if each.network_id in closed:
            tasks.tell_of_return.enqueue(reply_id=str(each.id))
