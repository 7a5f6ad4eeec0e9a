"""Configuration of the members app."""

from django.apps import AppConfig


class MembersConfig(AppConfig):
    """Lives in each network's schema."""

    name = "tenant_apps.members"
    label = "members"
    verbose_name = "Members"
