"""From what was paid and owed to how a subscription stands: pure, so that it is the same whatever came in first."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from shared_apps.billing.enums import State

SHORT_OF_FULL = 90  # per cent of a plan's members, from which its owners are warned


@dataclass(frozen=True, slots=True)
class Rules:
    """How long each state lasts. A term is what a network of volunteers needs to see whether it wants this."""

    trial: timedelta = timedelta(days=120)
    invoice_due: timedelta = timedelta(days=30)
    grace: timedelta = timedelta(days=30)
    read_only: timedelta = timedelta(days=60)
    warn_of_end: timedelta = timedelta(days=14)
    warn_of_read_only: timedelta = timedelta(days=7)
    card_takes: timedelta = timedelta(days=2)


RULES = Rules()


@dataclass(frozen=True, slots=True)
class Owed:
    """An invoice that is not withdrawn: issued, due, paid or not, and what it is for."""

    issued_at: datetime
    due_at: datetime
    covers_until: datetime
    is_paid: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a subscription's state depends on, beside the time."""

    trial_ends_at: datetime
    sponsored_until: datetime | None = None
    renews_at: datetime | None = None
    is_closed: bool = False
    invoices: Sequence[Owed] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Standing:
    """A state, since when, and when it changes if nobody pays (None: never by itself)."""

    state: State
    until: datetime | None


def standing_of(facts: Facts, now: datetime, rules: Rules = RULES) -> Standing:
    """Return how a subscription stands: covered, or so long after its cover ended."""
    if facts.is_closed:
        return Standing(State.CLOSED, None)
    covered_until = cover_of(facts, rules)
    if now < covered_until:
        return Standing(State.TRIAL if _is_trial(facts, now) else State.ACTIVE, covered_until)
    read_only_at, suspended_at = covered_until + rules.grace, covered_until + rules.grace + rules.read_only
    if now < read_only_at:
        return Standing(State.PAST_DUE, read_only_at)
    return Standing(State.READ_ONLY, suspended_at) if now < suspended_at else Standing(State.SUSPENDED, None)


def paid_until(facts: Facts) -> datetime:
    """Return until when the trial, a sponsor or what was paid covers."""
    paid = (each.covers_until for each in facts.invoices if each.is_paid)
    return max([facts.trial_ends_at, *paid, *filter(None, [facts.sponsored_until])])


def cover_of(facts: Facts, rules: Rules = RULES) -> datetime:
    """Return until when nothing is overdue.

    What is invoiced while there is still cover need not be paid before it is due; an invoice issued when the cover had
    ended gives none until it is paid. A card that pays is charged within an hour or two of the end, and we hear of it.
    """
    covered_until = paid_until(facts)
    due = [each.due_at for each in facts.invoices if not each.is_paid and each.issued_at <= covered_until]
    charged = [facts.renews_at + rules.card_takes] if facts.renews_at else []
    return max([covered_until, *due, *charged])


def share_left(pence: int, now: datetime, until: datetime, months: int) -> int:
    """Return what a price for the months that end at a time comes to from now on."""
    return max(0, round(pence * ((until - now) / (until - months_later(until, -months)))))


def months_later(moment: datetime, months: int) -> datetime:
    """Return the same day of a later month, or its last day where it has no such day."""
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    return moment.replace(year=year, month=month + 1, day=min(moment.day, monthrange(year, month + 1)[1]))


def _is_trial(facts: Facts, now: datetime) -> bool:
    is_sponsored = facts.sponsored_until is not None and now < facts.sponsored_until
    return now < facts.trial_ends_at and not is_sponsored and not any(each.is_paid for each in facts.invoices)
