"""Configuration of the tenants app."""

from django.apps import AppConfig


class TenantsConfig(AppConfig):
    """The lowest package: everything above may import it, it imports nothing of ours."""

    name = "tenants"
    verbose_name = "Networks"

    def ready(self) -> None:
        """Check the database backend; when migrations run, keep the roles' rights and compute the networks' script."""
        from django_tenants.signals import schema_migrated, schema_pre_migration

        from tenants import context, roles, schema

        context.check_backend()
        schema_pre_migration.connect(roles.on_schema_migration_begins, dispatch_uid="tenants.roles.before")
        schema_migrated.connect(roles.on_schema_migrated, dispatch_uid="tenants.roles.after")
        schema_migrated.connect(schema.on_schema_migrated, dispatch_uid="tenants.schema_script")
