"""Configuration of the portal app."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Has no tables; its pages answer on the Collective's host."""

    name = "collective.portal"
    label = "portal"
    verbose_name = "Portal"
