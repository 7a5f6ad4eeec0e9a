"""What members are writing, and what became of the forms they sent."""

from django.db import models
from django.utils import timezone

from tenant_apps.discussions.enums import DiscussionKind
from tenant_apps.discussions.models.talk import Category, Discussion, Reply
from tenant_apps.members.models import Member
from tenants.models import SchemaBoundModel


class Draft(SchemaBoundModel):
    """What a member is writing: a new discussion, or a reply to one; all that its form holds, as it was typed."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    discussion = models.ForeignKey(Discussion, null=True, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12, choices=DiscussionKind, blank=True)
    category = models.ForeignKey(Category, null=True, on_delete=models.SET_NULL, related_name="+")
    title = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True)
    tags = models.CharField(max_length=300, blank=True, db_default="")
    is_anonymous = models.BooleanField(default=False, db_default=False)
    poll = models.JSONField(default=dict, blank=True, db_default={})
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="draft_once", fields=["member", "discussion"], nulls_distinct=False),
        )
        indexes = (models.Index(fields=["member", "-saved_at"], name="draft_newest"),)

    def __str__(self) -> str:
        return self.title or "Reply"


class Submission(SchemaBoundModel):
    """A form that a member sent, and what it made; `key` is a fingerprint of the form and of what was written in it."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    discussion = models.ForeignKey(Discussion, null=True, on_delete=models.CASCADE, related_name="+")
    reply = models.ForeignKey(Reply, null=True, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.UniqueConstraint(name="submission_once", fields=["member", "key"]),)
        indexes = (models.Index(fields=["created_at"], name="submission_by_age"),)

    def __str__(self) -> str:
        return self.key[:8]
