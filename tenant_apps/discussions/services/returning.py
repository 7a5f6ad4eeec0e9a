"""What follows where a discussion, or some of its replies, came back from a restored copy; nobody is told of it."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.db import transaction
from django.db.models import Count, F, OuterRef, Subquery
from django.db.models.functions import Coalesce

from shared_apps.audit.services import Actor
from tenant_apps.discussions.enums import SHARE_KIND
from tenant_apps.discussions.models import Discussion, Helpful, ReadMark, Reply, Revision
from tenant_apps.discussions.services.answers import held
from tenant_apps.discussions.services.errors import DiscussionError
from tenant_apps.discussions.services.mentions import note_mentions
from tenant_apps.discussions.services.moderating import recount
from tenant_apps.discussions.services.tags import clean_tags
from tenant_apps.sharing import services as sharing


def hold_for_return(discussion_id: UUID) -> None:
    """Lock a discussion, also one that is gone; raises DiscussionError for one that is part of another now."""
    sharing.hold(discussion_id)
    found = Discussion.objects.select_for_update().filter(id=discussion_id).first()
    if found is not None and found.merged_into_id is not None:
        raise DiscussionError("It is part of another discussion now. Take it out of that one first.")


@transaction.atomic
def keep_wording(label: str, row_id: UUID, columns: Collection[str]) -> None:
    """Keep what a discussion or a reply says before these columns of it become the copy's, as an edit does."""
    if not {"title", "body"} & set(columns):
        return
    if label == Discussion._meta.label:
        found = Discussion.objects.get(id=row_id)
        Revision.objects.create(discussion=found, title=found.title, body=found.body)
    elif label == Reply._meta.label:
        reply = Reply.objects.get(id=row_id)
        Revision.objects.create(discussion_id=reply.discussion_id, reply=reply, body=reply.body)


@transaction.atomic
def settle_returned(discussion_id: UUID, touched: Mapping[str, set[UUID]], by: Actor) -> None:
    """Write the counts, tags, names, read marks and index anew; what members had read stays read."""
    discussion = held(discussion_id)
    before = discussion.total_replies
    discussion.tag_names = clean_tags(discussion.tag_names)
    discussion.save(update_fields=["tag_names"])
    _count_helpful(discussion)
    _name(discussion, touched)
    discussion.refresh_from_db()
    recount(discussion)
    if (more := discussion.total_replies - before) > 0:
        ReadMark.objects.filter(discussion=discussion).update(seen_count=F("seen_count") + more)
    sharing.follow_return(SHARE_KIND, discussion.id, by=by)


def _count_helpful(discussion: Discussion) -> None:
    found = Helpful.objects.filter(discussion=discussion).order_by()
    opening = found.filter(reply=None).count()
    of_reply = found.filter(reply=OuterRef("id")).values("reply").annotate(n=Count("id")).values("n")
    Discussion.objects.filter(id=discussion.id).update(helpful_count=opening)
    discussion.replies.update(helpful_count=Coalesce(Subquery(of_reply), 0))


def _name(discussion: Discussion, touched: Mapping[str, set[UUID]]) -> None:
    """Keep whom the texts name that came back or changed."""
    if discussion.id in touched.get(Discussion._meta.label, ()):
        note_mentions(discussion)
    for reply in Reply.objects.filter(discussion=discussion, id__in=touched.get(Reply._meta.label, ())):
        note_mentions(discussion, reply)
