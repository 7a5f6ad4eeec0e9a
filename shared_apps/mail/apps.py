"""Configuration of the mail app."""

from django.apps import AppConfig


class MailConfig(AppConfig):
    """Installed in every kind of schema; tenants.routers decides which table goes where."""

    name = "shared_apps.mail"
    verbose_name = "Mail"
