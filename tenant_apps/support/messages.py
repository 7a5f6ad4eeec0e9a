"""The words of the emails to owners."""

from dataclasses import dataclass

from django.utils import timezone

from shared_apps.core.when import long_when
from shared_apps.grants.enums import GrantState
from shared_apps.grants.models import SupportGrant


@dataclass(frozen=True, slots=True)
class Words:
    """What one email says, and what its button is called."""

    subject: str
    paragraphs: list[str]
    action: str


def words_of(grant: SupportGrant) -> Words:
    """Return the email about a grant as it stands."""
    who, reason = grant.account.display_name, grant.reason
    match grant.state:
        case GrantState.ASKED:
            return Words(f"{who} asks to look into your network", _question(grant), "Allow or refuse")
        case GrantState.ALLOWED:
            said = f"An owner allowed it, until {_until(grant)}. Their reason: {reason}"
            return Words(f"{who} may look into your network", [said], "See what they open, or end it")
        case GrantState.REFUSED:
            said = f"An owner refused it. Their reason to ask: {reason}"
            return Words(f"{who} may not look into your network", [said], "See the request")
        case _:
            said = "It is over. Every page that was opened is in your log."
            return Words(f"{who} cannot look into your network any more", [said], "See what happened")


def _question(grant: SupportGrant) -> list[str]:
    who, length = grant.account.display_name, grant.get_minutes_display()
    return [
        f"{who} runs the platform and would like to see what an organiser sees, for {length}.",
        f"Their reason: {grant.reason}",
        "They can change nothing. Without your answer they see nothing. You can end it at any time.",
    ]


def _until(grant: SupportGrant) -> str:
    return long_when(grant.ends_at, timezone.now()) if grant.ends_at else "you end it"
