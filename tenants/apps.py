"""Configuration of the tenants app."""

from django.apps import AppConfig


class TenantsConfig(AppConfig):
    """The lowest package: everything above may import it, it imports nothing of ours."""

    name = "tenants"
    verbose_name = "Networks"

    def ready(self) -> None:
        """Check the database backend, and compute the script of a network's schema when migrations have run."""
        from django_tenants.signals import schema_migrated

        from tenants import context, schema

        context.check_backend()
        schema_migrated.connect(schema.on_schema_migrated, dispatch_uid="tenants.schema_script")
