"""Configuration of the config app, which exists for its commands."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Installed so that `manage.py` finds its commands."""

    name = "config"
    verbose_name = "Configuration"
