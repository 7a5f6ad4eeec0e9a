"""What an email becomes here: a reply to a discussion, or a discussion in the category it was sent to."""

import re
from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.utils.text import slugify

from shared_apps.mail.reading import MailAttachment
from tenant_apps.discussions import services
from tenant_apps.discussions.enums import CATEGORY_KIND, FOLLOW_KIND, DiscussionKind, Via
from tenant_apps.discussions.models import Category, Discussion
from tenant_apps.discussions.selectors import get_discussion
from tenant_apps.files.services import FileNotAllowedError, FileRefusedError, attach
from tenant_apps.members.models import Member
from tenant_apps.notifications.inbound.destinations import Became, Incoming, RefusedError

_GONE = "This discussion is no longer there."
_PREFIXES = re.compile(r"\s*(?:(?:re|aw|sv|vs|antw|fwd?|wg|tr)\s*(?:\[\d+\])?\s*:|\[[^\]]{1,60}\])\s*", re.IGNORECASE)
_LONGEST_TITLE = 200
_TITLE_FROM_TEXT = 80


class ReplyByEmail:
    """An answer to an email about a discussion is a reply."""

    kind = FOLLOW_KIND

    def take(self, object_id: UUID, incoming: Incoming) -> Became:
        """Post the reply, in the discussion that the one it was about was merged into."""
        discussion = _open(object_id, incoming.by)
        try:
            reply = services.post_reply(discussion, body=incoming.text, via=Via.EMAIL, by=incoming.by)
        except services.DiscussionError as error:
            raise RefusedError(str(error)) from error
        left_out = attach_all(incoming.attachments, kind="reply", object_id=reply.id, by=incoming.by)
        return Became("reply", reply.id, f"{FOLLOW_KIND}:{discussion.id}", left_out)


class StartByEmail:
    """An email to a category's address is a new discussion there."""

    kind = CATEGORY_KIND

    def take(self, object_id: UUID, incoming: Incoming) -> Became:
        """Start the discussion; it is a question if it asks something."""
        category = Category.objects.filter(id=object_id, is_archived=False).first()
        if category is None:
            raise RefusedError("This category takes no new discussions.")
        asks = "?" in incoming.subject or "?" in incoming.text
        try:
            discussion = services.start_discussion(
                title=title_of(incoming),
                body=incoming.text,
                category=category,
                kind=DiscussionKind.QUESTION if asks else DiscussionKind.DISCUSSION,
                via=Via.EMAIL,
                by=incoming.by,
            )
        except services.DiscussionError as error:
            raise RefusedError(str(error)) from error
        left_out = attach_all(incoming.attachments, kind="discussion", object_id=discussion.id, by=incoming.by)
        return Became("discussion", discussion.id, f"{FOLLOW_KIND}:{discussion.id}", left_out)


def category_named(local_part: str) -> UUID | None:
    """Return the open category with this address; one that was never given a slug has its name's."""
    if not local_part:
        return None
    open_ones = Category.objects.filter(is_archived=False)
    found = open_ones.filter(slug=local_part).first()
    if found is None:
        found = next((each for each in open_ones.filter(slug="") if slugify(each.name) == local_part), None)
    return found.id if found else None


def title_of(incoming: Incoming) -> str:
    """Return the subject without what mail programs and lists put before it, or the beginning of the text."""
    title = incoming.subject.strip()
    while (found := _PREFIXES.match(title)) and found.end() < len(title):
        title = title[found.end() :]
    if not title:
        first = next((line.strip() for line in incoming.text.splitlines() if line.strip()), "")
        return first if len(first) <= _TITLE_FROM_TEXT else first[:_TITLE_FROM_TEXT].rsplit(" ", 1)[0] + "…"
    return title if len(title) <= _LONGEST_TITLE else title[: _LONGEST_TITLE - 1].rstrip() + "…"


def attach_all(attachments: Iterable[MailAttachment], *, kind: str, object_id: UUID, by: Member) -> tuple[str, ...]:
    """Attach every file that may be attached, and return what is said of the others."""
    left_out = []
    for each in attachments:
        try:
            with transaction.atomic():
                attach(each.name, each.content, kind=kind, object_id=object_id, by=by)
        except (FileRefusedError, FileNotAllowedError) as error:
            left_out.append(f"{each.name} {error}" if isinstance(error, FileRefusedError) else f"{each.name}: {error}")
    return tuple(left_out)


def _open(discussion_id: UUID, member: Member) -> Discussion:
    discussion = get_discussion(discussion_id, member)
    if discussion is not None and discussion.merged_into_id:
        discussion = get_discussion(discussion.merged_into_id, member)
    if discussion is None:
        raise RefusedError(_GONE)
    return discussion
