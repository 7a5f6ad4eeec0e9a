"""The network's side of sharing: its policy, what is shared, the ledger, and answers that came home."""

from datetime import date, datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from collective.publications.enums import Identity
from tenant_apps.sharing.enums import LedgerAction, ShareState
from tenants.models import SchemaBoundModel


class Policy(SchemaBoundModel):
    """The organisers' rules; one row a network. Categories not listed as kept may leave."""

    is_only = models.BooleanField(default=True, editable=False, unique=True)
    approval_required = models.BooleanField(default=False)
    kept_categories = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    blocked_networks = ArrayField(models.UUIDField(), default=list, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = (models.CheckConstraint(name="policy_is_only", condition=Q(is_only=True)),)

    def __str__(self) -> str:
        return "Sharing policy"


class SharedItem(SchemaBoundModel):
    """One thing of this network and how it stands with the Collective.

    `publication_id` is a new random one each time the item is shared afresh, so that two lives of it cannot be linked.
    """

    source_kind = models.CharField(max_length=20)
    source_id = models.UUIDField()
    publication_id = models.UUIDField(unique=True)
    identity = models.CharField(max_length=10, choices=Identity)
    redactions = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    state = models.CharField(max_length=20, choices=ShareState)
    title = models.CharField(max_length=200)
    member_id = models.UUIDField()
    requested_at = models.DateTimeField(auto_now_add=True)
    shared_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-requested_at", "id")
        constraints = (
            models.UniqueConstraint(name="shared_item_once", fields=["source_kind", "source_id"]),
            models.CheckConstraint(
                name="shared_item_dates",
                condition=~Q(state="shared") | Q(shared_at__isnull=False, withdrawn_at__isnull=True),
            ),
        )
        indexes = (models.Index(fields=["state", "-requested_at"], name="shared_item_by_state"),)

    def __str__(self) -> str:
        return f"{self.title} ({self.state})"


class AppendOnlyError(Exception):
    """Somebody tried to change or remove an entry of the sharing ledger."""


class LedgerEntry(SchemaBoundModel):
    """One line of the sharing ledger; written once, never changed."""

    at = models.DateTimeField(auto_now_add=True)
    action = models.CharField(max_length=20, choices=LedgerAction)
    item = models.ForeignKey(SharedItem, null=True, on_delete=models.PROTECT, related_name="ledger")
    publication_id = models.UUIDField(null=True)
    identity = models.CharField(max_length=10, blank=True)
    title = models.CharField(max_length=200, blank=True)
    member_id = models.UUIDField(null=True)
    count = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ("-at", "-id")
        indexes = (models.Index(fields=["-at", "-id"], name="ledger_newest"),)

    def __str__(self) -> str:
        return f"{self.get_action_display()}: {self.title}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write a new entry; raises AppendOnlyError for one that is there."""
        if not self._state.adding:
            raise AppendOnlyError("A ledger entry is never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        """Raise AppendOnlyError."""
        raise AppendOnlyError("A ledger entry is never removed.")


class ReceivedReply(SchemaBoundModel):
    """An answer from another network that came home when its publication was withdrawn.

    `id` is the reply's own; there is no account id, only what was shown. Its author can have the text removed.
    """

    source_kind = models.CharField(max_length=20)
    source_id = models.UUIDField()
    body = models.TextField(blank=True)
    shown_name = models.CharField(max_length=120, blank=True)
    shown_role = models.CharField(max_length=200, blank=True)
    shown_network = models.CharField(max_length=80, blank=True)
    shown_colour = models.CharField(max_length=7, blank=True)
    is_answer = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    received_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True)
    hidden_at = models.DateTimeField(null=True, help_text="Since when a moderator hides it.")

    class Meta:
        ordering = ("created_at", "id")
        indexes = (models.Index(fields=["source_kind", "source_id", "created_at"], name="received_by_source"),)

    def __str__(self) -> str:
        return f"{self.shown_name or 'Someone'}, {self.created_at:%d %B %Y}"

    @property
    def shown_when(self) -> datetime | date:
        """Return what a page says of when: the day alone where nobody is named; `created_at` has no more then."""
        return self.created_at if self.shown_network else timezone.localdate(self.created_at)
