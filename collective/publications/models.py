"""Publications, the replies to them from other networks, and the networks they come from."""

from datetime import date, datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from collective.publications.drafts import shown_time
from collective.publications.enums import Identity, PublicationKind, ReportReason
from tenants.models import SchemaBoundModel


class Origin(SchemaBoundModel):
    """A network as the Collective shows it; `id` is the network's own id.

    One row holds what can change at any time for all its publications: its name, whether it is visible (a suspended
    network's publications are hidden, not deleted) and which networks its policy blocks.
    """

    name = models.CharField(max_length=80)
    subdomain = models.CharField(max_length=30)
    colour = models.CharField(max_length=7)
    region = models.CharField(max_length=40, blank=True)
    is_visible = models.BooleanField(default=True)
    blocks = ArrayField(models.UUIDField(), default=list, blank=True)
    closed_at = models.DateTimeField(null=True)  # since when the network is deleted and has no name

    def __str__(self) -> str:
        return self.name


class Publication(SchemaBoundModel):
    """The copy of a shared item: only the fields that leave, as others see them.

    `origin` is where it came from; for an anonymous publication it is used to bring answers home and to respect
    blocks, and is never shown. Its id is then random and its time rounded to the day, so that no two anonymous items
    can be linked.
    """

    origin = models.ForeignKey(Origin, on_delete=models.PROTECT, related_name="publications")
    kind = models.CharField(max_length=16, choices=PublicationKind)
    identity = models.CharField(max_length=10, choices=Identity)
    title = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    category = models.CharField(max_length=60, blank=True)
    phase = models.CharField(max_length=40, blank=True)
    size = models.CharField(max_length=40, blank=True)
    shown_name = models.CharField(max_length=120, blank=True)
    shown_role = models.CharField(max_length=200, blank=True)
    shown_network = models.CharField(max_length=80, blank=True)
    shown_region = models.CharField(max_length=40, blank=True)
    supplier_key = models.CharField(max_length=120, blank=True)
    supplier_name = models.CharField(max_length=120, blank=True)
    supplier_website = models.URLField(blank=True)
    response = models.PositiveSmallIntegerField(null=True)
    quality = models.PositiveSmallIntegerField(null=True)
    value = models.PositiveSmallIntegerField(null=True)
    would_use_again = models.BooleanField(null=True)
    answered_at_home = models.BooleanField(default=False)
    is_answered = models.BooleanField(default=False)
    is_closed = models.BooleanField(default=False, help_text="Its network takes no more replies.")
    reply_count = models.PositiveIntegerField(default=0)
    shown_at = models.DateTimeField()
    published_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-shown_at", "id")
        indexes = (
            models.Index(fields=["-shown_at", "id"], name="publication_newest"),
            models.Index(fields=["origin", "-shown_at"], name="publication_by_origin"),
            models.Index(
                fields=["supplier_key", "-shown_at"],
                name="publication_by_supplier",
                condition=~Q(supplier_key=""),
            ),
            models.Index(
                fields=["-shown_at"],
                name="publication_unanswered",
                condition=Q(kind="question", is_answered=False),
            ),
        )
        constraints = (
            models.CheckConstraint(
                name="publication_anonymous_shows_nobody",
                condition=~Q(identity="anonymous") | Q(shown_name="", shown_role="", shown_network=""),
            ),
            models.CheckConstraint(
                name="publication_ratings_one_to_five",
                condition=(Q(response__isnull=True) | Q(response__range=(1, 5)))
                & (Q(quality__isnull=True) | Q(quality__range=(1, 5)))
                & (Q(value__isnull=True) | Q(value__range=(1, 5))),
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def shown_when(self) -> datetime | date:
        """Return what a page says of when: the day alone where nobody is named."""
        return timezone.localdate(self.shown_at) if self.identity == Identity.ANONYMOUS else self.shown_at

    @property
    def shown_replies(self) -> int:
        """Return how many replies the reader sees; selectors count those that a block hides from them."""
        return self.reply_count - getattr(self, "hidden_replies", 0)


class PublicationReply(SchemaBoundModel):
    """What a member of another network said; moved home into the origin's schema when the publication is withdrawn.

    The database does not enforce the link, so that publications can be rebuilt from the networks without losing a
    reply; `check_collective` finds replies without a publication. `created_at` orders them and is never shown: what is
    shown is `shown_at`, and an anonymous reply's id is random.
    """

    publication = models.ForeignKey(
        Publication, on_delete=models.DO_NOTHING, db_constraint=False, related_name="replies"
    )
    account_id = models.UUIDField(db_index=True)
    network_id = models.UUIDField()
    identity = models.CharField(max_length=10, choices=Identity)
    shown_name = models.CharField(max_length=120, blank=True)
    shown_role = models.CharField(max_length=200, blank=True)
    shown_network = models.CharField(max_length=80, blank=True)
    shown_colour = models.CharField(max_length=7, blank=True)
    body = models.TextField()
    is_answer = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    edited_at = models.DateTimeField(null=True)
    hidden_here_at = models.DateTimeField(null=True, help_text="Since when the publication’s network hides it.")
    hidden_there_at = models.DateTimeField(null=True, help_text="Since when its author’s network hides it.")

    class Meta:
        ordering = ("created_at", "id")
        indexes = (models.Index(fields=["publication", "created_at"], name="reply_by_publication"),)

    def __str__(self) -> str:
        return f"{self.shown_name or self.identity}, {self.created_at:%d %B %Y}"

    @property
    def is_hidden(self) -> bool:
        """Whether the moderators of either network have taken it out of sight."""
        return bool(self.hidden_here_at or self.hidden_there_at)

    @property
    def shown_at(self) -> datetime:
        """Return the time others see."""
        return shown_time(self.created_at, self.identity)

    @property
    def shown_when(self) -> datetime | date:
        """Return what a page says of when: the day alone where nobody is named."""
        return timezone.localdate(self.created_at) if self.identity == Identity.ANONYMOUS else self.created_at


class KeptPublication(SchemaBoundModel):
    """Whose a publication is that stayed when its network was deleted: its author's only handle on it."""

    publication = models.OneToOneField(Publication, on_delete=models.CASCADE, related_name="kept")
    account_id = models.UUIDField(db_index=True)

    def __str__(self) -> str:
        return str(self.publication_id)


class ReturnedReply(SchemaBoundModel):
    """Tells a reply's author that it went home with a withdrawn publication, and lets them take it back there too.

    The text itself now belongs to the origin's schema; `id` is that of the reply. The origin's schema holds no account
    id, so this row is the author's only handle on it; how their text began tells them which answer it was.
    """

    account_id = models.UUIDField(db_index=True)
    network_id = models.UUIDField()
    origin_id = models.UUIDField()
    excerpt = models.CharField(max_length=120, blank=True, help_text="How the author’s own text began.")
    replied_at = models.DateTimeField()
    returned_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"Reply of {self.replied_at:%d %B %Y}"


class PublicationReport(SchemaBoundModel):
    """What somebody said is wrong with a publication, or with one reply to it, and how each network ended it.

    The publication's network decides and, about a reply, its author's network too. There are no foreign keys, so that
    it outlives what it is about; the reporter's account is known to their own network alone.
    """

    publication_id = models.UUIDField()
    reply_id = models.UUIDField(null=True)
    title = models.CharField(max_length=200)
    account_id = models.UUIDField()
    network_id = models.UUIDField()
    origin_id = models.UUIDField()
    author_network_id = models.UUIDField(null=True)
    reason = models.CharField(max_length=12, choices=ReportReason)
    words = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    origin_outcome = models.CharField(max_length=12, blank=True)
    origin_decided_at = models.DateTimeField(null=True)
    author_outcome = models.CharField(max_length=12, blank=True)
    author_decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-created_at", "-id")
        constraints = (
            models.UniqueConstraint(
                name="publication_report_once",
                fields=["account_id", "publication_id", "reply_id"],
                nulls_distinct=False,
            ),
        )
        indexes = (models.Index(fields=["network_id", "-created_at"], name="publication_report_by_network"),)

    def __str__(self) -> str:
        return f"{self.title}, {self.created_at:%d %B %Y}"
