"""Configuration of the home app."""

from django.apps import AppConfig


class HomeConfig(AppConfig):
    """Lives in each network's schema."""

    name = "tenant_apps.home"
    label = "home"
    verbose_name = "Home"
