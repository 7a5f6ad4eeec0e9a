"""Configuration of the api app."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """The base that every app's `api` room is built on."""

    name = "shared_apps.api"
    verbose_name = "API"
