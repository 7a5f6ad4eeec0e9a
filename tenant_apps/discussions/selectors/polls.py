"""A poll as one member sees it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tenant_apps.discussions.models import Discussion, Poll, PollVote
from tenant_apps.members.models import Member
from tenant_apps.members.models import shown_name as member_name


@dataclass(frozen=True, slots=True)
class Choice:
    """One option: how many chose it, whether this member did, and in an open poll who did."""

    id: UUID
    text: str
    votes: int
    percent: int
    is_mine: bool
    voters: list[str]


@dataclass(frozen=True, slots=True)
class Results:
    """A poll and its choices; `people` is how many members voted."""

    poll: Poll
    choices: list[Choice]
    people: int
    is_open: bool

    @property
    def has_voted(self) -> bool:
        """Whether this member has."""
        return any(choice.is_mine for choice in self.choices)


def poll_results(discussion: Discussion, member: Member, *, now: datetime) -> Results | None:
    """Return a discussion's poll in two queries, or None; nobody is named where it is secret."""
    poll = getattr(discussion, "poll", None)
    if poll is None:
        return None
    votes = list(
        PollVote.objects.filter(option__poll=poll)
        .order_by("voted_at")
        .values_list("option_id", "member_id", "member__name", "member__state")
    )
    people = {member_id for _, member_id, _, _ in votes}
    choices = []
    for option in poll.options.all():
        chosen = [vote for vote in votes if vote[0] == option.id]
        names = [] if poll.is_secret else [member_name(name, state) for _, _, name, state in chosen]
        percent = round(100 * len(chosen) / len(people)) if people else 0
        mine = any(vote[1] == member.id for vote in chosen)
        choices.append(Choice(option.id, option.text, len(chosen), percent, mine, names))
    return Results(poll=poll, choices=choices, people=len(people), is_open=poll.is_open(now))


def count_voters(discussion: Discussion) -> int:
    """Return how many members have voted in a discussion's poll."""
    return PollVote.objects.filter(option__poll__discussion=discussion).values("member_id").distinct().count()
