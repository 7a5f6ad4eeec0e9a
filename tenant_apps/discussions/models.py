"""Categories, discussions, replies, what they were before an edit, and how far each member has read."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from tenant_apps.discussions.enums import DiscussionKind
from tenant_apps.members.models import Member
from tenants.models import SchemaBoundModel


class Category(SchemaBoundModel):
    """A subject that discussions belong to; an archived one takes no new ones."""

    name = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField(default=0)
    is_archived = models.BooleanField(default=False)

    class Meta:
        ordering = ("position", "name")
        verbose_name_plural = "categories"
        constraints = (models.UniqueConstraint(Lower("name"), name="category_name_once"),)

    def __str__(self) -> str:
        return self.name


class Discussion(SchemaBoundModel):
    """A question or a topic. The counts repeat what its replies say, so that a list needs no join.

    `away_count` counts the replies of other networks, in the Collective or come home; `publication_id` is set while
    the discussion is shared.
    """

    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="discussions")
    author = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="discussions")
    kind = models.CharField(max_length=12, choices=DiscussionKind, default=DiscussionKind.QUESTION)
    title = models.CharField(max_length=200)
    body = models.TextField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    edited_at = models.DateTimeField(null=True)
    last_activity_at = models.DateTimeField(default=timezone.now)
    reply_count = models.PositiveIntegerField(default=0)
    away_count = models.PositiveIntegerField(default=0)
    received_count = models.PositiveIntegerField(default=0)
    is_answered = models.BooleanField(default=False)
    publication_id = models.UUIDField(null=True, unique=True)

    class Meta:
        ordering = ("-last_activity_at", "-id")
        constraints = (
            models.CheckConstraint(
                name="only_questions_are_answered", condition=Q(is_answered=False) | Q(kind="question")
            ),
        )
        indexes = (
            models.Index(fields=["-last_activity_at", "-id"], name="discussion_newest"),
            models.Index(fields=["category", "-last_activity_at", "-id"], name="discussion_by_category"),
            models.Index(fields=["author", "-last_activity_at", "-id"], name="discussion_by_author"),
            models.Index(
                fields=["created_at", "id"],
                name="discussion_unanswered",
                condition=Q(kind="question", is_answered=False),
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def is_shared(self) -> bool:
        """Whether others see it in the Collective now."""
        return self.publication_id is not None

    @property
    def total_replies(self) -> int:
        """Replies of this network and of others."""
        return self.reply_count + self.away_count

    @property
    def new_count(self) -> int:
        """Replies that are new to the member for whom a selector read the discussion."""
        return max(self.total_replies - (getattr(self, "seen_count", None) or 0), 0)

    @property
    def is_unread(self) -> bool:
        """Whether that member has something new here; what was quiet since before they joined is not new."""
        seen, joined_at = getattr(self, "seen_count", None), getattr(self, "reader_joined_at", None)
        if seen is None:
            return joined_at is not None and self.last_activity_at > joined_at
        return seen < self.total_replies

    @property
    def state(self) -> str:
        """One word for lists and the API: answered, unanswered, or open for what is not a question."""
        if self.kind == DiscussionKind.DISCUSSION:
            return "open"
        return "answered" if self.is_answered else "unanswered"


class Reply(SchemaBoundModel):
    """What a member of this network said."""

    discussion = models.ForeignKey(Discussion, on_delete=models.CASCADE, related_name="replies")
    author = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="replies")
    body = models.TextField()
    is_answer = models.BooleanField(default=False)
    marked_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    edited_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("created_at", "id")
        verbose_name_plural = "replies"
        indexes = (models.Index(fields=["discussion", "created_at", "id"], name="reply_by_discussion"),)

    def __str__(self) -> str:
        return f"{self.author}, {self.created_at:%d %B %Y}"


class Revision(SchemaBoundModel):
    """What a discussion or a reply said before an edit."""

    discussion = models.ForeignKey(Discussion, on_delete=models.CASCADE, related_name="revisions")
    reply = models.ForeignKey(Reply, null=True, on_delete=models.CASCADE, related_name="revisions")
    editor = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=200, blank=True)
    body = models.TextField()
    replaced_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-replaced_at", "-id")
        indexes = (models.Index(fields=["discussion", "reply", "-replaced_at"], name="revision_newest"),)

    def __str__(self) -> str:
        return f"{self.title or 'Reply'} before {self.replaced_at:%d %B %Y, %H:%M}"


class ReadMark(SchemaBoundModel):
    """How many replies of a discussion a member has seen; kept per discussion, not per reply."""

    discussion = models.ForeignKey(Discussion, on_delete=models.CASCADE, related_name="read_marks")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    seen_count = models.PositiveIntegerField(default=0)
    read_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.UniqueConstraint(name="read_mark_once", fields=["member", "discussion"]),)

    def __str__(self) -> str:
        return f"{self.member_id} read {self.seen_count}"
