"""The words of the emails about requests."""

from django.utils.formats import date_format
from django.utils.timezone import localtime

from shared_apps.mail.services import Notice
from shared_apps.requests import selectors
from shared_apps.requests.models import NetworkRequest
from tenants.selectors import host_of, url_of

_CONFIRM_DAYS = 7


def confirm(row: NetworkRequest, link: str) -> Notice:
    """Return the email to an address that is not confirmed: nothing in it is in the words of who typed it."""
    subject = "Confirm your request for a network"
    return Notice(
        subject=subject,
        paragraphs=[
            f"Somebody, probably you, asked for a network at {row.subdomain}.{host_of(None)}.",
            "Open this page and press the button on it. Your request then goes to the people who run the platform.",
        ],
        action=("Confirm the request", link),
        after=[
            f"The link works for {_CONFIRM_DAYS} days.",
            "If it was not you, leave it: nobody sees the request, and it is deleted.",
        ],
        reason="You get this email because somebody typed your address on our page for starting a network.",
    )


def waits(row: NetworkRequest) -> Notice:
    """Return the email to operators."""
    return Notice(
        subject=f"A request for a network: {row.name}",
        heading="Somebody asks for a network",
        paragraphs=[
            f"{row.person} of {row.organisation} asks for {row.name}, for about {row.members:,} members.",
            f"It would be at {row.subdomain}.{host_of(None)}. Their address is confirmed.",
        ],
        action=("Answer the request", url_of(host_of(None), f"/operator/requests/{row.id}/")),
        reason="You get this email because you run the platform.",
    )


def long_waiting(count: int) -> Notice:
    """Return the email that reminds operators; it holds nothing of what somebody wrote, which may go before it does."""
    subject = f"{count} requests for a network wait" if count != 1 else "A request for a network waits"
    return Notice(
        subject=subject,
        paragraphs=[
            "Nobody has answered for five days or longer.",
            f"After {selectors.ANSWERED_WITHIN.days} days what they wrote is deleted, and they are told so.",
        ],
        action=("See the requests", url_of(host_of(None), "/operator/requests/")),
        reason="You get this email because you run the platform.",
    )


def unanswered(row: NetworkRequest) -> Notice:
    """Return the email to somebody whom nobody answered; it holds nothing of what they wrote, which is deleted."""
    subject, day = "Nobody answered your request for a network", date_format(localtime(row.asked_at), "j F")
    return Notice(
        subject=subject,
        paragraphs=[
            f"You asked for a network on {day}. The people who run the platform have not answered. We are sorry.",
            "What you wrote is deleted. If you still want a network, ask again.",
        ],
        action=("Ask again", url_of(host_of(None), "/start/")),
        reason="You get this email because you asked for a network.",
    )


def declined(row: NetworkRequest) -> Notice:
    """Return the email with an operator's words."""
    subject = f"Your request for {row.name}"
    return Notice(
        subject=subject,
        paragraphs=["We cannot start this network. This is what the people who run the platform say:"],
        quote=row.answer,
        quote_by="SBM Collective",
        after=["You can ask again at any time. What you wrote is deleted 30 days from now."],
        reason="You get this email because you asked for a network.",
    )
