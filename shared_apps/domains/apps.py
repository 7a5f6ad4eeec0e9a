"""Configuration of the domains app."""

from django.apps import AppConfig


class DomainsConfig(AppConfig):
    """Lives in the public schema: a host is looked up before there is a schema to look in."""

    name = "shared_apps.domains"
    label = "domains"
    verbose_name = "Own domains"
