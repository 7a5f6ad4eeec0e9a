"""Configuration of the notifications app."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Lives in each network's schema."""

    name = "tenant_apps.notifications"
    label = "notifications"
    verbose_name = "Notifications"
