"""People of one network, their jobs, the invitations sent to them, and the network's branding."""

from datetime import date, timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from shared_apps.audit.enums import Via
from shared_apps.audit.services import Actor
from tenant_apps.members.enums import EXAMPLE_ACCOUNTS, MemberState, Role
from tenants.models import SchemaBoundModel


class Member(SchemaBoundModel):
    """A person in this network; `account_id` is their account on the platform.

    The headline fields repeat the primary posting, so that lists and posts show a job and school without a join.
    Who is suspended reads and does not write, until `suspended_until` or, without one, until somebody lifts it.
    """

    is_visiting = False  # True of who looks in for the platform's support: they have no row, and read as an organiser

    account_id = models.UUIDField(unique=True)
    name = models.CharField(max_length=120)
    email = models.EmailField()
    role = models.CharField(max_length=12, choices=Role, default=Role.MEMBER)
    state = models.CharField(max_length=12, choices=MemberState, default=MemberState.ACTIVE)
    phone = models.CharField(max_length=40, blank=True)
    about = models.TextField(max_length=2000, blank=True)
    ask_me_about = models.CharField(max_length=300, blank=True)
    headline_job = models.CharField(max_length=120, blank=True)
    headline_school = models.CharField(max_length=200, blank=True)
    headline_town = models.CharField(max_length=120, blank=True)
    headline_phase = models.CharField(max_length=100, blank=True)
    joined_at = models.DateTimeField(default=timezone.now)
    left_at = models.DateTimeField(null=True, blank=True)
    suspended_at = models.DateTimeField(null=True, blank=True)
    suspended_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("name", "id")
        constraints = (
            models.CheckConstraint(name="member_role_known", condition=Q(role__in=Role.values)),
            models.CheckConstraint(name="member_state_known", condition=Q(state__in=MemberState.values)),
            models.CheckConstraint(
                name="member_left_has_a_time",
                condition=Q(state=MemberState.LEFT, left_at__isnull=False)
                | (~Q(state=MemberState.LEFT) & Q(left_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="member_suspension_ends_after_it_begins",
                condition=Q(suspended_until__isnull=True) | Q(suspended_until__gt=F("suspended_at")),
            ),
        )
        indexes = (models.Index(fields=["name", "id"], name="member_by_name", condition=Q(state=MemberState.ACTIVE)),)

    def __str__(self) -> str:
        return self.name

    @property
    def actor(self) -> Actor:
        """This member as the audit names who did something; a request says how it came and from where."""
        return getattr(self, "_actor", None) or Actor(account_id=self.account_id, label=self.name, via=Via.COMMAND)

    def acting_as(self, actor: Actor) -> Self:
        """Return this member, who acts through a request."""
        self._actor = actor
        return self

    @property
    def initials(self) -> str:
        """First letters of the first and the last word of the name."""
        words = self.name.split()
        return "".join(word[0] for word in words[:1] + words[1:][-1:]).upper()

    @property
    def job_title(self) -> str:
        """Job of the primary posting, or nothing."""
        return self.headline_job

    @property
    def school_name(self) -> str:
        """School of the primary posting, or nothing."""
        return self.headline_school

    @property
    def is_suspended(self) -> bool:
        """Whether a moderator has stopped them from writing, and it has not ended."""
        return self.suspended_at is not None and not (self.suspended_until and self.suspended_until <= timezone.now())

    @property
    def is_owner(self) -> bool:
        """Whether the network is theirs; what follows from it is in permissions."""
        return self.role == Role.OWNER

    @property
    def is_example(self) -> bool:
        """Whether this is nobody, made up to write examples."""
        return self.account_id in EXAMPLE_ACCOUNTS

    @property
    def shown_name(self) -> str:
        """Name as others see it."""
        return shown_name(self.name, self.state)


def shown_name(name: str, state: str) -> str:
    """Return a member's name as others see it: who has left is no longer named beside what they wrote."""
    return "Former member" if state == MemberState.LEFT else name


class Posting(SchemaBoundModel):
    """A member's job at a school; `active_to` is the first day it is no longer held.

    A posting is ended, never overwritten. The school's facts are copies, refreshed after each import of the register.
    """

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="postings")
    school_id = models.UUIDField(null=True, blank=True)
    school_name = models.CharField(max_length=200)
    town = models.CharField(max_length=120, blank=True)
    authority = models.CharField(max_length=120, blank=True)
    phase = models.CharField(max_length=100, blank=True)
    pupils = models.PositiveIntegerField(null=True, blank=True)
    job_title = models.CharField(max_length=120)
    active_from = models.DateField()
    active_to = models.DateField(null=True, blank=True)
    is_primary = models.BooleanField(default=False)

    class Meta:
        ordering = ("-active_from", "-id")
        constraints = (
            models.CheckConstraint(
                name="posting_ends_after_it_begins",
                condition=Q(active_to__isnull=True) | Q(active_to__gt=F("active_from")),
            ),
            models.UniqueConstraint(
                name="posting_one_primary", fields=["member"], condition=Q(is_primary=True, active_to__isnull=True)
            ),
        )
        indexes = (models.Index(fields=["school_id"], name="posting_by_school"),)

    def __str__(self) -> str:
        return f"{self.job_title}, {self.school_name}"

    @property
    def last_day(self) -> date | None:
        """The last day the job was held, or None for one still held."""
        return self.active_to - timedelta(days=1) if self.active_to else None


class Invitation(SchemaBoundModel):
    """An invitation bound to one address; its token and its typed code are kept only as hashes."""

    email = models.EmailField()
    role = models.CharField(max_length=12, choices=Role, default=Role.MEMBER)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(Member, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(Member, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)
    code_hash = models.CharField(max_length=64, blank=True)
    code_sent_at = models.DateTimeField(null=True, blank=True)
    codes_sent = models.PositiveSmallIntegerField(default=0)
    code_attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("-created_at", "-id")
        constraints = (
            models.CheckConstraint(name="invitation_role_known", condition=Q(role__in=Role.values)),
            models.CheckConstraint(
                name="invitation_not_accepted_and_revoked",
                condition=Q(accepted_at__isnull=True) | Q(revoked_at__isnull=True),
            ),
            models.UniqueConstraint(
                name="invitation_one_open_per_email",
                fields=["email"],
                condition=Q(accepted_at__isnull=True, revoked_at__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return f"{self.email} as {self.role}"


class Branding(SchemaBoundModel):
    """How this network introduces itself: one row. The colour is also copied to the network's row in public."""

    is_only = models.BooleanField(default=True, unique=True, editable=False)
    colour = models.CharField(max_length=7)
    tagline = models.CharField(max_length=160, blank=True)
    welcome = models.TextField(max_length=2000, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = (
            models.CheckConstraint(name="branding_is_only", condition=Q(is_only=True)),
            models.CheckConstraint(name="branding_colour_form", condition=Q(colour__regex=r"^#[0-9a-f]{6}$")),
        )

    def __str__(self) -> str:
        return self.colour
