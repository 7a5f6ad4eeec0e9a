"""Configuration of the discussions app."""

from django.apps import AppConfig


class DiscussionsConfig(AppConfig):
    """Lives in each network's schema."""

    name = "tenant_apps.discussions"
    label = "discussions"
    verbose_name = "Discussions"
