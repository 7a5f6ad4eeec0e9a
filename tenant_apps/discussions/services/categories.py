"""The subjects that discussions belong to."""

from uuid import UUID

from django.db import IntegrityError, transaction

from shared_apps.audit.services import record
from shared_apps.core.markdown import is_blank, tidy_line
from tenant_apps.discussions.enums import DEFAULT_CATEGORIES, SHARE_KIND
from tenant_apps.discussions.models import Category, Discussion
from tenant_apps.discussions.permissions import can_manage_categories
from tenant_apps.discussions.selectors import forget_categories
from tenant_apps.discussions.services.errors import DiscussionError, NotAllowedError
from tenant_apps.members.models import Member
from tenant_apps.sharing import services as sharing
from tenants.context import on_commit_here

MAX_CATEGORY_LENGTH = 60


@transaction.atomic
def seed_categories() -> None:
    """Add the usual categories where a network has none."""
    if not Category.objects.exists():
        Category.objects.bulk_create(
            Category(name=name, position=position) for position, name in enumerate(DEFAULT_CATEGORIES)
        )
        on_commit_here(forget_categories)


@transaction.atomic
def save_category(*, name: str, category: Category | None = None, by: Member) -> Category:
    """Add or rename a category."""
    name = _category_name(name, by)
    category = category or Category(position=Category.objects.count())
    old_name, category.name, category.is_archived = category.name, name, False
    try:
        with transaction.atomic():
            category.save()
    except IntegrityError:
        raise DiscussionError(f"There is a category {name} already.") from None
    record("discussions.category.saved", by=by.actor, target=category, fields=["name"])
    on_commit_here(forget_categories)
    if old_name not in ("", name):
        sharing.follow_category(SHARE_KIND, _shared_ids(category), old_name=old_name, name=name, by=by)
    return category


@transaction.atomic
def archive_category(category: Category, *, is_archived: bool, by: Member) -> None:
    """Take a category out of use, or back; its discussions stay."""
    if not can_manage_categories(by):
        raise NotAllowedError("Only organisers can change categories.")
    if is_archived and not Category.objects.filter(is_archived=False).exclude(id=category.id).exists():
        raise DiscussionError("A network needs at least one category.")
    category.is_archived = is_archived
    category.save(update_fields=["is_archived"])
    record("discussions.category.archived", by=by.actor, target=category, is_archived=is_archived)
    on_commit_here(forget_categories)


def _shared_ids(category: Category) -> list[UUID]:
    shared = Discussion.objects.filter(category=category, publication_id__isnull=False)
    return list(shared.values_list("id", flat=True))


def _category_name(name: str, member: Member) -> str:
    if not can_manage_categories(member):
        raise NotAllowedError("Only organisers can change categories.")
    tidy = tidy_line(name)
    if is_blank(tidy) or len(tidy) > MAX_CATEGORY_LENGTH:
        raise DiscussionError("A category’s name has 1 to 60 characters.")
    return tidy
