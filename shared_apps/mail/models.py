"""Outgoing messages: one table for the platform, one of another name in each network and in the Collective."""

from django.db import models
from django.db.models import Q

from shared_apps.mail.enums import State
from tenants.ids import new_id
from tenants.models import SchemaBoundModel


class MessageFields(models.Model):
    """A rendered message and how far it came."""

    kind = models.CharField(max_length=60)  # "discussions.reply"
    host = models.CharField(max_length=255)  # the host it speaks for, without a port
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


AnyMessage = Message | PlatformMessage
