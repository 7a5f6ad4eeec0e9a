"""Kinds of discussion, the views of their list, and the ways something can be written."""

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


A_MEMBER = "A member"
THE_ASKER = "The person who asked"
"""How who asked without their name is shown: with what they asked, and with what they reply in it."""

FOLLOW_KIND = "discussion"
CATEGORY_KIND = "category"  # what else can be followed
SHARE_KIND = "discussion"


class Via(TextChoices):
    """How something was written."""

    PAGE = "page", "On the site"
    EMAIL = "email", "By email"
    API = "api", "By a program"
    ARCHIVE = "archive", "Brought from a mailing list"


class ArchiveState(TextChoices):
    """How far a mailing list's archive has come."""

    PLANNING = "planning", "Being read"
    PLANNED = "planned", "Waits for you"
    BRINGING = "bringing", "Being brought in"
    BROUGHT = "brought", "Brought in"
    UNDOING = "undoing", "Being taken out"
    UNDONE = "undone", "Taken out"
    FAILED = "failed", "Not brought in"


class Fate(TextChoices):
    """What becomes of a message of an archive; all but the first are left out."""

    BRINGS = "brings", "Brought in"
    KNOWN = "known", "Here already"
    TWICE = "twice", "Twice in the file"
    AUTO = "auto", "Automatic reply"
    BOUNCE = "bounce", "Delivery report"
    CALENDAR = "calendar", "Calendar invitation"
    EMPTY = "empty", "Empty"
    BROKEN = "broken", "Not readable"
