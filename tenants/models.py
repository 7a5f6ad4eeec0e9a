"""Networks, their hosts, and the base of every model that lives in a network's or the Collective's schema."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, NoReturn, Self

from django.db import models
from django.db.models import F, Q
from django.db.models.sql import Query
from django.utils import timezone
from django_tenants.models import DomainMixin, TenantMixin

from tenants.context import WrongSchemaError, current_schema
from tenants.enums import Kind, NetworkState, UpgradeState
from tenants.ids import new_id


class Network(TenantMixin):
    """A tenant. The row of type "collective" is the Collective's own schema, not a network of people.

    `restored_from` is the network of which this is a copy, made from a whole archive that this installation wrote.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    type = models.CharField(max_length=12, choices=Kind, default=Kind.NETWORK)
    name = models.CharField(max_length=80)
    subdomain = models.CharField(max_length=30, unique=True)
    state = models.CharField(max_length=12, choices=NetworkState, default=NetworkState.REQUESTED)
    failed_step = models.CharField(max_length=60, blank=True)
    owner_email = models.EmailField(blank=True)
    colour = models.CharField(max_length=7, default="#3a3f94")
    region = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    state_changed_at = models.DateTimeField(auto_now_add=True)
    last_active_at = models.DateTimeField(null=True)
    release = models.CharField(max_length=16, blank=True, default="", db_default="")
    is_canary = models.BooleanField(default=False, db_default=False)
    is_read_only = models.BooleanField(default=False, db_default=False)
    template = models.CharField(max_length=40, blank=True, default="", db_default="")
    begins_with_examples = models.BooleanField(default=False, db_default=False)
    restored_from = models.UUIDField(null=True)
    closes_at = models.DateTimeField(null=True)  # from when it can only be read, if it was announced that it closes
    deletes_at = models.DateTimeField(null=True)  # from when it is deleted
    own_host = models.CharField(max_length=253, blank=True, default="", db_default="")  # where links lead, if any

    answers_on = ""  # the host by which a request found it

    auto_create_schema = False
    auto_drop_schema = False

    class Meta:
        ordering = ("name",)
        constraints = (
            models.CheckConstraint(
                name="network_subdomain_form",
                condition=Q(subdomain__regex=r"^(?=.{3,30}$)[a-z](-?[a-z0-9])+$"),
            ),
            models.CheckConstraint(name="network_colour_form", condition=Q(colour__regex=r"^#[0-9a-f]{6}$")),
            models.CheckConstraint(
                name="network_closes_before_it_is_deleted",
                condition=Q(closes_at=None, deletes_at=None) | Q(deletes_at__gte=F("closes_at")),
            ),
        )
        indexes = (models.Index(fields=["type", "state", "created_at"], name="network_by_state"),)

    def __str__(self) -> str:
        return self.name

    @property
    def is_closing(self) -> bool:
        """Whether it was announced that it closes; it goes on until then."""
        return self.closes_at is not None

    def has_closed(self, now: datetime) -> bool:
        """Whether its closing day has come: people read and take along what is theirs, and write nothing."""
        return self.closes_at is not None and self.closes_at <= now

    @property
    def is_over(self) -> bool:
        """Whether its closing day has come by now; for pages."""
        return self.has_closed(timezone.now())


class Upgrade(models.Model):
    """How bringing a network to a release ended; `Network.release` says what its schema has."""

    network = models.OneToOneField(Network, on_delete=models.CASCADE, primary_key=True)
    release = models.CharField(max_length=16)
    state = models.CharField(max_length=8, choices=UpgradeState)
    migration = models.CharField(max_length=120, blank=True)
    error = models.CharField(max_length=300, blank=True)
    attempts = models.PositiveSmallIntegerField(default=1)
    seconds = models.FloatField(default=0)
    ended_at = models.DateTimeField(auto_now=True)

    class Meta:
        indexes = (models.Index(fields=["state"], name="upgrade_by_state"),)

    def __str__(self) -> str:
        return f"{self.network}: {self.state}"


