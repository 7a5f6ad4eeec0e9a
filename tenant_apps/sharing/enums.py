"""States of a shared item and the entries of the sharing ledger."""

from django.db.models import TextChoices


class ShareState(TextChoices):
    """Where an item is on its way into the Collective and back."""

    AWAITING_APPROVAL = "awaiting_approval", "Waiting for approval"
    SHARED = "shared", "Shared"
    REFUSED = "refused", "Kept here by an organiser"
    WITHDRAWN = "withdrawn", "Withdrawn"


class LedgerAction(TextChoices):
    """What the ledger records."""

    REQUESTED = "requested", "Asked to share"
    SHARED = "shared", "Shared"
    UPDATED = "updated", "Changed"
    REFUSED = "refused", "Not shared"
    WITHDRAWN = "withdrawn", "Withdrawn"
    REPLIES_CAME_HOME = "replies_came_home", "Answers came home"
    POLICY_CHANGED = "policy_changed", "Sharing policy changed"


AWAY_REPLY = "away-reply"  # what somebody of another network answered here, as moderation names it
SENT_REPLY = "sent-reply"  # what a member of this network answered elsewhere
