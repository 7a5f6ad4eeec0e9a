"""Saying that something helped."""

from django.db import transaction
from django.db.models import F

from shared_apps.audit.services import record
from tenant_apps.discussions.models import Discussion, Helpful, Reply
from tenant_apps.discussions.permissions import can_find_helpful
from tenant_apps.discussions.services.errors import NotAllowedError
from tenant_apps.members.models import Member


@transaction.atomic
def find_helpful(discussion: Discussion, reply: Reply | None = None, *, is_helpful: bool, by: Member) -> int:
    """Say that a discussion's opening or a reply helped, or take it back; twice is once. Return how many do."""
    post = reply or discussion
    if not can_find_helpful(by, post):
        raise NotAllowedError("You cannot find your own words helpful.")
    locked = type(post).objects.select_for_update(of=("self",)).filter(id=post.id)
    list(locked.values_list("id"))  # so that two clicks at once are counted one after the other
    found = Helpful.objects.filter(discussion=discussion, reply=reply, member=by)
    if found.exists() != is_helpful:
        if is_helpful:
            Helpful.objects.create(discussion=discussion, reply=reply, member=by)
        else:
            found.delete()
        locked.update(helpful_count=F("helpful_count") + (1 if is_helpful else -1))
        record("discussions.post.found_helpful", by=by.actor, target=post, is_helpful=is_helpful)
    post.refresh_from_db(fields=["helpful_count"])
    return post.helpful_count
