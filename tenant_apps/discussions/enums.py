"""Kinds of discussion, and the views of their list."""

from django.db.models import TextChoices


class DiscussionKind(TextChoices):
    """A question can be answered; a discussion is just had."""

    QUESTION = "question", "Question"
    DISCUSSION = "discussion", "Discussion"


class ListView(TextChoices):
    """What the list shows; the value is in the address (`?show=`)."""

    ALL = "", "All"
    UNREAD = "unread", "Unread"
    UNANSWERED = "unanswered", "No answer yet"
    FOLLOWING = "following", "Following"
    MINE = "mine", "Started by you"


DEFAULT_CATEGORIES = (
    "Buildings",
    "Catering",
    "Compliance",
    "Energy",
    "Finance",
    "ICT",
    "Insurance",
    "Staff",
    "Network",
)

FOLLOW_KIND = "discussion"
SHARE_KIND = "discussion"
