"""Keeps a network's index in step with what its members write, in the transaction that changes it."""

from itertools import batched
from typing import Any
from uuid import UUID

from django.dispatch import receiver

from tenant_apps.discussions.models import Discussion, Reply
from tenant_apps.discussions.signals import discussion_removed, discussion_saved, discussions_tagged, reply_saved
from tenant_apps.files.signals import files_changed
from tenant_apps.members.models import Member
from tenant_apps.members.signals import member_changed
from tenant_apps.search import services
from tenant_apps.search.services import discussion_documents, member_documents, supplier_documents
from tenant_apps.suppliers.models import Supplier
from tenant_apps.suppliers.signals import supplier_removed, supplier_saved


@receiver(discussion_saved)
def index_discussion(discussion: Discussion, **_: Any) -> None:
    """Make the discussion found as it is now."""
    services.bring_up_to_date([discussion.id], read=discussion_documents)


@receiver(reply_saved)
def index_reply(reply: Reply, **_: Any) -> None:
    """Make the discussion found by what the reply says now."""
    services.bring_up_to_date([reply.discussion_id], read=discussion_documents)


@receiver(discussion_removed)
def forget_discussion(discussion_id: UUID, **_: Any) -> None:
    """Make the discussion found no more."""
    services.bring_up_to_date([discussion_id], read=discussion_documents)


@receiver(discussions_tagged)
def index_tagged(discussion_ids: list[UUID], **_: Any) -> None:
    """Make discussions found by the tags that they have now."""
    for some in batched(sorted(discussion_ids), services.BATCH):
        services.bring_up_to_date(some, read=discussion_documents)


@receiver(supplier_saved)
def index_supplier(supplier: Supplier, **_: Any) -> None:
    """Make the supplier found as it is now."""
    services.bring_up_to_date([supplier.id], read=supplier_documents)


@receiver(supplier_removed)
def forget_supplier(supplier_id: UUID, **_: Any) -> None:
    """Make the supplier found no more."""
    services.bring_up_to_date([supplier_id], read=supplier_documents)


@receiver(member_changed)
def index_member(member: Member, **_: Any) -> None:
    """Make the member found as they are now."""
    services.bring_up_to_date([member.id], read=member_documents)


@receiver(files_changed)
def index_files(kind: str, object_id: UUID, **_: Any) -> None:
    """Make the discussion found by the names of the files that it and its replies have now."""
    replies = Reply.objects.filter(id=object_id).values_list("discussion_id", flat=True)
    found = [object_id] if kind == "discussion" else list(replies) if kind == "reply" else []
    if found:
        services.bring_up_to_date(found, read=discussion_documents)
