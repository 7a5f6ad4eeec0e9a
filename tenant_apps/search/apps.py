"""Configuration of the search app."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """Lives in each network's schema; finds what the features wrote, and what is like a question being asked."""

    name = "tenant_apps.search"
    label = "search"
    verbose_name = "Search"

    def ready(self) -> None:
        """Listen to the features, and take the box in the bar."""
        from shared_apps.core.navigation import Area, NavItem, register
        from tenant_apps.discussions.adapters import register_similar
        from tenant_apps.search import receivers, tasks  # noqa: F401 - connecting and declaring is what they are for
        from tenant_apps.search.adapters import similar_to

        register_similar(similar_to)
        register(NavItem(label="Search", url_name="search:search", area=Area.SEARCH))
