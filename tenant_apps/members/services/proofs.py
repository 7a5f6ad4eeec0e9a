"""Proving that one reads the invited address, by a code sent to it."""

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from shared_apps.mail import services as mail
from tenant_apps.members import messages
from tenant_apps.members.models import Invitation
from tenants.context import this_network

CODE_LASTS = timedelta(minutes=15)
MOST_CODES = 10  # an invitation; with five guesses each, one chance in 20,000
MOST_GUESSES = 5
_BETWEEN_CODES = timedelta(seconds=30)


class CodeLimitError(Exception):
    """No more codes are sent for now; the message can be shown."""


class WrongCodeError(Exception):
    """The code is not the one sent; the message can be shown."""


@transaction.atomic
def send_code(invitation: Invitation) -> None:
    """Email a fresh code to the invited address; raises CodeLimitError."""
    invitation, now = _locked(invitation), timezone.now()
    _refuse_many(invitation, now)
    code = f"{secrets.randbelow(1_000_000):06}"
    invitation.code_hash, invitation.code_sent_at = _hash(invitation, code), now
    invitation.codes_sent, invitation.code_attempts = invitation.codes_sent + 1, 0
    invitation.save(update_fields=["code_hash", "code_sent_at", "codes_sent", "code_attempts"])
    _queue(invitation, code)


def check_code(invitation: Invitation, code: str) -> None:
    """Count the guess, then return for the right code or raise WrongCodeError."""
    with transaction.atomic():
        invitation = _locked(invitation)
        invitation.code_attempts += 1
        invitation.save(update_fields=["code_attempts"])
    if not invitation.code_hash or invitation.code_attempts > MOST_GUESSES:
        raise WrongCodeError("That was tried too often. Email me a new code.")
    if invitation.code_sent_at is None or invitation.code_sent_at < timezone.now() - CODE_LASTS:
        raise WrongCodeError("That code has run out. Email me a new one.")
    figures = "".join(filter(str.isdigit, code))
    if not constant_time_compare(_hash(invitation, figures), invitation.code_hash):
        raise WrongCodeError("That is not the code in the newest email. Check it and try again.")


def _refuse_many(invitation: Invitation, now: datetime) -> None:
    if invitation.codes_sent >= MOST_CODES:
        raise CodeLimitError("Too many codes were sent for this invitation. Ask for a new invitation.")
    if invitation.code_sent_at and invitation.code_sent_at > now - _BETWEEN_CODES:
        raise CodeLimitError("We have just sent you a code. Wait half a minute before asking for another.")


def _locked(invitation: Invitation) -> Invitation:
    return Invitation.objects.select_for_update().get(id=invitation.id)


def _hash(invitation: Invitation, code: str) -> str:
    return salted_hmac(f"members.invitation.code:{invitation.id}", code, algorithm="sha256").hexdigest()


def _queue(invitation: Invitation, code: str) -> None:
    notice = messages.join_code(network=this_network().name, code=code, minutes=CODE_LASTS // timedelta(minutes=1))
    mail.queue_notice(invitation.email, notice, kind="members.join_code", keep=timedelta(hours=1))
