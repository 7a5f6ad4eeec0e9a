"""Polls inside discussions: asking, choosing until it closes, and closing."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from shared_apps.audit.services import record
from shared_apps.core.markdown import is_blank, tidy_line
from tenant_apps.discussions.models import Discussion, Poll, PollOption, PollVote
from tenant_apps.discussions.permissions import can_edit_discussion, can_vote
from tenant_apps.discussions.services.errors import DiscussionError, NotAllowedError
from tenant_apps.discussions.services.masks import actor_in
from tenant_apps.discussions.services.texts import clean_title
from tenant_apps.members.models import Member

MIN_OPTIONS, MAX_OPTIONS = 2, 10
MAX_OPTION_LENGTH = 200


@transaction.atomic
def add_poll(
    discussion: Discussion,
    *,
    question: str,
    options: Iterable[str],
    is_multiple: bool = False,
    is_secret: bool = False,
    closes_at: datetime | None = None,
    by: Member,
) -> Poll:
    """Ask members to choose; `closes_at` is the moment from which nobody can, None for never."""
    _check_may_ask(discussion, by)
    Discussion.objects.select_for_update().get(id=discussion.id)
    if Poll.objects.filter(discussion=discussion).exists():
        raise DiscussionError("This discussion has a poll already.")
    if closes_at is not None and closes_at <= timezone.now():
        raise DiscussionError("A poll closes on a day to come.")
    texts = _clean_options(options)
    poll = Poll.objects.create(
        discussion=discussion,
        question=clean_title(question),
        is_multiple=is_multiple,
        is_secret=is_secret,
        closes_at=closes_at,
    )
    PollOption.objects.bulk_create(PollOption(poll=poll, text=text, position=n) for n, text in enumerate(texts))
    record("discussions.poll.added", by=actor_in(discussion, by), target=poll, options=len(texts))
    return poll


@transaction.atomic
def vote(poll: Poll, option_ids: Iterable[UUID], *, by: Member) -> None:
    """Choose, or choose anew; what was chosen before no longer counts. Which options is not in the audit."""
    locked = Poll.objects.select_for_update(of=["self"]).select_related("discussion").get(id=poll.id)
    if not can_vote(by, locked.discussion):
        raise NotAllowedError("Only members can vote.")
    if not locked.is_open(timezone.now()):
        raise DiscussionError("This poll is closed.")
    chosen = list(locked.options.filter(id__in=set(option_ids)))
    if not chosen or len(chosen) != len(set(option_ids)):
        raise DiscussionError("Choose one of the options.")
    if len(chosen) > 1 and not locked.is_multiple:
        raise DiscussionError("Choose one option only.")
    PollVote.objects.filter(option__poll=locked, member=by).delete()
    PollVote.objects.bulk_create(PollVote(option=option, member=by) for option in chosen)
    record("discussions.poll.voted", by=actor_in(locked.discussion, by), target=locked)


@transaction.atomic
def close_poll(poll: Poll, *, by: Member) -> None:
    """Take no more votes; closing it twice is the same as once."""
    locked = Poll.objects.select_for_update(of=["self"]).select_related("discussion").get(id=poll.id)
    _check_may_ask(locked.discussion, by)
    now = timezone.now()
    if locked.is_open(now):
        locked.closes_at = now
        locked.save(update_fields=["closes_at"])
        record("discussions.poll.closed", by=actor_in(locked.discussion, by), target=locked)


def _check_may_ask(discussion: Discussion, by: Member) -> None:
    if not can_edit_discussion(by, discussion):
        raise NotAllowedError("Only the person who started this, or a moderator, can do this.")


def _clean_options(options: Iterable[str]) -> list[str]:
    texts = [tidy_line(text) for text in options if not is_blank(tidy_line(text))]
    if len({text.casefold() for text in texts}) < len(texts):
        raise DiscussionError("Two options are the same.")
    if not MIN_OPTIONS <= len(texts) <= MAX_OPTIONS:
        raise DiscussionError(f"A poll has {MIN_OPTIONS} to {MAX_OPTIONS} options.")
    if any(len(text) > MAX_OPTION_LENGTH for text in texts):
        raise DiscussionError(f"An option has at most {MAX_OPTION_LENGTH} characters.")
    return texts
