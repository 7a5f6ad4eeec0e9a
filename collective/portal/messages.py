"""The words of the platform's emails about what networks left that have closed, so that no network says them."""

from datetime import date

from django.utils import timezone

from shared_apps.core.when import long_day
from shared_apps.mail.services import Notice


def returned(replied_on: date, *, url: str) -> Notice:
    """Return the email to somebody whose answer went home, of a network that has closed."""
    subject, day = "A question you answered has been withdrawn", long_day(replied_on, timezone.localdate())
    return Notice(
        subject=subject,
        paragraphs=[
            "The person who asked took their question back from the Collective.",
            f"Your answer of {day} stays with their network, shown as you chose then.",
            "You can have it removed there too.",
        ],
        action=("See your answers", url),
        reason="You get this because you answered it, for a network that has closed since.",
    )


def reported(reason: str, *, url: str) -> Notice:
    """Return the email to operators."""
    subject = "Something was reported that only you decide about"
    return Notice(
        subject=subject,
        paragraphs=[
            "A network shared it that has closed since, so it has no moderators any more.",
            f"The reason that was given: {reason}.",
        ],
        action=("Look and decide", url),
        reason="You get this because you run the platform.",
    )


def taken_down(reason: str, *, url: str) -> Notice:
    """Return the email to who had shared what operators took down: neither what that was nor who reported it."""
    subject = "Something you shared was taken down"
    return Notice(
        subject=subject,
        paragraphs=[
            "You shared it in a network that has closed since, and it had stayed with the others.",
            f"Somebody reported it: {reason}. The people who run the platform looked at it and took it down.",
        ],
        action=("See what else of yours is there", url),
        reason="You get this because you shared it.",
    )
