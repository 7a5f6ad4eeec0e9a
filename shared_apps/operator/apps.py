"""Configuration of the operator app."""

from django.apps import AppConfig


class OperatorConfig(AppConfig):
    """Lives in the public schema."""

    name = "shared_apps.operator"
    label = "operator"
    verbose_name = "Operator"
