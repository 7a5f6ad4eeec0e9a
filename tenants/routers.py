"""Keeps every row in the schema it came from, and every table in the schema it belongs to."""

from typing import Any

from django.apps import apps
from django.db import connection, models
from django_tenants.routers import TenantSyncRouter

from tenants.enums import Kind
from tenants.models import SchemaBoundModel, refuse_elsewhere


class SchemaRouter(TenantSyncRouter):
    """Refuses to read or write through an instance outside the schema it was loaded in.

    Django asks a router, with the instance as a hint, before it saves, deletes, refreshes or follows a relation.
    """

    def db_for_read(self, model: type[models.Model], **hints: Any) -> None:
        """Refuse an instance of another schema; choose no database."""
        refuse_elsewhere(hints.get("instance"))

    db_for_write = db_for_read

    def allow_relation(self, first: models.Model, second: models.Model, **hints: Any) -> bool | None:
        """Refuse to relate two instances that were loaded in different schemas."""
        refuse_elsewhere(first)
        refuse_elsewhere(second)
        return None

    def allow_migrate(self, db: str, app_label: str, model_name: str | None = None, **hints: Any) -> bool | None:
        """Make a table only where its app is installed and, in an app of two kinds, where its model belongs."""
        if super().allow_migrate(db, app_label, model_name, **hints) is False:
            return False
        return _belongs_here(app_label, model_name)


def _belongs_here(app_label: str, model_name: str | None) -> bool | None:
    if model_name is None or app_label == "django_cache":
        return None
    try:
        model = apps.get_model(app_label, model_name)
    except LookupError:
        return None
    in_public = (connection.tenant.get_tenant_type() or Kind.PUBLIC) == Kind.PUBLIC
    return None if issubclass(model, SchemaBoundModel) != in_public else False
