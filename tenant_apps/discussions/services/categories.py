"""The subjects that discussions belong to."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from shared_apps.audit.services import record
from shared_apps.core.markdown import is_blank, tidy_line, tidy_text
from tenant_apps.discussions.enums import SHARE_KIND
from tenant_apps.discussions.models import Category, Discussion
from tenant_apps.discussions.permissions import can_manage_categories
from tenant_apps.discussions.selectors import forget_categories
from tenant_apps.discussions.services.errors import DiscussionError, NotAllowedError
from tenant_apps.members.models import Member
from tenant_apps.sharing import services as sharing
from tenants.beginnings import USUAL, Subject
from tenants.context import on_commit_here

MAX_CATEGORY_LENGTH = 60
MAX_TEMPLATE_LENGTH = 5_000


@transaction.atomic
def seed_categories(subjects: Sequence[Subject] = USUAL.subjects) -> None:
    """Add a template's categories where a network has none; a step of onboarding."""
    if not Category.objects.exists():
        Category.objects.bulk_create(
            Category(
                name=each.name,
                slug=slugify(each.name),
                position=position,
                template=each.asks,
                allows_anonymous=each.allows_anonymous,
            )
            for position, each in enumerate(subjects)
        )
        on_commit_here(forget_categories)


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryFacts:
    """What an organiser may set of a category besides its name; None leaves it as it is. `position` counts from 0."""

    slug: str | None = None
    template: str | None = None
    position: int | None = None
    allows_anonymous: bool | None = None


@transaction.atomic
def save_category(
    *, name: str, category: Category | None = None, facts: CategoryFacts | None = None, by: Member
) -> Category:
    """Add or change a category."""
    name, facts = _category_name(name, by), facts or CategoryFacts()
    category = category or Category(position=Category.objects.count())
    old_name, category.name, category.is_archived = category.name, name, False
    _set_facts(category, facts)
    try:
        with transaction.atomic():
            category.save()
    except IntegrityError as error:
        raise _taken(error, name) from None
    if facts.position is not None:
        _place(category, facts.position)
    record("discussions.category.saved", by=by.actor, target=category, fields=["name", *_given(facts)])
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


def _set_facts(category: Category, facts: CategoryFacts) -> None:
    if facts.slug is not None:
        category.slug = _slug(facts.slug) if facts.slug.strip() else ""
    category.slug = category.slug or _free_slug(category)
    if facts.template is not None:
        category.template = _template(facts.template)
    if facts.allows_anonymous is not None:
        category.allows_anonymous = facts.allows_anonymous


def _slug(typed: str) -> str:
    slug = slugify(typed)[:MAX_CATEGORY_LENGTH].strip("-")
    if not slug or slug != typed.strip().lower():
        raise DiscussionError("An address has letters, digits and hyphens, such as school-meals.", field="slug")
    return slug


def _free_slug(category: Category) -> str:
    """Return a slug of the name that no other category has, or none where the name has no letters for one."""
    slug = slugify(category.name)[:MAX_CATEGORY_LENGTH].strip("-")
    return "" if Category.objects.filter(slug=slug).exclude(id=category.id).exists() else slug


def _template(text: str) -> str:
    tidy = tidy_text(text)
    if len(tidy) > MAX_TEMPLATE_LENGTH:
        raise DiscussionError(f"A template has at most {MAX_TEMPLATE_LENGTH:,} characters.", field="template")
    return tidy


def _taken(error: IntegrityError, name: str) -> DiscussionError:
    if "category_slug_once" in str(error):
        return DiscussionError("Another category has this address already.", field="slug")
    return DiscussionError(f"There is a category {name} already.", field="name")


def _place(category: Category, position: int) -> None:
    """Put a category at its place, and number all of them anew."""
    others = list(Category.objects.exclude(id=category.id))
    others.insert(position, category)
    for number, each in enumerate(others):
        each.position = number
    Category.objects.bulk_update(others, ["position"])


def _given(facts: CategoryFacts) -> list[str]:
    return [each.name for each in fields(facts) if getattr(facts, each.name) is not None]


def _shared_ids(category: Category) -> list[UUID]:
    shared = Discussion.objects.filter(category=category, publication_id__isnull=False)
    return list(shared.values_list("id", flat=True))


def _category_name(name: str, member: Member) -> str:
    if not can_manage_categories(member):
        raise NotAllowedError("Only organisers can change categories.")
    tidy = tidy_line(name)
    if is_blank(tidy) or len(tidy) > MAX_CATEGORY_LENGTH:
        raise DiscussionError("A category’s name has 1 to 60 characters.", field="name")
    return tidy
