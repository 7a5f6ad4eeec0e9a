"""The words about a closing: emails to members and owners, values of the template mail/notice."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from shared_apps.closing.enums import Event
from shared_apps.closing.models import Closing
from shared_apps.core.when import here, long_day

KEPT = (
    "What we shared with other networks stays there, as from “a network that has closed”. You can take back what is"
    " yours, here until the last day and later on the platform’s own site."
)
WITHDRAWN = "What we shared with other networks, and what we answered there, is taken back."


@dataclass(frozen=True, slots=True)
class Words:
    """One message: its title, its paragraphs, the words of an owner, and where its button leads."""

    title: str
    paragraphs: list[str]
    quote: str = ""
    action: str = "See what happens when"
    path: str = "/closing/"

    def values(self, reason: str) -> dict[str, Any]:
        """Return the values of the email."""
        return {
            "heading": self.title,
            "paragraphs": self.paragraphs,
            "quote": self.quote,
            "action_label": self.action,
            "reason": reason,
        }


def words_of(closing: Closing, event: Event, said: str) -> Words:
    """Return what people are told; `said` is what an owner wrote to the members."""
    match event:
        case Event.ANNOUNCED:
            return _announced(closing, said)
        case Event.CALLED_OFF:
            return Words(
                f"{closing.name} does not close",
                ["An owner has taken it back. Everything goes on as before."],
                action="Open the network",
                path="/",
            )
        case Event.READ_ONLY:
            return Words(f"{closing.name} can only be read now", _last_days(closing))
    return _reminder(closing, event)


def day(moment: Any) -> str:
    """Return "14 January", with the year when it is not this school year."""
    return long_day(here(moment).date(), timezone.localdate())


def _announced(closing: Closing, said: str) -> Words:
    closes, deletes = day(closing.closes_at), day(closing.deletes_at)
    return Words(
        f"{closing.name} closes on {closes}",
        [
            f"Until {closes} everything goes on as before. From then on you can read everything and write nothing.",
            f"On {deletes} everything is deleted. Save what you want to keep before that.",
            KEPT if closing.keeps_publications else WITHDRAWN,
        ],
        quote=said,
    )


def _last_days(closing: Closing) -> list[str]:
    return [
        f"You can read everything and take along what is yours until {day(closing.deletes_at)}.",
        "On that day everything is deleted. Nobody can bring it back afterwards.",
    ]


def _reminder(closing: Closing, event: Event) -> Words:
    left = "in a week" if event == Event.WEEK_LEFT else "tomorrow"
    return Words(
        f"{closing.name} is deleted {left}",
        [
            f"On {day(closing.deletes_at)} everything in it is deleted. Nobody can bring it back afterwards.",
            "If you have no archive of it yet, have one written and download it.",
            "Until then an owner can still take the closing back.",
        ],
        action="Take everything with you",
        path="/manage/export/",
    )
