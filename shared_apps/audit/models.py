"""Audit events: one table for the platform, one of another name in each network and in the Collective."""

from collections.abc import Iterable
from typing import Any, NoReturn

from django.db import models
from django.utils import timezone

from shared_apps.audit.enums import Via
from tenants.ids import new_id
from tenants.models import SchemaBoundModel, SchemaBoundQuerySet


class AppendOnlyError(Exception):
    """An audit event was to be changed or deleted; write another event instead."""


def _refuse(*_args: Any, **_kwargs: Any) -> NoReturn:
    raise AppendOnlyError("Audit events are written once and never changed.")


class PlatformEventQuerySet(models.QuerySet):
    """Refuses every way a queryset has of changing rows, but for the one that forgets an address."""

    update = delete = bulk_update = update_or_create = _raw_delete = _refuse
    aupdate = adelete = abulk_update = aupdate_or_create = _refuse

    def bulk_create(self, objs: Iterable[Any], *args: Any, update_conflicts: bool = False, **kwargs: Any) -> Any:
        """Insert events; refuses to change the ones that are there."""
        if update_conflicts:
            _refuse()
        return super().bulk_create(objs, *args, **kwargs)

    def forget_address(self) -> int:
        """Clear from where it was; the events stay."""
        return super().update(address=None)

    forget_address.queryset_only = True


class EventQuerySet(PlatformEventQuerySet, SchemaBoundQuerySet):
    """Events of one schema, which can be added and read."""


class EventFields(models.Model):
    """What is kept of an act: of people their ids alone, which lead to nobody once an account is anonymised."""

    name = models.CharField(max_length=100)
    actor_id = models.UUIDField(null=True)  # an account
    actor_label = models.CharField(max_length=60, blank=True)  # only of what is not a person, such as "reconciler"
    via = models.CharField(max_length=8, choices=Via)
    address = models.GenericIPAddressField(null=True)
    target_kind = models.CharField(max_length=60, blank=True)
    target_id = models.UUIDField(null=True)
    fields = models.JSONField(default=list)
    details = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now)

    app_privileges = ("SELECT", "INSERT")  # in PostgreSQL too: tenants/roles.py

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    def save(self, **kwargs: Any) -> None:
        """Add the event; raises AppendOnlyError for one that is there already."""
        if not self._state.adding or kwargs.get("force_update"):
            _refuse()
        super().save(**{**kwargs, "force_insert": True})

    delete = _refuse


class PlatformEvent(EventFields):
    """What happened on the platform: in public."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)

    objects = PlatformEventQuerySet.as_manager()

    class Meta:
        db_table = "audit_platform_event"
        base_manager_name = "objects"
        ordering = ("-id",)
        indexes = (
            models.Index(fields=["target_kind", "target_id"], name="audit_platform_by_target"),
            models.Index(fields=["actor_id"], name="audit_platform_by_actor"),
        )


class Event(EventFields, SchemaBoundModel):
    """What happened in a network or in the Collective: in its own schema."""

    objects = EventQuerySet.as_manager()

    class Meta:
        db_table = "audit_event"
        base_manager_name = "objects"
        ordering = ("-id",)
        indexes = (
            models.Index(fields=["target_kind", "target_id"], name="audit_by_target"),
            models.Index(fields=["actor_id"], name="audit_by_actor"),
        )
