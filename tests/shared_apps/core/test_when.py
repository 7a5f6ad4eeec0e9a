"""Dates and times as words."""

from datetime import UTC, date, datetime

import pytest

from shared_apps.core import when

NOW = datetime(2026, 11, 17, 10, 0, tzinfo=UTC)  # a Tuesday


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (datetime(2026, 11, 17, 8, 52, tzinfo=UTC), "08:52"),
        (datetime(2026, 11, 16, 23, 59, tzinfo=UTC), "Mon"),
        (datetime(2026, 11, 13, 9, 0, tzinfo=UTC), "Fri"),
        (datetime(2026, 11, 12, 9, 0, tzinfo=UTC), "12 Nov"),
        (datetime(2026, 9, 1, 9, 0, tzinfo=UTC), "1 Sep"),
        (datetime(2026, 8, 31, 9, 0, tzinfo=UTC), "31 Aug 2026"),
        (datetime(2026, 11, 18, 9, 0, tzinfo=UTC), "18 Nov"),
    ],
)
def test_short_when_says_as_little_as_is_clear(moment, words):
    assert when.short_when(moment, NOW) == words


def test_short_when_is_in_the_time_of_the_reader():
    summer = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)  # half past midnight on 1 July in London

    assert when.short_when(summer, datetime(2026, 7, 1, 8, 0, tzinfo=UTC)) == "00:30"


def test_long_when_has_day_and_time():
    assert when.long_when(datetime(2026, 11, 10, 16, 20, tzinfo=UTC), NOW) == "Tue 10 Nov, 16:20"


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (datetime(2026, 11, 17, 8, 52, tzinfo=UTC), "at 8.52am"),
        (datetime(2026, 11, 13, 9, 0, tzinfo=UTC), "on Friday"),
        (datetime(2025, 11, 12, 9, 0, tzinfo=UTC), "on 12 November 2025"),
    ],
)
def test_on_when_follows_a_verb(moment, words):
    assert when.on_when(moment, NOW) == words


@pytest.mark.parametrize(("day", "words"), [(date(2027, 1, 14), "14 January"), (date(2027, 9, 1), "1 September 2027")])
def test_long_day_has_a_year_outside_this_school_year(day, words):
    assert when.long_day(day, NOW.date()) == words


@pytest.mark.parametrize(
    ("hour", "minute", "words"), [(15, 30, "3.30pm"), (9, 0, "9am"), (0, 5, "12.05am"), (12, 0, "12pm")]
)
def test_clock_is_how_people_say_it(hour, minute, words):
    assert when.clock(datetime(2026, 11, 17, hour, minute, tzinfo=UTC)) == words
