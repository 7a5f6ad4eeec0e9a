"""The words of the emails about requests."""

from dataclasses import dataclass
from typing import Any

from shared_apps.requests.models import NetworkRequest
from tenants.selectors import host_of, url_of

_CONFIRM_DAYS = 7


@dataclass(frozen=True, slots=True)
class Letter:
    """An email's subject and what mail/notice is given."""

    subject: str
    context: dict[str, Any]


def confirm(row: NetworkRequest, link: str) -> Letter:
    """Return the email to an address that is not confirmed: nothing in it is in the words of who typed it."""
    subject = "Confirm your request for a network"
    return Letter(
        subject,
        {
            "heading": subject,
            "paragraphs": [
                f"Somebody, probably you, asked for a network at {row.subdomain}.{host_of(None)}.",
                "Open this page and press the button on it. Your request then goes to the people who run the platform.",
            ],
            "action_label": "Confirm the request",
            "action_url": link,
            "after": [
                f"The link works for {_CONFIRM_DAYS} days.",
                "If it was not you, leave it: nobody sees the request, and it is deleted.",
            ],
            "reason": "You get this email because somebody typed your address on our page for starting a network.",
        },
    )


def waits(row: NetworkRequest) -> Letter:
    """Return the email to operators."""
    return Letter(
        f"A request for a network: {row.name}",
        {
            "heading": "Somebody asks for a network",
            "paragraphs": [
                f"{row.person} of {row.organisation} asks for {row.name}, for about {row.members:,} members.",
                f"It would be at {row.subdomain}.{host_of(None)}. Their address is confirmed.",
            ],
            "action_label": "Answer the request",
            "action_url": url_of(host_of(None), f"/operator/requests/{row.id}/"),
            "reason": "You get this email because you run the platform.",
        },
    )


def declined(row: NetworkRequest) -> Letter:
    """Return the email with an operator's words."""
    subject = f"Your request for {row.name}"
    return Letter(
        subject,
        {
            "heading": subject,
            "paragraphs": ["We cannot start this network. This is what the people who run the platform say:"],
            "quote": row.answer,
            "quote_by": "SBM Collective",
            "after": ["You can ask again at any time. What you wrote is deleted 30 days from now."],
            "reason": "You get this email because you asked for a network.",
        },
    )
