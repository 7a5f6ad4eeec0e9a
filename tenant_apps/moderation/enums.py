"""Reasons to report, what moderators can do, and how a case stands."""

from django.db.models import TextChoices

from collective.publications.enums import ReportReason as Reason


class CaseState(TextChoices):
    """Whether moderators still have to look."""

    OPEN = "open", "Waiting"
    CLOSED = "closed", "Decided"


class ActKind(TextChoices):
    """What a moderator did; the last three take an earlier act back."""

    LEFT = "left", "Left as it is"
    HIDDEN = "hidden", "Hidden"
    EDIT_ASKED = "edit_asked", "Author asked to edit"
    WARNED = "warned", "Author warned"
    SUSPENDED = "suspended", "Author suspended"
    SHOWN = "shown", "Shown again"
    LIFTED = "lifted", "Suspension lifted"
    TAKEN_BACK = "taken_back", "Taken back"


__all__ = ["DECISIONS", "TAKES_BACK", "ActKind", "CaseState", "QueueView", "Reason"]

DECISIONS = (ActKind.LEFT, ActKind.HIDDEN, ActKind.EDIT_ASKED, ActKind.WARNED, ActKind.SUSPENDED)

TAKES_BACK = {
    ActKind.HIDDEN: ActKind.SHOWN,
    ActKind.SUSPENDED: ActKind.LIFTED,
    ActKind.LEFT: ActKind.TAKEN_BACK,
    ActKind.EDIT_ASKED: ActKind.TAKEN_BACK,
    ActKind.WARNED: ActKind.TAKEN_BACK,
}


class QueueView(TextChoices):
    """Which cases are shown; the value is in the address (`?show=`)."""

    OPEN = "", "Waiting"
    APPEALS = "appeals", "Appeals"
    CLOSED = "decided", "Decided"
    ELSEWHERE = "elsewhere", "In other networks"
