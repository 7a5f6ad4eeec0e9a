"""Years of paying at Stripe's stand-in, told in the worst order: late, shuffled, twice, with an outage."""

import random
from collections import Counter
from dataclasses import dataclass, field

import requests
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from config.fakestripe import charges
from shared_apps.audit.services import Actor
from shared_apps.billing import services
from shared_apps.billing.enums import InvoiceState, NoticeKind, Period
from shared_apps.billing.models import Invoice, Notice, Plan, Subscription
from shared_apps.jobs.worker import Worker
from shared_apps.mail.models import Message, PlatformMessage
from tenants.context import in_network
from tenants.models import Network
from tests.till import Till, day

BY = Actor.system("command")
BACK = "http://alder.test/manage/plan/"
CARDS = ("pm_card_visa", "pm_card_visa", "pm_card_chargeCustomerFail")
STEP = 40  # days between two things that people do


@dataclass
class Years:
    """What happens to some networks; the same seed makes the same years."""

    till: Till
    networks: list[Network]
    acts: int = 1  # of each network, between two steps
    chance: random.Random = field(default_factory=lambda: random.Random(7))
    clocks: dict[str, str] = field(default_factory=dict)
    sent: int = 0

    def pass_by(self, days: int, *, outage_on: int, hear_every: int = STEP) -> None:
        """Let so many days pass; Stripe is away for an hour on the step `outage_on`."""
        for network in self.networks:
            self.begin(network)
        for number in range(STEP, days + 1, STEP):
            for network in self.networks:
                for _ in range(self.acts):
                    self.act(network)
                self.till.stand_in.advance(self.clocks[network.subdomain], number)
            self.till.time = day(number)
            if number // STEP == outage_on:
                self.lose_an_hour()
            elif number % hear_every == 0:
                self.hear()
        self.hear()

    def begin(self, network: Network) -> None:
        """Give a card at New Year, when the trial ends."""
        self.clocks[network.subdomain] = self.till.customer(network)
        Subscription.objects.filter(network=network).update(trial_ends_at=day(0))
        said = {"email": "o@alder.example", "back_to": BACK, "now": day(0), "by": BY}
        url = services.start_card(_of(network), plan=Plan.objects.get(code="medium"), period=Period.TERM, **said)
        assert self.till.pay_by_card(url) == 303

    def act(self, network: Network) -> None:
        """Do one thing at Stripe: another card, plan or name, a transfer for what is owed, or giving something back."""
        v1, customer = self.till.stand_in.v1, str(_of(network).stripe_customer)
        deal = v1.subscriptions.list({"customer": customer}).data[0]
        what = self.chance.choice(("card", "plan", "transfer", "refund", "credit", "name"))
        if what == "card":
            card = v1.payment_methods.attach(self.chance.choice(CARDS), {"customer": customer})
            v1.subscriptions.update(deal.id, {"default_payment_method": card.id})
        if what == "plan":
            self.change_plan(deal.to_dict())
        if what == "transfer":
            for owed in v1.invoices.list({"customer": customer, "status": "open"}).data:
                requests.post(str(owed.hosted_invoice_url), data={"action": "transfer"}, timeout=10)
        if what == "refund":
            self.refund(customer)
        if what == "credit":
            self.credit(customer)
        if what == "name":
            v1.customers.update(customer, {"name": f"Bursars {self.chance.random()}"})

    def change_plan(self, deal: dict) -> None:
        """As in the portal: the rest of the time is charged, or kept as credit."""
        code, pence = self.chance.choice((("small", 60_00), ("medium", 120_00), ("large", 220_00)))
        named = {"metadata": {"plan": code, "period": "term"}, "tax_behavior": "exclusive"}
        every = {"recurring": {"interval": "month", "interval_count": 4}}
        price = self.till.stand_in.price(pence, **named, **every)
        items = [{"id": deal["items"]["data"][0]["id"], "price": price}]
        change = {"items": items, "proration_behavior": "always_invoice"}
        self.till.stand_in.v1.subscriptions.update(deal["id"], change)

    def refund(self, customer: str) -> None:
        """Pay back a part of the last charge, or what is left of it."""
        v1 = self.till.stand_in.v1
        for charge in v1.charges.list({"customer": customer, "limit": 1}).data:
            if not charge.refunded:
                part = self.chance.choice(({"amount": 1 + (charge.amount - charge.amount_refunded) // 2}, {}))
                v1.refunds.create({"charge": charge.id, **part})

    def credit(self, customer: str) -> None:
        """Write a credit note of the last invoice: of what is owed, or as credit or a transfer for what is paid."""
        v1 = self.till.stand_in.v1
        for invoice in v1.invoices.list({"customer": customer, "limit": 1}).data:
            taken = invoice.pre_payment_credit_notes_amount + invoice.post_payment_credit_notes_amount
            amount = (invoice.total - taken) // self.chance.choice((1, 2))
            back = max(0, amount - invoice.amount_remaining)
            if invoice.status in ("open", "paid") and amount > 0:
                how = self.chance.choice(("credit_amount", "out_of_band_amount"))
                v1.credit_notes.create({"invoice": invoice.id, "amount": amount, how: back})

    def hear(self) -> None:
        """Have what waits delivered, each event twice and in any order, and the jobs run."""
        self.sent += self.till.deliver(times=2, shuffled_by=self.chance)

    def lose_an_hour(self) -> None:
        """Events have come, and then Stripe answers nothing; an hour later the jobs try again."""
        self.till.stand_in.deliveries.send = self.till.post
        self.sent += self.till.stand_in.deliveries.deliver(times=2, shuffled_by=self.chance)
        self.till.stand_in.deliveries.is_down = True
        Worker().drain()
        assert self.till.deliver() == 0
        self.till.stand_in.deliveries.is_down = False
        DBTaskResult.objects.filter(status="READY").update(run_after=timezone.now())
        Worker().drain()


def differences(till: Till, networks: list[Network]) -> list[object]:
    """Return what is not here as it is at the stand-in: invoices, plans, when cards are charged."""
    found: list[object] = []
    for network in networks:
        subscription = _of(network)
        here = {
            each.stripe_id: (
                each.state,
                each.pence,
                each.number,
                int(each.paid_at.timestamp()) if each.paid_at else None,
                *(each.pence_from_credit, each.pence_credited, each.pence_refunded),
            )
            for each in subscription.invoices.all()
        }
        there = dict(_invoices(till, str(subscription.stripe_customer)))
        deal = till.stand_in.v1.subscriptions.list({"customer": str(subscription.stripe_customer)}).data[0].to_dict()
        item = deal["items"]["data"][0]
        renews = item["current_period_end"] if deal["status"] == "active" else None
        ours = int(subscription.renews_at.timestamp()) if subscription.renews_at else None
        if here != there:
            found.append((network.subdomain, set(here.items()) ^ set(there.items())))
        if (subscription.plan.code, ours) != (item["price"]["metadata"]["plan"], renews):
            found.append((network.subdomain, subscription.plan.code, ours, deal["status"]))
    return found


def emails(networks: list[Network]) -> Counter[str]:
    """Return how many emails of each kind the owners of these networks were sent about their plans."""
    kinds = list(PlatformMessage.objects.filter(kind__startswith="plan.").values_list("kind", flat=True))
    for network in networks:
        with in_network(network):
            kinds += Message.objects.filter(kind__startswith="plan.").values_list("kind", flat=True)
    return Counter(kind.removeprefix("plan.") for kind in kinds)


def notices() -> Counter[str]:
    """Return how many notices there are of each kind; of each invoice one that it is paid."""
    paid, kept = Notice.objects.filter(kind=NoticeKind.ACTIVE), Invoice.objects.filter(given_back_at=None)
    assert paid.count() == paid.values("invoice").distinct().count()
    assert not paid.exclude(invoice__state=InvoiceState.PAID).exists()
    assert not kept.filter(state=InvoiceState.PAID).exclude(id__in=paid.values("invoice")).exists()
    return Counter(Notice.objects.values_list("kind", flat=True))


def _invoices(till: Till, customer: str):
    states = {"open": "open", "paid": "paid", "void": "void", "uncollectible": "open"}
    for each in till.stand_in.server.state.all("invoice", customer=customer):
        if each["status"] in states and each["subtotal"] > 0:
            times = each["status_transitions"]
            sums = (states[each["status"]], each["total"], each["number"], times["paid_at"])
            yield each["id"], (*sums, *_given_back(till, each))


def _given_back(till: Till, invoice: dict) -> tuple[int, int, int]:
    """Return what of an invoice was paid from credit, is credited, and is refunded, by the stand-in's own books."""
    state = till.stand_in.server.state
    notes = state.all("credit_note", invoice=invoice["id"], status="issued")
    charge = charges.charge_of(state, invoice) or {"amount_refunded": 0}
    outside = sum(each["out_of_band_amount"] or 0 for each in notes)
    credited = sum(each["amount"] for each in notes) - outside
    taken_off = sum(each["pre_payment_amount"] for each in notes)
    return invoice["total"] - taken_off - invoice["amount_due"], credited, charge["amount_refunded"] + outside


def _of(network: Network) -> Subscription:
    return Subscription.objects.select_related("plan", "network").get(network=network)
