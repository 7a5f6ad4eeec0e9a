"""Publications and replies, for tests that are inside the collective schema."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from django.dispatch import Signal

from collective.publications import services
from collective.publications.drafts import Draft, Replier
from collective.publications.enums import Identity, PublicationKind
from collective.publications.models import Publication, PublicationReply
from tenants.ids import new_id, random_id
from tenants.models import Network

AT = datetime(2026, 11, 10, 16, 20, tzinfo=UTC)


def draft(**values: Any) -> Draft:
    usual = {
        "kind": PublicationKind.QUESTION,
        "identity": Identity.NAMED,
        "title": "Who does your PAT testing?",
        "body": "Ours has retired.",
        "shown_at": AT,
    }
    return Draft(**usual | values)


def publish(network: Network, **values: Any) -> Publication:
    """Return what a network shared, shown under its name unless it is anonymous."""
    if values.get("identity") != Identity.ANONYMOUS:
        values = {"shown_network": network.name, **values}
    return services.publish(draft(**values), origin_id=network.id, publication_id=random_id())


def reply(
    publication: Publication, network: Network, *, body: str = "Circuit Sense.", **values: Any
) -> PublicationReply:
    """Return a reply of somebody of a network."""
    identity = values.pop("identity", Identity.NAMED)
    shown = {} if identity == Identity.ANONYMOUS else {"shown_name": "Martin", "shown_network": network.name}
    who = {"account_id": new_id(), "network_id": network.id, "identity": identity, **shown, **values}
    return services.reply_to_publication(publication, body=body, replier=Replier(**who))


@contextmanager
def heard(signal: Signal) -> Iterator[list[dict[str, Any]]]:
    """Collect what a signal says."""
    said: list[dict[str, Any]] = []

    def listen(**values: Any) -> None:
        said.append(values)

    signal.connect(listen)
    try:
        yield said
    finally:
        signal.disconnect(listen)
