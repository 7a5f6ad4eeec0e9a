"""Configuration of the api app."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """The base that every app's `api` room is built on."""

    name = "shared_apps.api"
    verbose_name = "API"

    def ready(self) -> None:
        from shared_apps.api.rest import openapi  # noqa: F401 - drf-spectacular finds the token's scheme so
