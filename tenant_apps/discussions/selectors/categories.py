"""The categories and tags of discussions, remembered for each network."""

from collections.abc import Iterable
from uuid import UUID

from django.core.cache import caches
from django.db.models import Count, F, Func, QuerySet

from tenant_apps.discussions.models import Category, Discussion, Tag
from tenant_apps.discussions.selectors.sight import LISTED

_CATEGORIES = "discussions.categories.2"
_TAGS = "discussions.tags"
_REMEMBERED = ("id", "name", "slug", "allows_anonymous")
MANY_TAGS = 500


def categories() -> list[Category]:
    """Return the open categories in their order; remembered for a minute in each network's own cache."""
    cache = caches["network"]
    found = cache.get(_CATEGORIES)
    if found is None:
        found = list(Category.objects.filter(is_archived=False).values(*_REMEMBERED))
        cache.set(_CATEGORIES, found)
    return [Category(**values) for values in found]


def category_like(name: str) -> Category | None:
    """Return the open category with this name or slug, whatever its case."""
    asked = name.strip().casefold()
    return next((each for each in categories() if asked in (each.name.casefold(), each.mail_name)), None)


def template_of(category: Category) -> str:
    """Return what a new discussion in a category starts with."""
    return Category.objects.filter(id=category.id).values_list("template", flat=True).first() or ""


def tag_names() -> list[str]:
    """Return the tags there are, for completing; remembered as the categories are."""
    cache = caches["network"]
    found = cache.get(_TAGS)
    if found is None:
        found = list(Tag.objects.values_list("name", flat=True)[:MANY_TAGS])
        cache.set(_TAGS, found)
    return found


def tags_with_counts(tags: Iterable[Tag] | None = None) -> list[tuple[Tag, int]]:
    """Return tags, or every one, with how many discussions have it that members see in lists."""
    named = list(Tag.objects.all() if tags is None else tags)
    with_it = Discussion.objects.filter(LISTED, tag_names__overlap=[tag.name for tag in named])
    each = with_it.annotate(name=Func(F("tag_names"), function="unnest")).values("name")
    counts = dict(each.annotate(n=Count("id")).order_by().values_list("name", "n"))
    return [(tag, counts.get(tag.name, 0)) for tag in named]


def all_categories() -> QuerySet[Category]:
    """Return every category, those out of use among them, in their order."""
    return Category.objects.order_by("position", "name", "id")


def get_category(category_id: UUID) -> Category | None:
    """Return a category, also one out of use, or None."""
    return Category.objects.filter(id=category_id).first()


def tags() -> QuerySet[Tag]:
    """Return every tag by name."""
    return Tag.objects.order_by("name", "id")


def get_tag(tag_id: UUID) -> Tag | None:
    """Return a tag, or None."""
    return Tag.objects.filter(id=tag_id).first()


def forget_tags() -> None:
    """Forget the remembered tags of the current network, after one changed."""
    caches["network"].delete(_TAGS)


def forget_categories() -> None:
    """Forget the remembered categories of the current network, after one changed."""
    caches["network"].delete(_CATEGORIES)
