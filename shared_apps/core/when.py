"""Dates and times as the product says them, in the site's time zone; every function is told what time it is now."""

from datetime import date, datetime

from django.utils import timezone

SCHOOL_YEAR_STARTS = 9  # September
WEEKDAY_DAYS = 5  # a weekday's name alone is clear for this long
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def here(moment: datetime) -> datetime:
    """Return the moment in the site's time zone; the product has one, so this asks no thread what it activated."""
    zone = timezone.get_default_timezone()
    return moment if moment.tzinfo is zone else moment.astimezone(zone)


def short_when(moment: datetime, now: datetime) -> str:
    """Return "08:52" today, "Mon" within some days, "12 Nov" this school year, else "12 Nov 2025"."""
    local, today = here(moment), here(now).date()
    days = (today - local.date()).days
    if days == 0:
        return f"{local.hour:02}:{local.minute:02}"
    return WEEKDAYS[local.weekday()][:3] if 0 < days < WEEKDAY_DAYS else short_day(local, today)


def long_when(moment: datetime, now: datetime) -> str:
    """Return "Tue 10 Nov, 16:20", with the year when it is not this school year."""
    local = here(moment)
    day = short_day(local, here(now).date())
    return f"{WEEKDAYS[local.weekday()][:3]} {day}, {local.hour:02}:{local.minute:02}"


def on_when(moment: datetime, now: datetime) -> str:
    """Return "at 8.52am" today, "on Friday" within some days, else "on 12 November", to follow a verb."""
    local, today = here(moment), here(now).date()
    days = (today - local.date()).days
    if days == 0:
        return f"at {clock(moment)}"
    return f"on {WEEKDAYS[local.weekday()]}" if 0 < days < WEEKDAY_DAYS else f"on {long_day(local, today)}"


def short_day(day: date, today: date) -> str:
    """Return "12 Nov", with the year when it is not this school year."""
    return f"{day.day} {MONTHS[day.month - 1][:3]}{_year(day, today)}"


def long_day(day: date, today: date) -> str:
    """Return "14 January", with the year when it is not this school year."""
    return f"{day.day} {MONTHS[day.month - 1]}{_year(day, today)}"


def clock(moment: datetime) -> str:
    """Return "3.30pm", or "9am" on the hour."""
    local = here(moment)
    minutes = f".{local.minute:02}" if local.minute else ""
    return f"{local.hour % 12 or 12}{minutes}{'am' if local.hour < 12 else 'pm'}"


def school_year(day: date) -> int:
    """Return the year in which this day's school year started."""
    return day.year if day.month >= SCHOOL_YEAR_STARTS else day.year - 1


def _year(day: date, today: date) -> str:
    return "" if school_year(day) == school_year(today) else f" {day.year}"
