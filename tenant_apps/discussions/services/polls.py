"""Polls inside discussions: asking, choosing until it closes, changing while nobody has chosen, closing and reopening.

A vote keeps its meaning: once somebody voted, only the day on which a poll ends can change. Before that, a change makes
the options anew, so that a vote from a page that shows the old ones is refused.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from shared_apps.audit.services import record
from shared_apps.core.markdown import is_blank, tidy_line
from tenant_apps.discussions.models import Discussion, Poll, PollOption, PollVote
from tenant_apps.discussions.permissions import can_edit_discussion, can_vote
from tenant_apps.discussions.selectors import count_voters
from tenant_apps.discussions.services.errors import DiscussionError, NotAllowedError
from tenant_apps.discussions.services.masks import actor_in
from tenant_apps.discussions.services.texts import clean_title
from tenant_apps.members.models import Member

MIN_OPTIONS, MAX_OPTIONS = 2, 10
MAX_OPTION_LENGTH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class PollFacts:
    """What a poll asks; `closes_at` is the moment from which nobody can choose, None for never."""

    question: str
    options: Sequence[str]
    is_multiple: bool = False
    is_secret: bool = False
    closes_at: datetime | None = None


@transaction.atomic
def add_poll(discussion: Discussion, facts: PollFacts, *, by: Member) -> Poll:
    """Ask members to choose."""
    _check_may_ask(discussion, by)
    Discussion.objects.select_for_update().get(id=discussion.id)
    if Poll.objects.filter(discussion=discussion).exists():
        raise DiscussionError("This discussion has a poll already.")
    facts, poll = _clean(facts), Poll(discussion=discussion)
    _set_asked(poll, facts)
    record("discussions.poll.added", by=actor_in(discussion, by), target=poll, options=len(facts.options))
    return poll


@transaction.atomic
def edit_poll(poll: Poll, facts: PollFacts, *, by: Member) -> None:
    """Change a poll: all of it while nobody has voted, afterwards only when it closes."""
    locked = _held(poll, by)
    if not locked.is_open(timezone.now()):
        raise DiscussionError("This poll is closed. Open it again before you change it.")
    facts = _clean(facts)
    is_asked_anew = replace(facts, closes_at=locked.closes_at) != facts_of(locked)
    if is_asked_anew and PollVote.objects.filter(option__poll=locked).exists():
        raise DiscussionError(
            "Somebody has voted already, and their vote would mean something else. Only the last day can change now."
        )
    if is_asked_anew:
        locked.options.all().delete()
        _set_asked(locked, facts)
    else:
        locked.closes_at = facts.closes_at
        locked.save(update_fields=["closes_at"])
    record("discussions.poll.changed", by=actor_in(locked.discussion, by), target=locked, asked_anew=is_asked_anew)


@transaction.atomic
def vote(poll: Poll, option_ids: Iterable[UUID], *, by: Member) -> None:
    """Choose, or choose anew; what was chosen before no longer counts. Which options is not in the audit."""
    locked, wanted = _open_to(by, poll), set(option_ids)
    if not wanted:
        raise DiscussionError("Choose one of the options.", field="options")
    chosen = list(locked.options.filter(id__in=wanted))
    if len(chosen) != len(wanted):
        words = "The poll has changed since you opened this page. Look at it again, then vote."
        raise DiscussionError(words, field="options")
    if len(chosen) > 1 and not locked.is_multiple:
        raise DiscussionError("Choose one option only.", field="options")
    PollVote.objects.filter(option__poll=locked, member=by).delete()
    PollVote.objects.bulk_create(PollVote(option=option, member=by) for option in chosen)
    record("discussions.poll.voted", by=actor_in(locked.discussion, by), target=locked)


@transaction.atomic
def take_vote_back(poll: Poll, *, by: Member) -> None:
    """Have chosen nothing, while the poll is open."""
    locked = _open_to(by, poll)
    PollVote.objects.filter(option__poll=locked, member=by).delete()
    record("discussions.poll.vote_taken_back", by=actor_in(locked.discussion, by), target=locked)


@transaction.atomic
def close_poll(poll: Poll, *, by: Member) -> None:
    """Take no more votes; closing it twice is the same as once."""
    locked, now = _held(poll, by), timezone.now()
    if locked.is_open(now):
        locked.closes_at = now
        locked.save(update_fields=["closes_at"])
        record("discussions.poll.closed", by=actor_in(locked.discussion, by), target=locked)


@transaction.atomic
def reopen_poll(poll: Poll, *, by: Member) -> None:
    """Take votes again, until it is closed; what was voted still counts."""
    locked = _held(poll, by)
    if not locked.is_open(timezone.now()):
        locked.closes_at = None
        locked.save(update_fields=["closes_at"])
        record("discussions.poll.reopened", by=actor_in(locked.discussion, by), target=locked)


@transaction.atomic
def remove_poll(poll: Poll, *, by: Member) -> None:
    """Take a poll away for good, with its votes; how many there were stays in the audit."""
    locked = _held(poll, by)
    people = count_voters(locked.discussion)
    record("discussions.poll.removed", by=actor_in(locked.discussion, by), target=locked, people=people)
    locked.delete()


def _set_asked(poll: Poll, facts: PollFacts) -> None:
    poll.question, poll.closes_at = facts.question, facts.closes_at
    poll.is_multiple, poll.is_secret = facts.is_multiple, facts.is_secret
    poll.save()
    PollOption.objects.bulk_create(PollOption(poll=poll, text=text, position=n) for n, text in enumerate(facts.options))


def facts_of(poll: Poll) -> PollFacts:
    """Return what a poll asks now."""
    return PollFacts(
        question=poll.question,
        options=[option.text for option in poll.options.all()],
        is_multiple=poll.is_multiple,
        is_secret=poll.is_secret,
        closes_at=poll.closes_at,
    )


def _open_to(by: Member, poll: Poll) -> Poll:
    locked = _locked(poll)
    if not can_vote(by, locked.discussion):
        raise NotAllowedError("Only members can vote.")
    if not locked.is_open(timezone.now()):
        raise DiscussionError("This poll is closed.")
    return locked


def _held(poll: Poll, by: Member) -> Poll:
    locked = _locked(poll)
    _check_may_ask(locked.discussion, by)
    return locked


def _locked(poll: Poll) -> Poll:
    found = Poll.objects.select_for_update(of=["self"]).select_related("discussion").filter(id=poll.id).first()
    if found is None:
        raise DiscussionError("This poll was taken away.")
    return found


def _check_may_ask(discussion: Discussion, by: Member) -> None:
    if not can_edit_discussion(by, discussion):
        raise NotAllowedError("Only the person who started this, or a moderator, can do this.")


def _clean(facts: PollFacts) -> PollFacts:
    if facts.closes_at is not None and facts.closes_at <= timezone.now():
        raise DiscussionError("A poll closes on a day to come.", field="closes_at")
    return replace(facts, options=_clean_options(facts.options), question=clean_title(facts.question, field="question"))


def _clean_options(options: Iterable[str]) -> list[str]:
    texts = [tidy_line(text) for text in options if not is_blank(tidy_line(text))]
    if len({text.casefold() for text in texts}) < len(texts):
        raise DiscussionError("Two options are the same.", field="options")
    if not MIN_OPTIONS <= len(texts) <= MAX_OPTIONS:
        raise DiscussionError(f"A poll has {MIN_OPTIONS} to {MAX_OPTIONS} options.", field="options")
    if any(len(text) > MAX_OPTION_LENGTH for text in texts):
        raise DiscussionError(f"An option has at most {MAX_OPTION_LENGTH} characters.", field="options")
    return texts
