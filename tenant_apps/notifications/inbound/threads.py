"""Finding the conversation that an email answers by the ids it names, where the reply address was lost on the way."""

import re
from uuid import UUID

from shared_apps.mail.enums import InboundState
from shared_apps.mail.models import InboundMessage, Message
from shared_apps.mail.reading import MailMessage
from shared_apps.mail.rendering import thread_root
from tenant_apps.members.models import Member
from tenant_apps.notifications.inbound.destinations import Place, takes_email
from tenant_apps.notifications.models import ReplyAddress
from tenants.context import this_network
from tenants.selectors import first_host_of

_ANSWER = re.compile(r"\s*(?:re|aw|sv|vs|antw|odp|ang)\s*(?:\[\d+\]|\(\d+\))?\s*[:\uff1a]", re.IGNORECASE)
_MOST_IDS = 50


def looks_like_answer(subject: str) -> bool:
    """Whether a subject begins as mail programs begin an answer's: people start new things from old messages too."""
    return _ANSWER.match(subject) is not None


def place_answered(message: MailMessage, sender: Member) -> Place | None:
    """Return what a message answers, by our Message-IDs, our threads' roots and other members' messages it names."""
    named = [each.strip("<>") for each in (message.in_reply_to, *reversed(message.references))][:_MOST_IDS]
    return _by_our_ids(named) or _by_root(named, sender) or _by_messages(named)


def _by_our_ids(named: list[str]) -> Place | None:
    host, ids = first_host_of(this_network()), []
    for each in named:
        local_part, _, domain = each.partition("@")
        if domain.lower() == host and (found := _uuid(local_part)):
            ids.append(found)
    keys = Message.objects.filter(id__in=ids).exclude(thread_key="").order_by("-id")
    return _place(keys.values_list("thread_key", flat=True).first())


def _by_root(named: list[str], sender: Member) -> Place | None:
    """The root stands for a thread without naming it, so those this member was ever written to about are tried."""
    host, wanted = first_host_of(this_network()), {each.lower() for each in named if each.lower().startswith("thread.")}
    if not wanted:
        return None
    for kind, object_id in ReplyAddress.objects.filter(member=sender).values_list("kind", "object_id"):
        if thread_root(f"{kind}:{object_id}", host=host).strip("<>") in wanted:
            return Place(kind, object_id)
    return None


def _by_messages(named: list[str]) -> Place | None:
    posted = InboundMessage.objects.filter(message_id__in=named, state=InboundState.POSTED)
    return _place(posted.values_list("thread_key", flat=True).first())


def _place(thread_key: str | None) -> Place | None:
    kind, _, object_id = (thread_key or "").partition(":")
    found = _uuid(object_id)
    return Place(kind, found) if found and takes_email(kind) else None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
