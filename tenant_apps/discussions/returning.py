"""What of a discussion comes back from a restored copy, and what of it a person compares."""

from functools import partial
from uuid import UUID

from tenant_apps.discussions import services
from tenant_apps.discussions.enums import FOLLOW_KIND
from tenant_apps.discussions.models import Category
from tenant_apps.portability.adapters import Branch, Compared, NotNowError, Tree

_DISCUSSION, _REPLY = "discussions.Discussion", "discussions.Reply"


def _categories() -> dict[str, str]:
    return {str(each.id): each.name for each in Category.objects.all()}


def _hold(discussion_id: UUID) -> None:
    try:
        services.hold_for_return(discussion_id)
    except services.DiscussionError as error:
        raise NotNowError(str(error)) from None


# A row that people take away themselves, and that names one of them.
_personal = partial(Branch, column="discussion_id", of=(_DISCUSSION,), with_parent=True, is_light=True)

RETURNING = Tree(
    kind="discussion",
    folder="discussions",
    hold=_hold,
    keep=services.keep_wording,
    settle=services.settle_returned,
    branches=(
        Branch(
            _DISCUSSION,
            ("discussion", "discussions"),
            text="body",
            compared=(
                Compared("title", "Title", edited="edited_at"),
                Compared("body", "Text", edited="edited_at"),
                Compared("category_id", "Category", names=_categories),
                Compared("tag_names", "Tags"),
                Compared("kind", "Kind", is_offered=False),
                Compared("locked_at", "Closed to replies since", is_offered=False),
                Compared("hidden_at", "Hidden since", is_offered=False),
            ),
        ),
        Branch(
            _REPLY,
            ("reply", "replies"),
            column="discussion_id",
            of=(_DISCUSSION,),
            text="body",
            compared=(
                Compared("body", "Text", edited="edited_at"),
                Compared("is_answer", "Marked as an answer", is_offered=False),
                Compared("hidden_at", "Hidden since", is_offered=False),
            ),
        ),
        Branch("discussions.Revision", ("earlier wording", "earlier wordings"), "discussion_id", (_DISCUSSION,)),
        Branch("discussions.Poll", ("poll", "polls"), "discussion_id", (_DISCUSSION,), text="question"),
        Branch("discussions.PollOption", ("choice", "choices"), "poll_id", ("discussions.Poll",), with_parent=True),
        _personal("discussions.PollVote", ("vote", "votes"), column="option_id", of=("discussions.PollOption",)),
        _personal("discussions.Helpful", ("mark as helpful", "marks as helpful")),
        _personal("discussions.ArchivedMessage", ("message of a mailing list", "messages of a mailing list")),
        _personal("discussions.ReadMark", ("mark of how far somebody read", "marks of how far somebody read")),
        _personal(
            "notifications.Follow",
            ("member who follows it", "members who follow it"),
            column="object_id",
            also=f"kind = '{FOLLOW_KIND}'",
        ),
        Branch("files.StoredFile", ("file", "files"), "object_id", (_DISCUSSION, _REPLY), text="name"),
    ),
)
"""Who a text names is not among it: that is found again in the text."""
