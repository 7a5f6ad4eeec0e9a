"""Examples in a new network: written in one go, so that nobody is told of them and nobody has them to read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from tenant_apps.discussions import selectors
from tenant_apps.discussions.enums import DiscussionKind
from tenant_apps.discussions.models import Category, Discussion, Reply
from tenant_apps.discussions.services.removing import remove_discussions
from tenant_apps.discussions.signals import discussion_saved
from tenant_apps.members.models import Member

_BEFORE = timedelta(days=3)  # so that whoever joins has not missed them
_APART = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class ExampleReply:
    """What one of the people who do not exist said; `by` is their place among them."""

    by: int
    body: str
    is_answer: bool = False


@dataclass(frozen=True, slots=True)
class ExampleDiscussion:
    """What one of them asked, in the first of these categories that the network has, or in any."""

    by: int
    title: str
    body: str
    categories: tuple[str, ...]
    replies: tuple[ExampleReply, ...]
    kind: str = DiscussionKind.QUESTION


@transaction.atomic
def add_examples(examples: Sequence[ExampleDiscussion], people: Sequence[Member], *, until: datetime) -> None:
    """Add these, all of it said before `until`, when nobody was here yet."""
    open_ones = {each.name: each for each in Category.objects.filter(is_archived=False)}
    made = [
        _asked(example, people, open_ones, until - _BEFORE + number * _APART) for number, example in enumerate(examples)
    ]
    Discussion.objects.bulk_create(made)
    Reply.objects.bulk_create(
        reply
        for example, discussion in zip(examples, made, strict=True)
        for reply in _replies(example, people, discussion)
    )
    for discussion in made:
        discussion_saved.send(Discussion, discussion=discussion)


@transaction.atomic
def remove_examples(*, with_replies: bool) -> int:
    """Remove the examples, those that members replied to only `with_replies`; return how many are left."""
    held = set(Discussion.objects.select_for_update(of=["self"]).filter(selectors.MADE_UP).values_list("id", flat=True))
    kept = set() if with_replies else set(selectors.answered_examples().values_list("id", flat=True))
    remove_discussions(held - kept)
    return len(kept)


def _asked(
    example: ExampleDiscussion, people: Sequence[Member], open_ones: dict[str, Category], at: datetime
) -> Discussion:
    """Return it in its category; a network has at least one that takes discussions."""
    named = (open_ones[name] for name in example.categories if name in open_ones)
    return Discussion(
        category=next(named, None) or next(iter(open_ones.values())),
        author=people[example.by],
        kind=example.kind,
        title=example.title,
        body=example.body,
        created_at=at,
        last_activity_at=at + len(example.replies) * _APART,
        reply_count=len(example.replies),
        is_answered=any(reply.is_answer for reply in example.replies),
    )


def _replies(example: ExampleDiscussion, people: Sequence[Member], discussion: Discussion) -> Iterator[Reply]:
    for place, reply in enumerate(example.replies, start=1):
        yield Reply(
            discussion=discussion,
            author=people[reply.by],
            body=reply.body,
            is_answer=reply.is_answer,
            marked_by=discussion.author if reply.is_answer else None,
            created_at=discussion.created_at + place * _APART,
        )
