"""Configuration of the suppliers app."""

from django.apps import AppConfig


class SuppliersConfig(AppConfig):
    """Lives in each network's schema."""

    name = "tenant_apps.suppliers"
    label = "suppliers"
    verbose_name = "Suppliers"
