"""Configuration of the core app."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Lives in the public schema."""

    name = "shared_apps.core"
    label = "core"
    verbose_name = "Core"
