"""Reads about plans, subscriptions and invoices."""

from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.db.models import Count, F, Q, Sum
from django.utils import timezone

from shared_apps.accounts.enums import AccessState
from shared_apps.accounts.models import NetworkAccess
from shared_apps.billing import gateway
from shared_apps.billing.enums import InvoiceState, State
from shared_apps.billing.models import Invoice, Notice, Plan, Subscription, VatRate
from shared_apps.billing.states import SHORT_OF_FULL, Facts, Owed, Standing, paid_until, standing_of
from tenants.enums import NetworkState
from tenants.models import Network

FIRST_PLAN = "medium"  # what a new network has on trial, where nobody chose another


@dataclass(frozen=True, slots=True)
class Price:
    """A sum of money, with the VAT of a day."""

    pence_net: int
    pence_vat: int
    basis_points: int

    @property
    def pence(self) -> int:
        """The whole sum."""
        return self.pence_net + self.pence_vat


@dataclass(frozen=True, slots=True)
class Takings:
    """What was paid for invoices since a day, what of that was given back since, and what is owed now.

    What was paid from credit is counted where it was paid first.
    """

    paid: int
    refunded: int
    credited: int
    owed: int


@dataclass(frozen=True, slots=True)
class Places:
    """How many members a network has, and how many its plan has room for (None: any number)."""

    used: int
    limit: int | None

    @property
    def shown(self) -> str:
        """As people read it: 18 of 200."""
        return f"{self.used:,} of {self.limit:,}" if self.limit else f"{self.used:,}"

    @property
    def is_nearly_full(self) -> bool:
        """Whether it is time to warn the owners."""
        return self.limit is not None and self.used * 100 >= self.limit * SHORT_OF_FULL


def takes_cards() -> bool:
    """Whether a network can pay by card, and at Stripe's pages."""
    return gateway.is_on()


def offered_plans() -> list[Plan]:
    """Return the plans a network can choose, the smallest first."""
    return list(Plan.objects.filter(is_offered=True))


def plan_for(members: int) -> Plan | None:
    """Return the smallest plan with room for so many members, or None."""
    return next((plan for plan in offered_plans() if plan.member_limit is None or plan.member_limit >= members), None)


def get_plan(code: str) -> Plan | None:
    """Return a plan that is offered, or None."""
    return Plan.objects.filter(code=code, is_offered=True).first()


def subscription_of(network: Network) -> Subscription | None:
    """Return what a network has, or None before its trial begins."""
    return Subscription.objects.select_related("plan", "network").filter(network_id=network.id).first()


def get_subscription(network_id: UUID) -> Subscription | None:
    """Return what the network with this id has, or None."""
    return Subscription.objects.select_related("plan", "network").filter(network_id=network_id).first()


def get_invoice(subscription: Subscription, invoice_id: UUID) -> Invoice | None:
    """Return one of a network's own invoices, or None."""
    return subscription.invoices.filter(id=invoice_id).first()


def invoices_of(subscription: Subscription) -> list[Invoice]:
    """Return a network's invoices, the latest first."""
    return list(subscription.invoices.all())


def open_invoice(subscription: Subscription) -> Invoice | None:
    """Return the invoice that waits to be paid; there is one at most."""
    return subscription.invoices.filter(state=InvoiceState.OPEN).first()


def get_notice(notice_id: UUID) -> Notice | None:
    """Return what owners are to be told, with all that the email says of it, or None."""
    found = Notice.objects.select_related("subscription__network", "subscription__plan", "invoice")
    return found.filter(id=notice_id).first()


def networks_by_state() -> dict[State, int]:
    """Return how many networks' subscriptions stand how, in one query."""
    found = Subscription.objects.order_by("state").values_list("state").annotate(n=Count("id"))
    counts = dict(found)
    return {state: counts.get(state, 0) for state in State}


def takings_since(moment: datetime) -> Takings:
    """Return what was paid since, in one query; a credit note of an invoice that is owed lessens what is owed."""
    whole = F("pence_net") + F("pence_vat") - F("pence_from_credit")
    since = Q(state=InvoiceState.PAID, paid_at__gte=moment)
    found = Invoice.objects.aggregate(
        paid=Sum(whole, filter=since, default=0),
        refunded=Sum("pence_refunded", filter=since, default=0),
        credited=Sum("pence_credited", filter=since, default=0),
        owed=Sum(whole - F("pence_credited"), filter=Q(state=InvoiceState.OPEN), default=0),
    )
    return Takings(**found)


