"""Reads of stored messages."""

from itertools import chain
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from shared_apps.mail.models import AnyMessage, Message, PlatformMessage
from tenants.context import current_kind
from tenants.enums import Kind


def messages_of_host(host: str, *, to: str = "", limit: int = 200) -> list[AnyMessage]:
    """Return the latest messages that a host has sent: those of the current schema and the platform's for this host."""
    found = chain.from_iterable(query[:limit] for query in _queries(host, to))
    return sorted(found, key=lambda message: message.id, reverse=True)[:limit]


def get_message_of_host(host: str, message_id: UUID) -> AnyMessage | None:
    """Return one of them, or None."""
    return next((found for query in _queries(host) if (found := query.filter(id=message_id).first())), None)


def _queries(host: str, to: str = "") -> list[QuerySet[Any]]:
    queries: list[QuerySet[Any]] = [PlatformMessage.objects.filter(host=host)]
    if current_kind() != Kind.PUBLIC:
        queries.append(Message.objects.all())
    return [query.filter(to_address__icontains=to) if to else query for query in queries]
