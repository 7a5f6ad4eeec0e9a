"""Who follows what and how much, how they want to be told, what there is to tell, and who was told of it."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from tenant_apps.members.models import Member
from tenant_apps.notifications.enums import Channel, Kind, Level
from tenants.models import SchemaBoundModel


class Follow(SchemaBoundModel):
    """How much a member wants to hear of one thing; `kind` names what `object_id` is, such as "discussion"."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    object_id = models.UUIDField()
    level = models.CharField(max_length=10, choices=Level, default=Level.EVERYTHING)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="follow_once", fields=["kind", "object_id", "member"]),
            models.CheckConstraint(name="follow_level_known", condition=Q(level__in=Level.values)),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"


class Preference(SchemaBoundModel):
    """How a member wants to be told of one kind of news; without a row it is by email."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=14, choices=Kind)
    channel = models.CharField(max_length=6, choices=Channel)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="preference_once", fields=["member", "kind"]),
            models.CheckConstraint(name="preference_channel_known", condition=Q(channel__in=Channel.values)),
        )

    def __str__(self) -> str:
        return f"{self.kind} by {self.channel}"


class News(SchemaBoundModel):
    """Something that happened, written once for all who are told of it; `key` names it, so that it is told once.

    `path` is the page on this network's host; `about_kind` and `about_id` are what can be followed or muted.
    """

    key = models.CharField(max_length=150, unique=True)
    kind = models.CharField(max_length=14, choices=Kind)
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    by_name = models.CharField(max_length=200, blank=True)
    path = models.CharField(max_length=300)
    about_kind = models.CharField(max_length=40, blank=True)
    about_id = models.UUIDField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "news"
        indexes = (
            models.Index(fields=["about_kind", "about_id"], name="news_about"),
            models.Index(fields=["created_at"], name="news_by_age"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Notification(SchemaBoundModel):
    """That a member is told of some news: in the inbox, by email, in a digest.

    `digest_id` is the digest that took it. What is only for the digest (`in_inbox` false) is not counted as unseen.
    """

    news = models.ForeignKey(News, on_delete=models.CASCADE, related_name="notifications")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=14, choices=Kind)  # for this member: a reply that names them is a mention
    channel = models.CharField(max_length=6, choices=Channel)
    in_inbox = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(null=True)
    digest_id = models.UUIDField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(name="notification_once", fields=["news", "member"]),)
        indexes = (
            models.Index(fields=["member", "-created_at", "-id"], name="notification_by_member"),
            models.Index(
                fields=["member", "-created_at"],
                name="notification_unseen",
                condition=Q(seen_at__isnull=True, in_inbox=True),
            ),
            models.Index(
                fields=["member", "created_at"],
                name="notification_for_digest",
                condition=Q(channel="digest", digest_id__isnull=True, seen_at__isnull=True),
            ),
            models.Index(fields=["digest_id"], name="notification_in_digest", condition=Q(digest_id__isnull=False)),
        )

    def __str__(self) -> str:
        return f"{self.kind} for {self.member_id}"


class ReplyAddress(SchemaBoundModel):
    """Where a member's answers to emails about one thing go: `reply+<token>@<host>`, worth nothing to anybody else.

    Programs on the way may write it in small letters, so the token has no others.
    """

    token = models.CharField(max_length=20, unique=True)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    object_id = models.UUIDField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "reply addresses"
        constraints = (
            models.UniqueConstraint(name="reply_address_once", fields=["member", "kind", "object_id"]),
            models.CheckConstraint(
                name="reply_address_form",
                condition=Q(token__regex=r"^[a-z2-7]{20}$"),  # noqa: S106 - a form, not a secret
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"


class MemberAddress(SchemaBoundModel):
    """Another address that a member writes from, as an organiser has said."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    address = models.EmailField()
    added_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "member addresses"
        constraints = (models.UniqueConstraint(Lower("address"), name="member_address_once"),)

    def __str__(self) -> str:
        return self.address