def subscriptions_to_review() -> list[UUID]:
    """Return the subscriptions of networks that are live or suspended."""
    states = (NetworkState.LIVE, NetworkState.SUSPENDED)
    return list(Subscription.objects.filter(network__state__in=states).order_by("id").values_list("id", flat=True))


def get_subscription_by_id(subscription_id: UUID) -> Subscription | None:
    """Return a subscription with its plan and network, or None."""
    return Subscription.objects.select_related("plan", "network").filter(id=subscription_id).first()


def subscription_of_customer(customer: str) -> UUID | None:
    """Return the id of what a customer of Stripe has, or None for a customer that is not ours."""
    return Subscription.objects.filter(stripe_customer=customer).values_list("id", flat=True).first()


def is_customer(network: Network) -> bool:
    """Whether a network is a customer of Stripe's."""
    return Subscription.objects.filter(network_id=network.id).exclude(stripe_customer=None).exists()


def subscriptions_at_stripe() -> list[UUID]:
    """Return the subscriptions of networks that have been customers of Stripe."""
    found = Subscription.objects.exclude(stripe_customer=None).order_by("id")
    return list(found.values_list("id", flat=True))


def covered_until(subscription: Subscription) -> datetime:
    """Return until when the trial, a sponsor or what was paid covers."""
    return paid_until(facts_of(subscription))


def paid_time(subscription: Subscription, now: datetime) -> datetime | None:
    """Return until when invoices that are paid cover, or None when none covers now."""
    paid = subscription.invoices.filter(state=InvoiceState.PAID, covers_until__gt=now, given_back_at=None)
    return paid.order_by("-covers_until").values_list("covers_until", flat=True).first()


def networks_without_trial() -> list[Network]:
    """Return live networks from before there were plans."""
    return list(Network.objects.filter(type="network", state=NetworkState.LIVE, subscription=None))


def facts_of(subscription: Subscription) -> Facts:
    """Return what a subscription's state depends on; reads its invoices."""
    invoices = subscription.invoices.exclude(state=InvoiceState.VOID)
    return Facts(
        trial_ends_at=subscription.trial_ends_at,
        sponsored_until=subscription.sponsored_until,
        renews_at=subscription.renews_at,
        is_closed=subscription.network.state == NetworkState.CLOSED,
        invoices=[
            Owed(each.issued_at, each.due_at, _cover_of(each), each.state == InvoiceState.PAID) for each in invoices
        ],
    )


def _cover_of(invoice: Invoice) -> datetime:
    """Return until when an invoice covers; one that was given back whole covers until then."""
    return min(filter(None, (invoice.covers_until, invoice.given_back_at)))


def standing(subscription: Subscription, now: datetime) -> Standing:
    """Return how a subscription stands now and until when."""
    return standing_of(facts_of(subscription), now)


def places_of(subscription: Subscription) -> Places:
    """Return how much room a network's plan has left, in one query."""
    active = NetworkAccess.objects.filter(network_id=subscription.network_id, state=AccessState.ACTIVE)
    return Places(active.count(), subscription.plan.member_limit)


def price_of(plan: Plan, period: str, on: date, *, discount_percent: int = 0) -> Price:
    """Return what a period of a plan costs, with the VAT of a day, rounded down to the penny, as HMRC allows."""
    return with_vat(plan.pence(period) * (100 - discount_percent) // 100, on)


def with_vat(pence_net: int, on: date) -> Price:
    """Return a sum with the VAT of a day."""
    rate = VatRate.objects.filter(from_date__lte=on).order_by("-from_date").first()
    basis_points = rate.basis_points if rate else 0
    return Price(pence_net, pence_net * basis_points // 10_000, basis_points)


def end_of(day: date) -> datetime:
    """Return the moment a day ends, here."""
    return timezone.make_aware(datetime.combine(day, time.max.replace(microsecond=0)))
