"""How a subscription stands, how long it is paid for, and what owners are told."""

from django.db.models import TextChoices


class State(TextChoices):
    """How a network's subscription stands; `states.py` says how it comes from what was paid."""

    TRIAL = "trial", "Free trial"
    ACTIVE = "active", "Active"
    PAST_DUE = "past_due", "Payment overdue"
    READ_ONLY = "read_only", "Read-only"
    SUSPENDED = "suspended", "Suspended"
    CLOSED = "closed", "Closed"


class Period(TextChoices):
    """How long one payment is for."""

    TERM = "term", "A term"
    YEAR = "year", "A year"

    @property
    def months(self) -> int:
        """How many months it has; there are three terms in a year."""
        return 4 if self is Period.TERM else 12


class EndOfCard(TextChoices):
    """When a card is charged nothing any more, because somebody else pays."""

    NOW = "now", "At once. What is paid for and not used is kept as credit for later invoices"
    PERIOD = "period", "When the time that is paid for ends. Nothing is given back"


class InvoiceState(TextChoices):
    """Whether an invoice still wants paying."""

    OPEN = "open", "To pay"
    PAID = "paid", "Paid"
    VOID = "void", "Withdrawn"


class NoticeKind(TextChoices):
    """What owners are told by email."""

    TRIAL_ENDING = "trial_ending", "The trial ends soon"
    PAID_ENDING = "paid_ending", "What was paid for ends soon"
    INVOICED = "invoiced", "An invoice"
    ACTIVE = "active", "Paid"
    PAST_DUE = "past_due", "Payment overdue"
    READ_ONLY_SOON = "read_only_soon", "Read-only soon"
    READ_ONLY = "read_only", "Read-only"
    SUSPENDED = "suspended", "Suspended"
    SPONSORED = "sponsored", "Somebody else pays, and the card is charged nothing any more"
    NEARLY_FULL = "nearly_full", "Nearly as many members as the plan has"
