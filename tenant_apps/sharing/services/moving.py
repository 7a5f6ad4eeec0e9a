"""A network that leaves takes what it shared along, and the answers; a copy of it begins with nothing shared."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import batched
from typing import Any
from uuid import UUID

from collective.publications import selectors as published
from collective.publications import services as publications
from collective.publications.enums import Identity
from collective.publications.services import HomeReply
from tenant_apps.members.selectors import members_by_ids
from tenant_apps.sharing.enums import LedgerAction, ShareState
from tenant_apps.sharing.models import LedgerEntry, SharedItem
from tenant_apps.sharing.selectors import get_policy
from tenant_apps.sharing.services.items import let_go, share_again, take_down_item
from tenant_apps.sharing.services.policy import tell_collective
from tenants.context import in_collective, in_network, this_network
from tenants.ending import Leaving, has_schema

PUBLICATIONS, REPLIES, SENT = "collective/publications", "collective/replies", "collective/replies-elsewhere"
_AT_ONCE = 200
_SHOWN = ("id", "body", "shown_name", "shown_role", "shown_network", "shown_colour", "is_answer")


def publications_here() -> Iterator[dict[str, Any]]:
    """Yield what others see of this network."""
    for each in _of_this_network(published.some_publications_of):
        yield {field.attname: getattr(each, field.attname) for field in each._meta.concrete_fields}


def replies_here() -> Iterator[dict[str, Any]]:
    """Yield what people of other networks answered to it, as it is shown: nothing says whose account it was."""
    shared = SharedItem.objects.filter(state=ShareState.SHARED).order_by("id").values_list("publication_id", flat=True)
    for some in batched(list(shared), _AT_ONCE):
        with in_collective(joining_transaction=True):
            found = published.replies_to(list(some))
        for publication_id, replies in found.items():
            for reply in replies:
                shown = {name: getattr(reply, name) for name in _SHOWN}
                yield shown | {"publication_id": publication_id, "created_at": reply.shown_at}


def replies_elsewhere(*, full: bool = True) -> Iterator[dict[str, Any]]:
    """Yield what people of this network answered to others; it stays with those.

    If it is not to be `full`, an answer without a name says neither whose it is nor more of when than others see.
    """
    for reply in _of_this_network(published.replies_of_network):
        tells = full or reply.identity == Identity.NAMED
        yield {
            "id": reply.id,
            "account_id": reply.account_id if tells else None,
            "identity": reply.identity,
            "body": reply.body,
            "created_at": reply.created_at if tells else reply.shown_at,
            "edited_at": reply.edited_at if tells else None,
        }


def let_go_of_all(lines: Callable[[str], Iterable[dict[str, Any]]]) -> None:
    """Clear the marks of sharing from a copy, and bring the answers home that the archive has."""
    replies: dict[UUID, list[HomeReply]] = defaultdict(list)
    for line in lines(REPLIES):
        replies[UUID(line["publication_id"])].append(_home_reply(line))
    marked = SharedItem.objects.filter(state__in=(ShareState.SHARED, ShareState.AWAITING_APPROVAL))
    for item in list(marked.order_by("id")):
        let_go(item, replies[item.publication_id])


def begin_anew(*, publish: bool) -> int:
    """Tell the Collective whom this network blocks, publish what it had shared if so chosen; return how much."""
    tell_collective(blocks=get_policy().blocked_networks)
    if not publish:
        return 0
    entered = LedgerEntry.objects.filter(
        action=LedgerAction.WITHDRAWN, member_id=None, at__gte=this_network().created_at
    )
    items = list(SharedItem.objects.filter(state=ShareState.WITHDRAWN, ledger__in=entered).order_by("shared_at", "id"))
    authors = members_by_ids(item.member_id for item in items)
    return sum(share_again(item, by=authors[item.member_id]) for item in items)


def withdraw_all() -> int:
    """Take back everything that this network shares or wants to, because it closes; return how much.

    Each thing is a transaction, so that a job that was killed goes on.
    """
    marked = SharedItem.objects.filter(state__in=(ShareState.SHARED, ShareState.AWAITING_APPROVAL))
    found = list(marked.order_by("id").values_list("source_kind", "source_id"))
    for kind, source_id in found:
        take_down_item(kind, source_id, by=None)
    return len(found)


def note_authors(leaving: Leaving) -> None:
    """Tell the Collective whose is what it keeps of a network that is deleted; a step of deletion."""
    if not leaving.keeps_publications or not has_schema(leaving.network):
        return
    with in_network(leaving.network):
        shared = SharedItem.objects.filter(state=ShareState.SHARED).values_list("publication_id", "member_id")
        items = dict(shared)
        people = members_by_ids(items.values())
    authors = {each: people[member_id].account_id for each, member_id in items.items() if member_id in people}
    with in_collective():
        publications.note_authors(authors)


def _of_this_network(some: Callable[..., list[Any]]) -> Iterator[Any]:
    """Yield the Collective's rows of this network, a part at a time; it is left again before each part is used."""
    network_id, last = this_network().id, None
    while True:
        with in_collective(joining_transaction=True):
            found = some(network_id, after=last, most=_AT_ONCE)
        yield from found
        if len(found) < _AT_ONCE:
            return
        last = found[-1].id


def _home_reply(line: dict[str, Any]) -> HomeReply:
    shown = {name: line[name] for name in _SHOWN} | {"id": UUID(line["id"])}
    return HomeReply(
        **shown,
        network_id=this_network().id,
        is_hidden=False,
        created_at=datetime.fromisoformat(line["created_at"]),
    )
