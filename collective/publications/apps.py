"""Configuration of the publications app."""

from django.apps import AppConfig


class PublicationsConfig(AppConfig):
    """Lives in the collective schema."""

    name = "collective.publications"
    label = "publications"
    verbose_name = "Publications"
