"""Removing discussions as if they had never been: what was brought in or made up, never what members ask."""

from collections.abc import Collection
from uuid import UUID

from tenant_apps.discussions.enums import FOLLOW_KIND
from tenant_apps.discussions.models import Discussion, Reply
from tenant_apps.discussions.signals import discussion_removed
from tenant_apps.files import services as files
from tenant_apps.notifications import services as notifications


def remove_discussions(ids: Collection[UUID]) -> int:
    """Remove discussions that the caller holds, with all that is about them; return how many they and their replies
    were.
    """
    replies = list(Reply.objects.filter(discussion_id__in=ids).values_list("id", flat=True))
    files.remove_files_of([*ids, *replies])
    for discussion_id in ids:
        notifications.forget_thing(kind=FOLLOW_KIND, object_id=discussion_id)
    Discussion.objects.filter(id__in=ids).delete()
    for discussion_id in ids:
        discussion_removed.send(Discussion, discussion_id=discussion_id)
    return len(ids) + len(replies)
