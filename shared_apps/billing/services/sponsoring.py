"""Somebody else pays: and what a card pays for meanwhile ends in the same step, so that nothing is paid twice."""

from datetime import datetime

from django.db import transaction

from shared_apps.audit.services import Actor, record
from shared_apps.billing import gateway
from shared_apps.billing.enums import EndOfCard, NoticeKind
from shared_apps.billing.models import Subscription
from shared_apps.billing.services import paying
from shared_apps.billing.services.invoicing import BillingError, review, tell


class CardPaysError(BillingError):
    """A card would be charged all the same, and it was not said when that ends."""


@transaction.atomic
def set_sponsor(
    subscription: Subscription, *, sponsor: str, until: datetime | None, end_card: str = "", now: datetime, by: Actor
) -> None:
    """Let somebody else pay until a day, or nobody any more; `end_card` says what becomes of a card that pays.

    Raises BillingError for a sponsor without a name, CardPaysError while a card would be charged all the same, and
    GatewayError.
    """
    if until is not None and not sponsor.strip():
        raise BillingError("Say who sponsors it.")
    held = paying.alone(subscription.id)
    renewal = paying.renewal_of(held) if until is not None else None
    if renewal is not None and not renewal.is_ending and not end_card:
        raise CardPaysError("A card pays for it. Say when that ends, so that nothing is paid twice.")
    held.sponsor, held.sponsored_until = (sponsor.strip(), until) if until else ("", None)
    held.save(update_fields=["sponsor", "sponsored_until"])
    record("billing.sponsor.set", by=by, target=held, is_sponsored=until is not None)
    if until is not None and held.stripe_customer is not None and gateway.is_on():
        gateway.end_checkouts(held.stripe_customer)
    if renewal is not None and (not renewal.is_ending or end_card == EndOfCard.NOW):
        _end(held, renewal, EndOfCard(end_card), now=now, by=by)
    review(held.id, now=now)


def _end(held: Subscription, renewal: gateway.Renewal, how: EndOfCard, *, now: datetime, by: Actor) -> None:
    """Have the card charged nothing more; where nothing is paid for there is no period to wait for."""
    if how == EndOfCard.PERIOD and renewal.is_paid:
        gateway.end_with_period(renewal)
    else:
        gateway.end_renewal(renewal, gives_credit=True)
    record("billing.card.ended", by=by, target=held, how=how)
    paying.read(held, now)
    tell(held, NoticeKind.SPONSORED, f"sponsored:{renewal.id}:{how}", now=now, until=held.sponsored_until)
