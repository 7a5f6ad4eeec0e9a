"""Writes to a network's search index, in the transaction of the change; and making the whole of it anew.

Only what every active member may see is in the index. Nothing of a discussion that is hidden, that waits for a
moderator or that has become part of another; nothing of members who left; no service note; no phone number, no address.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import batched
from uuid import UUID

from django.db import connection, transaction

from collective.index import services as index
from collective.index.services import Document
from shared_apps.core import markdown
from tenant_apps.discussions.enums import SHARE_KIND
from tenant_apps.discussions.models import Discussion, Reply
from tenant_apps.discussions.selectors import LISTED
from tenant_apps.files.selectors import files_of
from tenant_apps.members.enums import MemberState
from tenant_apps.members.models import Member
from tenant_apps.search.enums import EntryKind
from tenant_apps.search.models import SearchEntry
from tenant_apps.search.selectors import differing_ids, findable_ids
from tenant_apps.sharing.selectors import received_replies
from tenant_apps.suppliers.models import Recommendation, Supplier

BATCH = 50
Ids = list[UUID]
Texts = dict[UUID, list[str]]


def discussion_documents(ids: Ids) -> list[Document]:
    """Return the discussions among these that everybody may see, with what was said in them and their files' names."""
    found = list(Discussion.objects.filter(LISTED, id__in=ids))
    said = _said([each.id for each in found])
    return [_discussion_document(each, [*said[each.id], *_came_home(each)]) for each in found]


def supplier_documents(ids: Ids) -> list[Document]:
    """Return the suppliers among these that are in use, with what members say of them."""
    texts: Texts = {each: [] for each in ids}
    said = Recommendation.objects.filter(supplier_id__in=ids, hidden_at=None).order_by("created_at", "id")
    for supplier_id, text in said.values_list("supplier_id", "text"):
        texts[supplier_id].append(_plain(text))
    found = Supplier.objects.filter(id__in=ids, is_archived=False).prefetch_related("categories")
    return [_supplier_document(each, texts[each.id]) for each in found]


def member_documents(ids: Ids) -> list[Document]:
    """Return the active members among these, with what their page says of them to everybody."""
    found = Member.objects.filter(id__in=ids, state=MemberState.ACTIVE)
    return [_member_document(each) for each in found]


def every_document(ids: Ids) -> list[Document]:
    """Return whatever these ids are of."""
    return [*discussion_documents(ids), *supplier_documents(ids), *member_documents(ids)]


@transaction.atomic
def bring_up_to_date(ids: Iterable[UUID], *, read: Callable[[Ids], list[Document]] = every_document) -> None:
    """Make things found as they are now, and those found no more that nobody may see or that are gone.

    Two who change the same thing at once take turns, so that the later one reads what the earlier one wrote.
    """
    wanted = sorted(set(ids))
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, [wanted])
    documents = read(wanted)
    index.index_documents(documents, model=SearchEntry)
    for gone in SearchEntry.objects.filter(id__in=set(wanted) - {each.id for each in documents}).values_list("id"):
        index.remove_document(*gone, model=SearchEntry)


def rebuild() -> int:
    """Make the index of the current network anew while people go on writing, and return how much it finds."""
    for batch in batched(sorted({*findable_ids(), *differing_ids()}), BATCH):
        bring_up_to_date(batch)
    index.rebuild_statistics(model=SearchEntry)
    index.analyse_tables(model=SearchEntry)
    return SearchEntry.objects.count()


def keep() -> int:
    """Put right what the index lacks or has too much, add up its figures, and return how much was wrong.

    The index of a network that was there before it had one is empty: this fills it, with members last.
    """
    differing = differing_ids()
    people = set(Member.objects.filter(id__in=differing).values_list("id", flat=True))
    differing.sort(key=people.__contains__)
    for batch in batched(differing, BATCH):
        bring_up_to_date(batch)
    index.fold_statistics(model=SearchEntry)
    if len(differing) > BATCH:
        index.analyse_tables(model=SearchEntry)
    return len(differing)


_HOLD = "SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || each, 0)) FROM unnest(%s::text[]) AS each"


@lru_cache(maxsize=2_000)
def _plain(text: str) -> str:
    """Remembered, because a reply is read again with every one that follows it."""
    return markdown.plain_text(text)


def _said(ids: Ids) -> Texts:
    """Return the texts that belong to each discussion: its replies, answers first, and the names of its files."""
    replies = list(
        Reply.objects.filter(discussion_id__in=ids, hidden_at=None)
        .order_by("-is_answer", "created_at", "id")
        .values_list("id", "discussion_id", "body")
    )
    files = files_of([*ids, *(reply_id for reply_id, _, _ in replies)])
    texts: Texts = {each: [] for each in ids}
    for _, discussion_id, body in replies:
        texts[discussion_id].append(_plain(body))
    for object_id, discussion_id in [*((each, each) for each in ids), *((a, b) for a, b, _ in replies)]:
        texts[discussion_id] += [file.name for file in files.get(object_id, ())]
    return texts


def _came_home(discussion: Discussion) -> list[str]:
    """Return what people of other networks said before it was withdrawn: rows of this network, until taken back."""
    if not discussion.received_count:
        return []
    return [_plain(each.body) for each in received_replies(SHARE_KIND, discussion.id) if not each.is_removed]


def _discussion_document(discussion: Discussion, said: list[str]) -> Document:
    return Document(
        id=discussion.id,
        title=discussion.title,
        body=_plain(discussion.body),
        extra_text="\n\n".join([*said, *discussion.tag_names]),
        published_at=discussion.created_at,
        facets={
            "kind": EntryKind(discussion.kind),
            "category_id": discussion.category_id,
            "author_id": None if discussion.is_anonymous else discussion.author_id,
            "is_answered": discussion.is_answered,
        },
    )


def _supplier_document(supplier: Supplier, said: list[str]) -> Document:
    categories = ", ".join(each.name for each in supplier.categories.all())
    return Document(
        id=supplier.id,
        title=supplier.name,
        body="\n\n".join(filter(None, (_plain(supplier.shown_description), categories))),
        extra_text="\n\n".join(said),
        published_at=supplier.created_at,
        facets={"kind": EntryKind.SUPPLIER},
    )


def _member_document(member: Member) -> Document:
    headline = ", ".join(filter(None, (member.headline_job, member.headline_school, member.headline_town)))
    return Document(
        id=member.id,
        title=member.name,
        body=".\n\n".join(filter(None, (headline, member.about))),
        extra_text=member.ask_me_about,
        published_at=member.joined_at,
        facets={"kind": EntryKind.MEMBER},
    )
