"""Configuration of the requests app."""

from django.apps import AppConfig


class RequestsConfig(AppConfig):
    """Lives in the public schema: who asks for a network has none yet."""

    name = "shared_apps.requests"
    label = "requests"
    verbose_name = "Requests to start a network"
