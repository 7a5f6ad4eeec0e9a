"""What members are writing: one draft of a new discussion, and one of a reply to each discussion."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from tenant_apps.discussions.models import Category, Discussion, Draft
from tenant_apps.discussions.permissions import can_take_part
from tenant_apps.discussions.services.errors import DiscussionError, NotAllowedError
from tenant_apps.discussions.services.once import was_sent
from tenant_apps.discussions.services.texts import MAX_BODY_LENGTH, MAX_TITLE_LENGTH
from tenant_apps.members.models import Member

_MAX_TAGS, _MAX_POLL = 300, 3_000


class DraftIsNewerError(DiscussionError):
    """The draft was saved from another window meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What stands in a form, as it was typed; `poll` has the texts of the poll's fields by their names."""

    title: str = ""
    body: str = ""
    kind: str = ""
    category: Category | None = None
    tags: str = ""
    is_anonymous: bool = False
    poll: dict[str, str] = field(default_factory=dict)

    @property
    def is_blank(self) -> bool:
        """Whether nothing is typed: what is only chosen is no draft."""
        return not any(text.strip() for text in (self.title, self.body, self.tags, *self.poll.values()))

    def check_length(self) -> None:
        """Refuse what could never be posted, because it would be cut when it is kept."""
        for name, text, most, words in (
            ("title", self.title, MAX_TITLE_LENGTH, "a title"),
            ("body", self.body, MAX_BODY_LENGTH, "a text"),
            ("tags", self.tags, _MAX_TAGS, "all tags together"),
            ("poll", "".join(self.poll.values()), _MAX_POLL, "a poll"),
        ):
            if len(text) > most:
                raise DiscussionError(f"This is too long to keep: {words} can have {most:,} characters.", field=name)

    def values(self) -> dict[str, Any]:
        """Return the columns of a draft; a text in a database has no null characters."""
        typed = {name: getattr(self, name).replace("\x00", "") for name in ("title", "body", "tags")}
        poll = {name: text.replace("\x00", "") for name, text in self.poll.items() if text}
        return typed | {"kind": self.kind, "category": self.category, "is_anonymous": self.is_anonymous, "poll": poll}


@transaction.atomic
def save_draft(
    written: Written,
    *,
    discussion: Discussion | None = None,
    last_saved_at: datetime | None = None,
    began_without: bool = False,
    token: str = "",
    by: Member,
) -> Draft | None:
    """Keep what a member has written so far; nothing written is no draft. Without a discussion it is to start one.

    `last_saved_at` is when the writer's window drew or saved it last, `began_without` that there was none then: a draft
    that another window saved later is not written over (DraftIsNewerError); who says neither is not asked. Words that
    the form with `token` posted meanwhile are no draft.
    """
    if not can_take_part(by):
        raise NotAllowedError("Only members can write here.")
    current = Draft.objects.select_for_update().filter(member=by, discussion=discussion).first()
    is_newer = current and (began_without or (last_saved_at is not None and current.saved_at > last_saved_at))
    if current and is_newer and not _is_same(current, written):
        raise DraftIsNewerError("You wrote more of this in another window. Copy what is here, then open it again.")
    first = str(discussion.id) if discussion else written.title
    if written.is_blank or was_sent(token, first, written.body, by=by):
        drop_draft(discussion, by=by)
        return None
    written.check_length()
    return _write(current, discussion, written.values(), by)


def drop_draft(discussion: Discussion | None = None, *, by: Member) -> None:
    """Throw a draft away; one that is not there is the same."""
    Draft.objects.filter(member=by, discussion=discussion).delete()


def _is_same(current: Draft, written: Written) -> bool:
    """Whether a draft says this already, such as when the answer to a save never came."""
    return all(getattr(current, name) == value for name, value in written.values().items())


def _write(current: Draft | None, discussion: Discussion | None, values: dict, by: Member) -> Draft:
    draft = current or Draft(member=by, discussion=discussion)
    for name, value in values.items():
        setattr(draft, name, value)
    draft.saved_at = timezone.now()
    found = Draft.objects.bulk_create(
        [draft],
        update_conflicts=True,
        unique_fields=["member", "discussion"],
        update_fields=[*values, "saved_at"],
    )
    return found[0]
