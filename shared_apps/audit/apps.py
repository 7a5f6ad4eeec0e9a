"""Configuration of the audit app."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Installed in every kind of schema; tenants.routers decides which table goes where."""

    name = "shared_apps.audit"
    verbose_name = "Audit"
