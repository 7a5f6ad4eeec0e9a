"""What members are writing: one draft of a new discussion, and one of a reply to each discussion."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from tenant_apps.discussions.models import Category, Discussion, Draft
from tenant_apps.discussions.permissions import can_take_part
from tenant_apps.discussions.services.errors import DiscussionError, NotAllowedError
from tenant_apps.discussions.services.texts import MAX_BODY_LENGTH, MAX_TITLE_LENGTH
from tenant_apps.members.models import Member


class DraftIsNewerError(DiscussionError):
    """The draft was saved from another window meanwhile."""


@transaction.atomic
def save_draft(
    *,
    discussion: Discussion | None = None,
    title: str = "",
    body: str = "",
    kind: str = "",
    category: Category | None = None,
    last_saved_at: datetime | None = None,
    by: Member,
) -> Draft | None:
    """Keep what a member has written so far; nothing written is no draft. Without a discussion it is to start one.

    `last_saved_at` is when the writer's window saved it last: a draft that another window saved later is not written
    over (DraftIsNewerError).
    """
    if not can_take_part(by):
        raise NotAllowedError("Only members can write here.")
    current = Draft.objects.select_for_update().filter(member=by, discussion=discussion).first()
    if current is not None and last_saved_at is not None and current.saved_at > last_saved_at:
        raise DraftIsNewerError("You wrote more of this in another window. Copy what is here, then open it again.")
    title, body = (text.replace("\x00", "") for text in (title, body))
    if not (title.strip() or body.strip()):
        drop_draft(discussion, by=by)
        return None
    if len(title) > MAX_TITLE_LENGTH or len(body) > MAX_BODY_LENGTH:
        raise DiscussionError(f"This is too long to keep: a text has at most {MAX_BODY_LENGTH:,} characters.")
    return _write(current, discussion, {"title": title, "body": body, "kind": kind, "category": category}, by)


def drop_draft(discussion: Discussion | None = None, *, by: Member) -> None:
    """Throw a draft away; one that is not there is the same."""
    Draft.objects.filter(member=by, discussion=discussion).delete()


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
