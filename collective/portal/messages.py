"""The words of the platform's emails about what networks left that have closed, so that no network says them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from shared_apps.core.when import long_day


@dataclass(frozen=True, slots=True)
class Letter:
    """An email's subject and what mail/notice is given."""

    subject: str
    context: dict[str, Any]


def returned(replied_on: date, *, url: str) -> Letter:
    """Return the email to somebody whose answer went home, of a network that has closed."""
    subject, day = "A question you answered has been withdrawn", long_day(replied_on, timezone.localdate())
    return Letter(
        subject,
        {
            "heading": subject,
            "paragraphs": [
                "The person who asked took their question back from the Collective.",
                f"Your answer of {day} stays with their network, shown as you chose then.",
                "You can have it removed there too.",
            ],
            "action_label": "See your answers",
            "action_url": url,
            "reason": "You get this because you answered it, for a network that has closed since.",
        },
    )


def reported(reason: str, *, url: str) -> Letter:
    """Return the email to operators."""
    subject = "Something was reported that only you decide about"
    return Letter(
        subject,
        {
            "heading": subject,
            "paragraphs": [
                "A network shared it that has closed since, so it has no moderators any more.",
                f"The reason that was given: {reason}.",
            ],
            "action_label": "Look and decide",
            "action_url": url,
            "reason": "You get this because you run the platform.",
        },
    )


def taken_down(reason: str, *, url: str) -> Letter:
    """Return the email to who had shared what operators took down: neither what that was nor who reported it."""
    subject = "Something you shared was taken down"
    return Letter(
        subject,
        {
            "heading": subject,
            "paragraphs": [
                "You shared it in a network that has closed since, and it had stayed with the others.",
                f"Somebody reported it: {reason}. The people who run the platform looked at it and took it down.",
            ],
            "action_label": "See what else of yours is there",
            "action_url": url,
            "reason": "You get this because you shared it.",
        },
    )
