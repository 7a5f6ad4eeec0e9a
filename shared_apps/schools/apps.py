"""Configuration of the schools app."""

from django.apps import AppConfig


class SchoolsConfig(AppConfig):
    """The national register of schools, loaded once for all networks."""

    name = "shared_apps.schools"
