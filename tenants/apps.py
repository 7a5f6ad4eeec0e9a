"""Configuration of the tenants app."""

from django.apps import AppConfig


class TenantsConfig(AppConfig):
    """The lowest package: everything above may import it, it imports nothing of ours."""

    name = "tenants"
    verbose_name = "Networks"

    def ready(self) -> None:
        from tenants import context

        context.check_backend()
