"""Configuration of the closing app."""

from django.apps import AppConfig


class ClosingConfig(AppConfig):
    """Lives in the public schema, because a certificate outlives its network."""

    name = "shared_apps.closing"
    label = "closing"
    verbose_name = "Closing"

    def ready(self) -> None:
        """Register the steps of deletion that concern the apps below."""
        from shared_apps.closing import services

        services.register_endings()
