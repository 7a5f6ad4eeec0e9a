"""Cases, the reports in them, what moderators did, and appeals against it."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from tenant_apps.members.models import Member
from tenant_apps.moderation.enums import ActKind, CaseState, Reason
from tenants.models import SchemaBoundModel


class Case(SchemaBoundModel):
    """One thing that was reported; `kind` names the adapter, `text` is what it said when it was first reported.

    `author` is nobody for what somebody of another network wrote, and is not named where they wrote anonymously.
    `told_at` is when the moderators had an email about it.
    """

    kind = models.CharField(max_length=20)
    object_id = models.UUIDField()
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    author = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    is_anonymous = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=CaseState, default=CaseState.OPEN)
    outcome = models.CharField(max_length=12, choices=ActKind, blank=True)
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("opened_at", "id")
        constraints = (
            models.UniqueConstraint(name="case_one_open", fields=["kind", "object_id"], condition=Q(state="open")),
            models.CheckConstraint(
                name="case_closed_with_outcome",
                condition=Q(state="open", closed_at__isnull=True) | (Q(state="closed") & ~Q(outcome="")),
            ),
        )
        indexes = (
            models.Index(fields=["state", "opened_at", "id"], name="case_by_state"),
            models.Index(fields=["author", "-opened_at"], name="case_by_author"),
            models.Index(fields=["kind", "object_id"], name="case_by_thing"),
        )

    def __str__(self) -> str:
        return self.title


class Report(SchemaBoundModel):
    """What one person said is wrong with it.

    A report from the Collective has no member but where it came from; `collective_id` is its own id there.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="reports")
    member = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    network_name = models.CharField(max_length=80, blank=True)
    collective_id = models.UUIDField(null=True)
    reason = models.CharField(max_length=12, choices=Reason)
    words = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    told_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("created_at", "id")
        constraints = (
            models.UniqueConstraint(name="report_once", fields=["case", "member"]),
            models.UniqueConstraint(name="report_taken_in_once", fields=["collective_id"]),
            models.CheckConstraint(
                name="report_has_a_sender", condition=Q(member__isnull=False) | Q(collective_id__isnull=False)
            ),
        )
        indexes = (models.Index(fields=["member", "-created_at"], name="report_by_member"),)

    def __str__(self) -> str:
        return f"{self.get_reason_display()}, {self.created_at:%d %B %Y}"


class AppendOnlyError(Exception):
    """Somebody tried to change or remove an entry of the moderators' log."""


class Act(SchemaBoundModel):
    """One line of the moderators' log: who did what about which case, when and why; written once, never changed.

    `until` is when a suspension ends by itself. An act that takes an earlier one back names it in `undoes`.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="acts")
    kind = models.CharField(max_length=12, choices=ActKind)
    about = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    at = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField(null=True)
    undoes = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="undone_by")

    class Meta:
        ordering = ("-at", "-id")
        constraints = (
            models.CheckConstraint(
                name="act_ends_only_a_suspension", condition=Q(until__isnull=True) | Q(kind="suspended")
            ),
        )
        indexes = (
            models.Index(fields=["-at", "-id"], name="act_newest"),
            models.Index(fields=["about", "-at", "-id"], name="act_by_member"),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.case_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write a new entry; raises AppendOnlyError for one that is there."""
        if not self._state.adding:
            raise AppendOnlyError("An entry of the moderators’ log is never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        """Raise AppendOnlyError."""
        raise AppendOnlyError("An entry of the moderators’ log is never removed.")


class Appeal(SchemaBoundModel):
    """The author's one answer to an act, and what another moderator made of it."""

    act = models.OneToOneField(Act, on_delete=models.PROTECT, related_name="appeal")
    words = models.TextField()
    created_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    is_granted = models.BooleanField(null=True)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ("created_at", "id")
        constraints = (
            models.CheckConstraint(
                name="appeal_decided_whole",
                condition=Q(decided_at__isnull=True, decided_by__isnull=True, is_granted__isnull=True)
                | Q(decided_at__isnull=False, decided_by__isnull=False, is_granted__isnull=False),
            ),
        )
        indexes = (models.Index(fields=["created_at"], name="appeal_open", condition=Q(decided_at__isnull=True)),)

    def __str__(self) -> str:
        return f"Appeal of {self.created_at:%d %B %Y}"
