"""The categories a discussion can go to, remembered for each network."""

from django.core.cache import caches

from tenant_apps.discussions.models import Category

_CATEGORIES = "discussions.categories"


def categories() -> list[Category]:
    """Return the open categories in their order; remembered for a minute in each network's own cache."""
    cache = caches["network"]
    found = cache.get(_CATEGORIES)
    if found is None:
        found = [(each.id, each.name) for each in Category.objects.filter(is_archived=False)]
        cache.set(_CATEGORIES, found)
    return [Category(id=category_id, name=name) for category_id, name in found]


def forget_categories() -> None:
    """Forget the remembered categories of the current network, after one changed."""
    caches["network"].delete(_CATEGORIES)
