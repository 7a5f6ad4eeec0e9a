"""Configuration of the index app."""

from django.apps import AppConfig


class IndexConfig(AppConfig):
    """Lives in the collective schema."""

    name = "collective.index"
    label = "index"
    verbose_name = "Search index"

    def ready(self) -> None:
        from collective.index import receivers, tasks  # noqa: F401 - connecting and declaring is what they are for
