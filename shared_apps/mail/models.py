"""Outgoing messages: one table for the platform, one of another name in each network and in the Collective.

In `public` also who wants mail when, which addresses take it, and which digests were sent; in networks what came in.
"""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from shared_apps.mail.enums import DigestState, Frequency, InboundReason, InboundState, PauseReason, State
from tenants.ids import new_id
from tenants.models import SchemaBoundModel


class MessageFields(models.Model):
    """A rendered message and how far it came."""

    kind = models.CharField(max_length=60)  # "discussions.reply"
    host = models.CharField(max_length=255)  # the host it speaks for, without a port
    from_name = models.CharField(max_length=200, blank=True)  # instead of the name of its network or the platform
    to_address = models.EmailField()
    to_account_id = models.UUIDField(null=True)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    html = models.TextField()
    headers = models.JSONField(default=dict)
    thread_key = models.CharField(max_length=100, blank=True)
    dedupe_key = models.CharField(max_length=200, null=True, unique=True)  # noqa: DJ001 # several rows have none
    state = models.CharField(max_length=6, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=60, blank=True)  # the class or SMTP code of the last failure, never its text
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)
    delete_after = models.DateTimeField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class PlatformMessage(MessageFields):
    """A message of the platform itself: in public."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)

    class Meta:
        db_table = "mail_platform_message"
        ordering = ("-id",)
        indexes = (
            models.Index(fields=["host"], name="mail_platform_by_host"),
            models.Index(fields=["delete_after"], name="mail_platform_by_end"),
        )
        constraints = (
            models.CheckConstraint(
                name="mail_platform_sent_has_time", condition=Q(sent_at__isnull=True) ^ Q(state=State.SENT)
            ),
        )


class Message(MessageFields, SchemaBoundModel):
    """A message of a network or of the Collective: in its own schema."""

    class Meta:
        db_table = "mail_message"
        base_manager_name = "objects"
        ordering = ("-id",)
        indexes = (
            models.Index(fields=["to_address", "thread_key"], name="mail_by_thread"),
            models.Index(fields=["delete_after"], name="mail_by_end"),
        )
        constraints = (
            models.CheckConstraint(name="mail_sent_has_time", condition=Q(sent_at__isnull=True) ^ Q(state=State.SENT)),
        )


class Address(models.Model):
    """How an address takes our mail, whichever network writes: what bounced, and whether we stopped."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    address = models.EmailField(unique=True)
    soft_count = models.PositiveSmallIntegerField(default=0)
    bounced_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=9, choices=PauseReason, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(name="mail_address_lower", condition=Q(address=Lower("address"))),
            models.CheckConstraint(name="mail_paused_has_reason", condition=Q(paused_at__isnull=True) ^ ~Q(reason="")),
        )

    def __str__(self) -> str:
        return str(self.pk)


class Recipient(models.Model):
    """When a person wants mail, on every network alike; hours are by the clock of the United Kingdom."""

    account_id = models.UUIDField(primary_key=True)
    digest = models.CharField(max_length=6, choices=Frequency, default=Frequency.DAILY)
    digest_hour = models.PositiveSmallIntegerField(default=7)
    digest_weekday = models.PositiveSmallIntegerField(default=0)  # Monday
    quiet_from = models.PositiveSmallIntegerField(null=True)
    quiet_until = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="mail_recipient_hours",
                condition=Q(digest_hour__lt=24, digest_weekday__lt=7)
                & (Q(quiet_from__isnull=True) | Q(quiet_from__lt=24))
                & (Q(quiet_until__isnull=True) | Q(quiet_until__lt=24)),
            ),
            models.CheckConstraint(
                name="mail_quiet_both_or_neither",
                condition=Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return str(self.pk)


class Digest(models.Model):
    """That a person's digest of a time was planned, begun or sent: ids and times, never what it said."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account_id = models.UUIDField()
    slot_at = models.DateTimeField()
    state = models.CharField(max_length=7, choices=DigestState, default=DigestState.PLANNED)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(name="mail_digest_once", fields=["account_id", "slot_at"]),)
        indexes = (models.Index(fields=["slot_at"], name="mail_digest_by_slot"),)

    def __str__(self) -> str:
        return f"{self.pk} {self.state}"


class InboundMessage(SchemaBoundModel):
    """A message that came in for a network, as it came, and what became of it; only networks have any.

    `became_kind` and `became_id` name what it was made into, `thread_key` the conversation that belongs to, as outgoing
    messages name it. The same message to the same address is kept once.
    """

    message_id = models.CharField(max_length=255)  # its header's, without brackets; made from its bytes if it has none
    mail_from = models.CharField(max_length=320, blank=True)  # who the bounces go to; a bounce itself has nobody
    from_address = models.CharField(max_length=320)
    to_address = models.CharField(max_length=320)
    subject = models.CharField(max_length=200, blank=True)
    raw = models.BinaryField()
    received_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=9, choices=InboundState, default=InboundState.RECEIVED)
    reason = models.CharField(max_length=14, choices=InboundReason, blank=True)
    member_id = models.UUIDField(null=True)
    became_kind = models.CharField(max_length=40, blank=True)
    became_id = models.UUIDField(null=True)
    thread_key = models.CharField(max_length=100, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    delete_after = models.DateTimeField(null=True)  # what was posted is kept with the post

    class Meta:
        db_table = "mail_inbound"
        base_manager_name = "objects"
        ordering = ("-received_at", "-id")
        indexes = (
            models.Index(fields=["state", "-received_at", "-id"], name="mail_inbound_by_state"),
            models.Index(fields=["from_address", "-received_at"], name="mail_inbound_by_sender"),
            models.Index(fields=["became_id"], name="mail_inbound_became", condition=Q(became_id__isnull=False)),
            models.Index(fields=["delete_after"], name="mail_inbound_by_end", condition=Q(delete_after__isnull=False)),
        )
        constraints = (
            models.UniqueConstraint(name="mail_inbound_once", fields=["message_id", "from_address", "to_address"]),
            models.CheckConstraint(
                name="mail_inbound_posted_became",
                condition=Q(became_id__isnull=False, became_kind__gt="")
                | (~Q(state=InboundState.POSTED) & Q(became_id__isnull=True)),
            ),
        )

    def __str__(self) -> str:
        return f"{self.message_id} to {self.to_address}"


AnyMessage = Message | PlatformMessage
