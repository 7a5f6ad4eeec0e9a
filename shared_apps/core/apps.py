"""Configuration of the core app."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Lives in the public schema."""

    name = "shared_apps.core"
    label = "core"
    verbose_name = "Core"

    def ready(self) -> None:
        """Say of every field that is too long what to do about it."""
        from django.core.validators import MaxLengthValidator

        MaxLengthValidator.message = "Shorten this to %(limit_value)d characters or fewer. It has %(show_value)d."
