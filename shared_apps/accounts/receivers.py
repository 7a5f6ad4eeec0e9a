"""What people change about their second step is kept in the audit."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.dispatch import receiver
from django.http import HttpRequest

from shared_apps.audit.services import record


@receiver(authenticator_added)
def note_added(sender: Any, request: HttpRequest, authenticator: Authenticator, **_: Any) -> None:
    """Keep that a passkey, an app or recovery codes were set up."""
    record("accounts.second_step.added", by=request.actor, target=request.user, kind=authenticator.type)


@receiver(authenticator_removed)
def note_removed(sender: Any, request: HttpRequest, authenticator: Authenticator, **_: Any) -> None:
    """Keep that one was removed."""
    record("accounts.second_step.removed", by=request.actor, target=request.user, kind=authenticator.type)


@receiver(authenticator_reset)
def note_new_codes(sender: Any, request: HttpRequest, authenticator: Authenticator, **_: Any) -> None:
    """Keep that recovery codes were made anew."""
    record("accounts.second_step.codes_made", by=request.actor, target=request.user)
