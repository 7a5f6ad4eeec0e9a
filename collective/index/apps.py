"""Configuration of the index app."""

from django.apps import AppConfig


class IndexConfig(AppConfig):
    """Lives in the collective schema."""

    name = "collective.index"
    label = "index"
    verbose_name = "Search index"
