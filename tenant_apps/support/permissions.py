"""What somebody may do who visits a network for support: look. The one place that says so.

Whatever changes something is refused by the name of its address, so that a new form is refused without a word here.
"""

from django.http import HttpRequest

from tenant_apps.members.models import Member
from tenant_apps.members.permissions import is_owner

_READING = ("GET", "HEAD", "OPTIONS")

# What a visitor may send all the same: to end the visit, to sign out, and to show who they are.
MAY_SEND = {
    "support:visit_end",
    "account_logout",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "account_reauthenticate",
    "accounts:confirm_email",
}
NOT_NOTED = {"members:theme", "notifications:inbox_count", "support:visit_end", "account_logout"}  # no thing of anybody


def is_refused(request: HttpRequest) -> bool:
    """Whether a visitor's request is refused; programs have tokens, which visitors cannot make."""
    return request.method not in _READING and _name_of(request) not in MAY_SEND


def is_noted(request: HttpRequest) -> bool:
    """Whether a visitor's request goes into the network's log."""
    return _name_of(request) not in NOT_NOTED


def can_answer(member: Member | None) -> bool:
    """Whether this member may let support in, refuse it, and end it: an owner."""
    return is_owner(member)


def _name_of(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match else ""
