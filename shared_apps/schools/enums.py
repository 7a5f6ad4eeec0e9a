"""The codes of the national register, and what an import can find in one row."""

from django.db.models import IntegerChoices, TextChoices


class SchoolStatus(IntegerChoices):
    """DfE's codes. "Open, but proposed to close" is open."""

    OPEN = 1, "Open"
    CLOSED = 2, "Closed"
    OPEN_PROPOSED_TO_CLOSE = 3, "Open, but proposed to close"
    PROPOSED_TO_OPEN = 4, "Proposed to open"


OPEN_STATUSES = (SchoolStatus.OPEN, SchoolStatus.OPEN_PROPOSED_TO_CLOSE)


class LinkKind(TextChoices):
    """What the linked school is to the school that has the link."""

    SUCCESSOR = "successor", "Successor"
    PREDECESSOR = "predecessor", "Predecessor"
    OTHER = "other", "Other"


class ImportState(TextChoices):
    """How an import ended; one that is running is in no other transaction's sight."""

    FINISHED = "finished", "Finished"
    FAILED = "failed", "Failed"


class ImportedFile(TextChoices):
    """Which of an import's two files a line is of."""

    SCHOOLS = "schools", "Schools"
    LINKS = "links", "Links"


class RowChange(TextChoices):
    """What an import did with a row; rows that change nothing are only counted."""

    ADDED = "added", "Added"
    CHANGED = "changed", "Changed"
    CLOSED = "closed", "Closed"
    REOPENED = "reopened", "Reopened"
    UNREADABLE = "unreadable", "Unreadable"
