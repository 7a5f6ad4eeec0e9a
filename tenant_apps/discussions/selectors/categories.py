"""The categories and tags of discussions, remembered for each network."""

from django.core.cache import caches
from django.db.models import Count, F, Func

from tenant_apps.discussions.models import Category, Discussion, Tag

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


def tags_with_counts() -> list[tuple[Tag, int]]:
    """Return every tag with how many discussions have it, for organisers."""
    with_it = Discussion.objects.annotate(name=Func(F("tag_names"), function="unnest")).values("name")
    counts = dict(with_it.annotate(n=Count("id")).order_by().values_list("name", "n"))
    return [(tag, counts.get(tag.name, 0)) for tag in Tag.objects.all()]


def forget_tags() -> None:
    """Forget the remembered tags of the current network, after one changed."""
    caches["network"].delete(_TAGS)


def forget_categories() -> None:
    """Forget the remembered categories of the current network, after one changed."""
    caches["network"].delete(_CATEGORIES)
