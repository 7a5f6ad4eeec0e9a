"""What one reader needs besides the posts of a page: what they found helpful, who is named where, and their draft."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import CharField, F, Q, QuerySet, TextField, UUIDField, Value
from django.db.models.functions import Cast

from tenant_apps.discussions.models import Discussion, Draft, Helpful, Mention
from tenant_apps.discussions.selectors.sight import discussions_seen_by
from tenant_apps.members.models import Member
from tenants.statements import Statement


@dataclass(slots=True)
class Marks:
    """Of one discussion and one reader; the opening stands under None."""

    helpful: set[UUID | None] = field(default_factory=set)
    named: dict[UUID | None, list[tuple[UUID, str, str]]] = field(default_factory=lambda: defaultdict(list))
    """For each post the id, name and school of the members it names."""
    draft: str = ""
    draft_saved_at: str = ""


def marks_of(discussion: Discussion, reader: Member) -> Marks:
    """Return them all, in one query."""
    marks = Marks()
    found = _MARKS.rows(discussion_id=discussion.id, reader_id=reader.id)
    for what, post_id, member_id, name, school in found:
        if what == "helpful":
            marks.helpful.add(post_id)
        elif what == "named":
            marks.named[post_id].append((member_id, name, school))
        else:
            marks.draft, marks.draft_saved_at = name, school
    return marks


def _helpful(discussion_id: UUID, reader_id: UUID) -> QuerySet[Any, Any]:
    found = Helpful.objects.filter(discussion_id=discussion_id, member_id=reader_id)
    return found.values_list(*_columns("helpful", F("reply_id"), F("member_id"), _text(), _text()))


def _named(discussion_id: UUID) -> QuerySet[Any, Any]:
    found = Mention.objects.filter(discussion_id=discussion_id)
    columns = _columns("named", F("reply_id"), F("member_id"), F("member__name"), F("member__headline_school"))
    return found.values_list(*columns)


def _draft(discussion_id: UUID, reader_id: UUID) -> QuerySet[Any, Any]:
    found = Draft.objects.filter(discussion_id=discussion_id, member_id=reader_id)
    nobody = Value(None, output_field=UUIDField())
    return found.values_list(*_columns("draft", nobody, F("member_id"), F("body"), Cast("saved_at", TextField())))


def _columns(what: str, *others: Any) -> tuple[Any, ...]:
    return Value(what, output_field=CharField()), *others


def _text() -> Value:
    return Value("", output_field=TextField())


_MARKS = Statement(
    lambda discussion_id, reader_id: _helpful(discussion_id, reader_id).union(
        _named(discussion_id), _draft(discussion_id, reader_id), all=True
    ),
    discussion_id=UUID(int=1),
    reader_id=UUID(int=2),
)


def drafts(member: Member) -> QuerySet[Draft]:
    """Return what a member is writing; replies only to what they may still open."""
    open_to = Discussion.objects.filter(discussions_seen_by(member))
    found = Draft.objects.filter(Q(discussion=None) | Q(discussion__in=open_to), member=member)
    return found.select_related("discussion", "category")


def drafts_of(member: Member) -> list[Draft]:
    """Return the drafts that a page shows, the latest first."""
    return list(drafts(member).order_by("-saved_at")[:50])


def get_draft(draft_id: UUID, member: Member) -> Draft | None:
    """Return one of a member's own drafts, or None."""
    return drafts(member).filter(id=draft_id).first()


def draft_about(discussion: Discussion | None, member: Member) -> Draft | None:
    """Return what a member is writing as a reply, or to start a discussion, or None."""
    return drafts(member).filter(discussion=discussion).first()
