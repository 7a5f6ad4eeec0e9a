"""Configuration of the sharing app."""

from django.apps import AppConfig


class SharingConfig(AppConfig):
    """Lives in each network's schema; makes the network known to the Collective when it is seeded."""

    name = "tenant_apps.sharing"
    label = "sharing"
    verbose_name = "Sharing"
