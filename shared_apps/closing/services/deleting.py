"""Deleting a network that has closed, and what is left of it: a certificate for its owners."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from shared_apps.accounts import services as accounts
from shared_apps.accounts.models import User
from shared_apps.audit.services import Actor, record
from shared_apps.billing import selectors as payments
from shared_apps.billing import services as billing
from shared_apps.closing import certificates, selectors
from shared_apps.closing.enums import ClosingState, Customer
from shared_apps.closing.models import Closing
from shared_apps.jobs import selectors as jobs
from shared_apps.jobs import services as job_services
from shared_apps.mail.models import PlatformMessage
from shared_apps.mail.services import Notice, queue_notice
from tenants import ending
from tenants.context import in_public
from tenants.ending import Ending, Leaving, register_ending
from tenants.models import Network
from tenants.selectors import first_host_of, host_of, url_of

QUIET = timedelta(seconds=30)  # longer than a request takes that began before every process knew of the closing


class BusyError(Exception):
    """Something of the network is still at work; its deletion goes on later."""


def delete(closing: Closing, *, now: datetime) -> None:
    """Delete the network of a closing and certify it; killed anywhere, it is finished by running it again.

    One that another process has deleted meanwhile is left as it is.
    Raises BusyError while jobs of the network run or requests may be under way, AlreadyRunningError while another
    process is at it, GatewayError when Stripe does not answer.
    """
    closing.refresh_from_db()
    if closing.state != ClosingState.DELETING:
        return
    network = selectors.network_of(closing)
    _refuse_busy(network, now)
    with in_public():
        if not closing.found:
            _look(closing, network)
        ending.delete_network(
            Leaving(network, closing.keeps_publications), finish=lambda: _finish(closing, network, now=now)
        )


def register_endings() -> None:
    """Register the steps of deletion that concern the apps below; the others register their own."""
    register_ending(Ending("payment", _erase_customer, order=10))
    register_ending(Ending("jobs", lambda leaving: job_services.forget_network(leaving.network.id), order=30))
    register_ending(Ending("sessions", lambda leaving: accounts.forget_network(leaving.network), order=40))
    register_ending(Ending("messages", _forget_messages, order=50))


def _refuse_busy(network: Network, now: datetime) -> None:
    known_everywhere = network.state_changed_at + QUIET if settings.HOST_CACHE_SECONDS else network.state_changed_at
    if now < known_everywhere:
        raise BusyError(f"{network.name} closed a moment ago. It is deleted in {QUIET.seconds} seconds.")
    if jobs.is_network_busy(network.id):
        raise BusyError(f"A job of {network.name} is running. It is deleted when that has ended.")


def _look(closing: Closing, network: Network) -> None:
    """Write down what there is, before anything of it is deleted, and to whom the certificate goes."""
    found = selectors.inventory_of(network)
    closing.owner_ids = [UUID(each) for each in found.pop("owner_ids", [])]
    closing.found = found | ({"customer": Customer.ERASED} if payments.is_customer(network) else {})
    closing.save(update_fields=["found", "owner_ids"])


def _erase_customer(leaving: Leaving) -> None:
    """Have the payment service forget the network, or keep for the certificate that it could not be asked."""
    if not billing.erase_customer(leaving.network):
        closing = selectors.open_closing(leaving.network)
        if closing is not None:
            closing.found["customer"] = Customer.REMAINS
            closing.save(update_fields=["found"])


def _forget_messages(leaving: Leaving) -> None:
    """Forget what the platform wrote in the network's place; its own messages go with its schema."""
    PlatformMessage.objects.filter(host=first_host_of(leaving.network)).delete()


def _finish(closing: Closing, network: Network, *, now: datetime) -> None:
    """Certify, send the certificate to who owned the network, and forget them; in the transaction that ends it."""
    closing.refresh_from_db(fields=["found"])
    closing.deleted_at = now
    closing.certificate = certificates.compose(closing, now=now)
    for owner in User.objects.filter(pk__in=closing.owner_ids, is_active=True).order_by("pk"):
        _send(closing, owner)
    closing.state, closing.asked_by_id, closing.reason, closing.owner_ids = ClosingState.DELETED, None, "", []
    closing.save()
    record("closing.network.deleted", by=Actor.system("job"), target=network, closing=closing.id)


def _send(closing: Closing, owner: User) -> None:
    queue_notice(
        owner.email,
        Notice(
            subject=f"{closing.name} is deleted",
            paragraphs=[
                "Everything of it is deleted from the platform.",
                *([f"The platform’s reason: {closing.reason}"] if closing.reason else []),
                "The certificate says what that was, what remains, and why. Keep it: it is signed, and can be checked.",
            ],
            quote=closing.certificate,
            quote_by="The certificate",
            action=("See the certificate", url_of(host_of(None), f"/certificates/{closing.id}/")),
            reason=f"You get this email because you owned {closing.name}.",
        ),
        kind="closing.certificate",
        dedupe_key=f"closing:{closing.id}:certificate:{owner.pk}",
        to_account_id=owner.pk,
    )
