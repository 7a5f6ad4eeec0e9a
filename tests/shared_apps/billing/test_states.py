"""How a subscription stands, as a table of days since its trial began."""

from datetime import UTC, datetime, timedelta

import pytest

from shared_apps.billing.enums import State
from shared_apps.billing.states import Facts, Owed, Rules, months_later, share_left, standing_of

START = datetime(2026, 9, 1, tzinfo=UTC)
RULES = Rules(
    trial=timedelta(days=100), grace=timedelta(days=30), read_only=timedelta(days=60), invoice_due=timedelta(days=30)
)


def day(number: float) -> datetime:
    return START + timedelta(days=number)


def invoice(issued: int, *, until: int, paid: bool = False) -> Owed:
    return Owed(day(issued), day(issued + 30), day(until), paid)


UNPAID = Facts(day(100))
OWED_IN_TIME = Facts(day(100), invoices=[invoice(90, until=465)])
OWED_TOO_LATE = Facts(day(100), invoices=[invoice(110, until=475)])
BY_CARD = Facts(day(100), renews_at=day(100))  # the card is about to be charged
PAID = Facts(day(100), invoices=[invoice(90, until=465, paid=True)])
PAID_LATE = Facts(day(100), invoices=[invoice(150, until=515, paid=True)])
RENEWED = Facts(day(100), invoices=[invoice(90, until=465, paid=True), invoice(460, until=830)])
SPONSORED = Facts(day(100), sponsored_until=day(400))


@pytest.mark.parametrize(
    ("facts", "at", "state", "until"),
    [
        (UNPAID, 0, State.TRIAL, 100),
        (UNPAID, 99.9, State.TRIAL, 100),
        (UNPAID, 100, State.PAST_DUE, 130),
        (UNPAID, 129.9, State.PAST_DUE, 130),
        (UNPAID, 130, State.READ_ONLY, 190),
        (UNPAID, 189.9, State.READ_ONLY, 190),
        (UNPAID, 190, State.SUSPENDED, None),
        (OWED_IN_TIME, 95, State.TRIAL, 120),
        (OWED_IN_TIME, 119.9, State.ACTIVE, 120),
        (OWED_IN_TIME, 120, State.PAST_DUE, 150),
        (OWED_IN_TIME, 150, State.READ_ONLY, 210),
        (OWED_TOO_LATE, 115, State.PAST_DUE, 130),
        (OWED_TOO_LATE, 130, State.READ_ONLY, 190),
        (PAID, 95, State.ACTIVE, 465),
        (PAID, 464.9, State.ACTIVE, 465),
        (PAID, 465, State.PAST_DUE, 495),
        (PAID_LATE, 200, State.ACTIVE, 515),
        (RENEWED, 470, State.ACTIVE, 490),
        (RENEWED, 490, State.PAST_DUE, 520),
        (SPONSORED, 50, State.ACTIVE, 400),
        (SPONSORED, 400, State.PAST_DUE, 430),
        (BY_CARD, 101, State.ACTIVE, 102),
        (BY_CARD, 103, State.PAST_DUE, 132),
        (Facts(day(100), is_closed=True), 0, State.CLOSED, None),
    ],
)
def test_standing_of(facts, at, state, until):
    standing = standing_of(facts, day(at), RULES)

    assert (standing.state, standing.until) == (state, day(until) if until is not None else None)


@pytest.mark.parametrize(
    ("moment", "months", "later"),
    [
        (datetime(2026, 9, 1, tzinfo=UTC), 4, datetime(2027, 1, 1, tzinfo=UTC)),
        (datetime(2026, 10, 31, tzinfo=UTC), 4, datetime(2027, 2, 28, tzinfo=UTC)),
        (datetime(2027, 2, 28, tzinfo=UTC), 12, datetime(2028, 2, 28, tzinfo=UTC)),
        (datetime(2028, 2, 29, tzinfo=UTC), 12, datetime(2029, 2, 28, tzinfo=UTC)),
        (datetime(2027, 1, 31, tzinfo=UTC), -4, datetime(2026, 9, 30, tzinfo=UTC)),
    ],
)
def test_months_later(moment, months, later):
    assert months_later(moment, months) == later


def test_share_left_is_by_the_day():
    assert share_left(365_00, datetime(2027, 3, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC), 12) == 306_00
    assert share_left(365_00, datetime(2027, 3, 1, tzinfo=UTC), datetime(2027, 3, 1, tzinfo=UTC), 12) == 0
