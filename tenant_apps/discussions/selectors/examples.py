"""Examples: discussions that were made up to show how they look."""

from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from tenant_apps.discussions.models import Discussion, Reply
from tenant_apps.members.enums import EXAMPLE_ACCOUNTS

MADE_UP = Q(author__account_id__in=EXAMPLE_ACCOUNTS)


def examples() -> QuerySet[Discussion]:
    """Return the examples of this network, by title."""
    return Discussion.objects.filter(MADE_UP).order_by("title", "id")


def example_writers() -> set[UUID]:
    """Return the ids of the people who do not exist of whom something is here."""
    asked = Discussion.objects.filter(MADE_UP).values_list("author_id", flat=True)
    return {*asked, *Reply.objects.filter(MADE_UP).values_list("author_id", flat=True)}


def answered_examples() -> QuerySet[Discussion]:
    """Return the examples that members have replied to."""
    return examples().filter(Exists(Reply.objects.filter(discussion=OuterRef("id")).exclude(MADE_UP)))