class Domain(DomainMixin):
    """A host name that answers for a network."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)


class SchemaScript(models.Model):
    """The SQL that makes a whole schema, computed from the migrations once per release."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    fingerprint = models.CharField(max_length=64, unique=True)
    sql = models.TextField()
    made_at = models.DateTimeField(auto_now_add=True)

    app_privileges = ("SELECT",)  # the owner runs it

    def __str__(self) -> str:
        return self.fingerprint


def refuse_elsewhere(instance: models.Model | None) -> None:
    """Raise WrongSchemaError when a schema-bound instance is used outside the schema it belongs to."""
    schema = getattr(getattr(instance, "_state", None), "schema", None)
    if schema is not None and schema != current_schema():
        raise WrongSchemaError(f"{type(instance).__name__} of {schema} was used in {current_schema()}.")


class SchemaBoundQuery(Query):
    """A query that is compiled only in the schema where it was begun, also as a part of another query."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.schema = current_schema()

    def get_compiler(self, *args: Any, **kwargs: Any) -> Any:
        """Return what runs the query; Django asks for it whenever rows are read."""
        self.refuse_elsewhere()
        return super().get_compiler(*args, **kwargs)

    def refuse_elsewhere(self) -> None:
        """Raise WrongSchemaError in another schema; a query for nothing, such as `none()`, is harmless anywhere."""
        if self.schema != current_schema() and not self.is_empty():
            raise WrongSchemaError(f"A query for {self.model} begun in {self.schema} was used in {current_schema()}.")


class SchemaBoundQuerySet(models.QuerySet):
    """A queryset that reads, through its query, and writes only in the schema where it was begun."""

    query: SchemaBoundQuery

    def __init__(
        self,
        model: type[models.Model] | None = None,
        query: Query | None = None,
        using: str | None = None,
        hints: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(model, query or SchemaBoundQuery(model), using, hints)

    def _insert(self, objs: Iterable[models.Model], *args: Any, **kwargs: Any) -> Any:
        self.query.refuse_elsewhere()
        inserted = super()._insert(objs, *args, **kwargs)
        for instance in objs:
            instance._state.schema = current_schema()
        return inserted

    _insert.alters_data = True

    def _update(self, *args: Any, **kwargs: Any) -> int:
        self.query.refuse_elsewhere()
        return super()._update(*args, **kwargs)

    _update.alters_data = True

    def _raw_delete(self, *args: Any, **kwargs: Any) -> Any:
        self.query.refuse_elsewhere()
        return super()._raw_delete(*args, **kwargs)

    _raw_delete.alters_data = True

    def create(self, **kwargs: Any) -> Any:
        """Insert a row into this schema only."""
        self.query.refuse_elsewhere()
        return super().create(**kwargs)

    create.alters_data = True

    def update(self, **kwargs: Any) -> int:
        """Update rows of this schema only."""
        self.query.refuse_elsewhere()
        return super().update(**kwargs)

    update.alters_data = True

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> Any:
        """Insert rows into this schema only; refuses instances that belong to another."""
        self.query.refuse_elsewhere()
        objs = list(objs)
        for instance in objs:
            refuse_elsewhere(instance)
        return super().bulk_create(objs, *args, **kwargs)

    def bulk_update(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> int:
        """Update rows of this schema only; refuses instances that belong to another."""
        objs = list(objs)
        for instance in objs:
            refuse_elsewhere(instance)
        return super().bulk_update(objs, *args, **kwargs)

    bulk_update.alters_data = True

    def raw(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse: a raw query would not remember its schema. Use a cursor and read all of it at once."""
        raise NotImplementedError("Raw queries do not remember their schema.")


class SchemaBoundModel(models.Model):
    """Base of every model in a network's or the Collective's schema: a row remembers the schema it came from."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)

    objects = SchemaBoundQuerySet.as_manager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    @classmethod
    def from_db(cls, db: str | None, field_names: Collection[str], values: Collection[Any], **kwargs: Any) -> Self:
        """Load a row and remember where it came from."""
        instance = super().from_db(db, field_names, values, **kwargs)
        instance._state.schema = current_schema()
        return instance

    def save_base(self, *args: Any, **kwargs: Any) -> None:
        """Write the row into the schema it belongs to, or raise WrongSchemaError."""
        refuse_elsewhere(self)
        super().save_base(*args, **kwargs)
        self._state.schema = current_schema()
