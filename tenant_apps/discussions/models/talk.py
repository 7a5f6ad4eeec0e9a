"""Categories, discussions, replies, and what is kept beside them: old words, read marks, helpful, names, tags."""

from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.text import slugify

from tenant_apps.discussions.enums import A_MEMBER, DiscussionKind, Via
from tenant_apps.members.models import Member
from tenants.models import SchemaBoundModel


class Category(SchemaBoundModel):
    """A subject that discussions belong to; an archived one takes no new ones."""

    name = models.CharField(max_length=60)
    slug = models.CharField(max_length=60, blank=True, help_text="The part before the @ of its email address.")
    template = models.TextField(blank=True, help_text="What a new discussion here starts with.")
    position = models.PositiveSmallIntegerField(default=0)
    is_archived = models.BooleanField(default=False)
    allows_anonymous = models.BooleanField(default=False, help_text="Members may ask here without their name.")

    class Meta:
        ordering = ("position", "name")
        verbose_name_plural = "categories"
        constraints = (
            models.UniqueConstraint(Lower("name"), name="category_name_once"),
            models.UniqueConstraint(fields=["slug"], name="category_slug_once", condition=~Q(slug="")),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def mail_name(self) -> str:
        """What stands before the @ of its address; its name's, where it was never given another."""
        return self.slug or slugify(self.name)


_PINNED_FIRST = F("pinned_at").desc(nulls_last=True)


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
    helpful_count = models.PositiveIntegerField(default=0)
    via = models.CharField(max_length=8, choices=Via, default=Via.PAGE)
    is_anonymous = models.BooleanField(default=False)
    awaits_approval = models.BooleanField(default=False)
    locked_at = models.DateTimeField(null=True)
    pinned_at = models.DateTimeField(null=True)
    hidden_at = models.DateTimeField(null=True)
    hidden_reason = models.CharField(max_length=500, blank=True)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="merged")
    archive = models.ForeignKey("Archive", null=True, on_delete=models.PROTECT, related_name="discussions")
    tag_names = ArrayField(models.CharField(max_length=40), default=list, blank=True)

    class Meta:
        ordering = ("-last_activity_at", "-id")
        constraints = (
            models.CheckConstraint(
                name="only_questions_are_answered", condition=Q(is_answered=False) | Q(kind="question")
            ),
            models.CheckConstraint(
                name="only_the_anonymous_await_approval", condition=Q(awaits_approval=False) | Q(is_anonymous=True)
            ),
        )
        indexes = (
            models.Index(fields=["-last_activity_at", "-id"], name="discussion_newest"),
            models.Index(_PINNED_FIRST, F("last_activity_at").desc(), F("id").desc(), name="discussion_pinned_first"),
            models.Index(
                F("category"),
                _PINNED_FIRST,
                F("last_activity_at").desc(),
                F("id").desc(),
                name="discussion_by_category",
            ),
            models.Index(fields=["author", "-last_activity_at", "-id"], name="discussion_by_author"),
            models.Index(
                fields=["created_at", "id"],
                name="discussion_unanswered",
                condition=Q(kind="question", is_answered=False),
            ),
            models.Index(fields=["created_at"], name="discussion_waiting", condition=Q(awaits_approval=True)),
            models.Index(fields=["merged_into"], name="discussion_merged", condition=Q(merged_into__isnull=False)),
            models.Index(fields=["archive"], name="discussion_archived", condition=Q(archive__isnull=False)),
            GinIndex(fields=["tag_names"], name="discussion_by_tag"),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def is_shared(self) -> bool:
        """Whether others see it in the Collective now."""
        return self.publication_id is not None

    @property
    def author_name(self) -> str:
        """How members see who wrote it: nobody's name where it was asked without one."""
        return A_MEMBER if self.is_anonymous else self.author.shown_name

    @property
    def author_school(self) -> str:
        """The school beside that name."""
        return "" if self.is_anonymous else self.author.headline_school

    @property
    def public_author_id(self) -> UUID | None:
        """The member behind that name, where others may know."""
        return None if self.is_anonymous else self.author_id

    @property
    def is_example(self) -> bool:
        """Whether it was made up to show how a discussion looks; its author is read for it."""
        return self.author.is_example

    @property
    def is_hidden(self) -> bool:
        """Whether a moderator hid it."""
        return self.hidden_at is not None

    @property
    def is_locked(self) -> bool:
        """Whether it takes no new replies of members."""
        return self.locked_at is not None

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
    helpful_count = models.PositiveIntegerField(default=0)
    via = models.CharField(max_length=8, choices=Via, default=Via.PAGE)
    hidden_at = models.DateTimeField(null=True)
    hidden_reason = models.CharField(max_length=500, blank=True)
    moved_from = models.ForeignKey(Discussion, null=True, on_delete=models.SET_NULL, related_name="+")
    archive = models.ForeignKey("Archive", null=True, on_delete=models.PROTECT, related_name="replies")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    edited_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("created_at", "id")
        verbose_name_plural = "replies"
        indexes = (
            models.Index(fields=["discussion", "created_at", "id"], name="reply_by_discussion"),
            models.Index(fields=["archive"], name="reply_archived", condition=Q(archive__isnull=False)),
            models.Index(fields=["moved_from"], name="reply_moved", condition=Q(moved_from__isnull=False)),
        )

    def __str__(self) -> str:
        return f"{self.author}, {self.created_at:%d %B %Y}"


class Revision(SchemaBoundModel):
    """What a discussion or a reply said before an edit; without an editor, before the words of a copy were put back."""

    discussion = models.ForeignKey(Discussion, on_delete=models.CASCADE, related_name="revisions")
    reply = models.ForeignKey(Reply, null=True, on_delete=models.CASCADE, related_name="revisions")
    editor = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
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


class Helpful(SchemaBoundModel):
    """A member found a discussion's opening, or one reply, helpful."""

    discussion = models.ForeignKey(Discussion, on_delete=models.CASCADE, related_name="+")
    reply = models.ForeignKey(Reply, null=True, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="helpful_once", fields=["discussion", "reply", "member"], nulls_distinct=False
            ),
        )

    def __str__(self) -> str:
        return f"{self.member_id} found {self.reply_id or self.discussion_id} helpful"


class Mention(SchemaBoundModel):
    """A member named in a discussion's opening, or in one reply."""

    discussion = models.ForeignKey(Discussion, on_delete=models.CASCADE, related_name="+")
    reply = models.ForeignKey(Reply, null=True, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="mention_once", fields=["member", "discussion", "reply"], nulls_distinct=False
            ),
        )

    def __str__(self) -> str:
        return f"{self.member_id} in {self.reply_id or self.discussion_id}"


class Tag(SchemaBoundModel):
    """A word that discussions of several categories have in common, as it is spelled; they keep the names."""

    name = models.CharField(max_length=40)

    class Meta:
        ordering = ("name",)
        constraints = (models.UniqueConstraint(Lower("name"), name="tag_name_once"),)

    def __str__(self) -> str:
        return self.name
