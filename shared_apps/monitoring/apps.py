"""Configuration of the monitoring app."""

from django.apps import AppConfig


class MonitoringConfig(AppConfig):
    """Lives in the public schema; its figures are numbers beside ids."""

    name = "shared_apps.monitoring"
    label = "monitoring"
    verbose_name = "Monitoring"
