"""The states of an outgoing message, of an address, and how often somebody wants a digest."""

from django.db.models import TextChoices


class State(TextChoices):
    """Where a message is on its way."""

    QUEUED = "queued", "Queued"
    SENT = "sent", "Sent"
    FAILED = "failed", "Failed"


class PauseReason(TextChoices):
    """Why an address gets no more mail."""

    BOUNCE = "bounce", "Email to this address came back"
    COMPLAINT = "complaint", "Our email was reported as unwanted"


class Frequency(TextChoices):
    """How often somebody wants a digest."""

    DAILY = "daily", "Every day"
    WEEKLY = "weekly", "Once a week"
    NEVER = "never", "Never"


class DigestState(TextChoices):
    """Where a digest is on its way; one found in `sending` may have been sent, is never sent again, and is doubtful."""

    PLANNED = "planned", "Planned"
    SENDING = "sending", "Being sent"
    SENT = "sent", "Sent"
    DOUBTFUL = "doubt", "May have been sent"
    EMPTY = "empty", "Nothing to say"
    FAILED = "failed", "Failed"


class InboundState(TextChoices):
    """What has happened to a message that came in."""

    RECEIVED = "received", "Waiting to be read"
    POSTED = "posted", "Posted"
    HELD = "held", "Held for an organiser"
    IGNORED = "ignored", "Ignored"
    FAILED = "failed", "Sent back"
    DISCARDED = "discarded", "Discarded"


class InboundReason(TextChoices):
    """Why a message that came in was not simply posted."""

    NONE = "", ""
    UNKNOWN_SENDER = "unknown_sender", "Nobody here has this address"
    NOT_THEIR_ADDRESS = "not_theirs", "It answers an email that was sent to somebody else"
    UNPROVEN = "unproven", "It says it is from a member, and their mail server says it is not"
    UNREADABLE = "unreadable", "It could not be read"
    AUTOMATIC = "automatic", "An automatic reply"
    BOUNCE = "bounce", "An email of ours that could not be delivered"
    LOOP = "loop", "An email of ours that came back"
    TOO_MANY = "too_many", "Too many from one sender in an hour"
    SAME_MESSAGE = "same_message", "The same message came to another address"
    NO_PLACE = "no_place", "What it answers is no longer there"
    REFUSED = "refused", "It could not be posted"
