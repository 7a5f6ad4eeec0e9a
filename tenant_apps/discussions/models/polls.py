"""Polls inside discussions: what is asked, what there is to choose, and who chose it."""

from datetime import datetime

from django.db import models
from django.utils import timezone

from tenant_apps.discussions.models.talk import Discussion
from tenant_apps.members.models import Member
from tenants.models import SchemaBoundModel


class Poll(SchemaBoundModel):
    """A question with options to choose from, inside a discussion."""

    discussion = models.OneToOneField(Discussion, on_delete=models.CASCADE, related_name="poll")
    question = models.CharField(max_length=200)
    is_multiple = models.BooleanField(default=False)
    is_secret = models.BooleanField(default=False, help_text="Nobody sees who voted for what.")
    closes_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.question

    def is_open(self, now: datetime) -> bool:
        """Whether it takes votes."""
        return self.closes_at is None or now < self.closes_at


class PollOption(SchemaBoundModel):
    """One thing to choose."""

    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="options")
    text = models.CharField(max_length=200)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position", "id")
        constraints = (models.UniqueConstraint(name="poll_position_once", fields=["poll", "position"]),)

    def __str__(self) -> str:
        return self.text


class PollVote(SchemaBoundModel):
    """A member's choice."""

    option = models.ForeignKey(PollOption, on_delete=models.CASCADE, related_name="votes")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    voted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.UniqueConstraint(name="vote_once", fields=["option", "member"]),)

    def __str__(self) -> str:
        return f"{self.member_id} for {self.option_id}"
