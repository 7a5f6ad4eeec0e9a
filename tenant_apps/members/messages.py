"""The words of the emails that members get."""

from datetime import datetime

from django.utils import timezone

from shared_apps.mail.services import Notice

REASON = "You get this because somebody invited this address. Nothing happens unless you join."


def owner_invitation(*, network: str, link: str, expires_at: datetime) -> Notice:
    """Return the email that hands a new network to its owner."""
    return Notice(
        subject=f"Take over {network}",
        heading=f"{network} is on line",
        paragraphs=[
            "You are invited to take it over as its owner: invite your members, choose its colour, and run it."
        ],
        action=(f"Take over {network}", link),
        after=[_how_it_works(expires_at)],
        reason=REASON,
    )


def invitation(*, network: str, who: str, role: str, link: str, expires_at: datetime) -> Notice:
    """Return the email that invites somebody to a network."""
    paragraphs = ["It is a private site where school business managers ask, answer and recommend suppliers."]
    if role != "member":
        paragraphs.append(f"You would join as {role}.")
    return Notice(
        subject=f"{who} invites you to {network}",
        paragraphs=paragraphs,
        action=(f"Join {network}", link),
        after=[_how_it_works(expires_at)],
        reason=REASON,
    )


def join_code(*, network: str, code: str, minutes: int) -> Notice:
    """Return the email with the code that proves the invited address."""
    return Notice(
        subject=f"{code} is your code",
        heading=f"Your code to join {network}",
        paragraphs=["Type it into the page that is open."],
        code=code,
        after=[f"It works for {minutes} minutes. Nobody from {network} will ever ask you for it."],
        reason=REASON,
    )


def _how_it_works(expires_at: datetime) -> str:
    day = timezone.localtime(expires_at)
    return f"The link works once, for this email address only, until {day.day} {day:%B %Y}."
