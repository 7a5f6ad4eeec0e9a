"""The emails to a member whose email could not become what they meant: one for each, never to a program."""

from shared_apps.mail import services as mail
from shared_apps.mail.models import InboundMessage
from tenant_apps.members.models import Member
from tenants.context import this_network
from tenants.selectors import network_url

_LONGEST_QUOTE = 10_000


def tell_not_posted(row: InboundMessage, member: Member, *, why: str, text: str) -> None:
    """Say that an email was not posted and why, with what they wrote, so that nothing is lost."""
    _queue(
        row,
        member,
        what="not_posted",
        subject=f"Not posted: {row.subject or 'your email'}",
        context={
            "heading": "Your email was not posted",
            "paragraphs": [why, "Nobody else has seen it. This is what you wrote:"],
            "quote": text.strip()[:_LONGEST_QUOTE] or "(nothing that we could read)",
        },
    )


def tell_of_files(row: InboundMessage, member: Member, left_out: tuple[str, ...]) -> None:
    """Say which files of a posted email were left out."""
    _queue(
        row,
        member,
        what="files_left_out",
        subject=f"Some files were left out: {row.subject or 'your email'}",
        context={
            "heading": "Your email was posted without some of its files",
            "paragraphs": list(left_out),
        },
    )


def _queue(row: InboundMessage, member: Member, *, what: str, subject: str, context: dict) -> None:
    url = network_url(this_network(), "/discussions/")
    mail.queue_message(
        to=row.from_address,
        to_account_id=member.account_id,
        subject=subject,
        template="notice",
        context={
            **context,
            "action_label": f"Open {this_network().name}",
            "action_url": url,
            "reason": f"You get this because you sent an email to {row.to_address}.",
        },
        kind=f"inbound.{what}",
        dedupe_key=f"inbound.{what}.{row.id}",
    )
