"""Plans and their prices, what each network has, owes and has paid, and which of Stripe's events are known."""

from django.db import models
from django.db.models import Q

from shared_apps.billing.enums import InvoiceState, NoticeKind, Period, State
from tenants.ids import new_id
from tenants.models import Network


def money(pence: int) -> str:
    """Return pence as people write pounds: £1,200 or £54.50."""
    pounds, rest = divmod(pence, 100)
    return f"£{pounds:,}.{rest:02}" if rest else f"£{pounds:,}"


class Plan(models.Model):
    """What a network can have: up to so many members (None: any number), for so much a term or a year, without VAT."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.SlugField(max_length=20, unique=True)
    name = models.CharField(max_length=40)
    member_limit = models.PositiveIntegerField(null=True)
    pence_per_term = models.PositiveIntegerField()
    pence_per_year = models.PositiveIntegerField()
    currency = models.CharField(max_length=3, default="GBP")
    is_offered = models.BooleanField(default=True)

    class Meta:
        ordering = (models.F("member_limit").asc(nulls_last=True),)

    def __str__(self) -> str:
        return self.name

    @property
    def room(self) -> str:
        """How many members it is for, in words."""
        return f"Up to {self.member_limit:,} members" if self.member_limit else "Any number of members"

    def pence(self, period: str) -> int:
        """Return the price of a period, without VAT."""
        return self.pence_per_term if period == Period.TERM else self.pence_per_year


class VatRate(models.Model):
    """The rate from a day on until the next one begins; 2000 is 20 %."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    from_date = models.DateField(unique=True)
    basis_points = models.PositiveSmallIntegerField()

    def __str__(self) -> str:
        return f"{self.basis_points / 100:g} % from {self.from_date}"


class Subscription(models.Model):
    """What a network has. Its state is written by `services.review` alone, from the invoices."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    network = models.OneToOneField(Network, on_delete=models.CASCADE, related_name="subscription")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+")
    period = models.CharField(max_length=4, choices=Period, default=Period.YEAR)
    state = models.CharField(max_length=9, choices=State, default=State.TRIAL)
    state_since = models.DateTimeField()
    trial_ends_at = models.DateTimeField()
    sponsor = models.CharField(max_length=80, blank=True)
    sponsored_until = models.DateTimeField(null=True)
    purchase_order = models.CharField(max_length=30, blank=True)
    discount_percent = models.PositiveSmallIntegerField(default=0)
    stripe_customer = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001 - most have none
    is_by_card = models.BooleanField(default=False, db_default=False)
    renews_at = models.DateTimeField(null=True)  # when the card is charged next, if it still pays
    sync_asked_at = models.DateTimeField(null=True)  # while a job to read it from Stripe waits
    is_suspension_ours = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="subscription_sponsored_by_somebody", condition=Q(sponsored_until=None) | ~Q(sponsor="")
            ),
            models.CheckConstraint(name="subscription_discount_per_cent", condition=Q(discount_percent__lte=100)),
        )
        indexes = (models.Index(fields=["state"], name="subscription_by_state"),)

    def __str__(self) -> str:
        return f"{self.network}: {self.state}"


class Invoice(models.Model):
    """What a network was asked to pay. It outlives the network, because accounts are kept for six years."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subscription = models.ForeignKey(Subscription, on_delete=models.SET_NULL, null=True, related_name="invoices")
    number = models.CharField(max_length=40, unique=True)
    billed_to = models.CharField(max_length=80)
    description = models.CharField(max_length=120)
    purchase_order = models.CharField(max_length=30, blank=True)
    state = models.CharField(max_length=4, choices=InvoiceState, default=InvoiceState.OPEN)
    pence_net = models.PositiveIntegerField()
    pence_vat = models.PositiveIntegerField()
    vat_basis_points = models.PositiveSmallIntegerField()
    covers_from = models.DateTimeField()
    covers_until = models.DateTimeField()
    issued_at = models.DateTimeField()
    due_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)
    pence_from_credit = models.PositiveIntegerField(default=0, db_default=0)  # of the whole sum, as the next two
    pence_credited = models.PositiveIntegerField(default=0, db_default=0)  # by credit notes, but for what was refunded
    pence_refunded = models.PositiveIntegerField(default=0, db_default=0)
    given_back_at = models.DateTimeField(null=True)  # when nothing was left of what was paid
    stripe_id = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001 - our own have none
    pay_url = models.CharField(max_length=500, blank=True, db_default="")

    class Meta:
        ordering = ("-issued_at", "-number")
        constraints = (
            models.UniqueConstraint(
                name="invoice_one_open", fields=["subscription"], condition=Q(state=InvoiceState.OPEN, stripe_id=None)
            ),
            models.CheckConstraint(
                name="invoice_paid_at_some_time",
                condition=Q(state=InvoiceState.PAID, paid_at__isnull=False)
                | (~Q(state=InvoiceState.PAID) & Q(paid_at=None)),
            ),
            models.CheckConstraint(name="invoice_covers_a_time", condition=Q(covers_until__gt=models.F("covers_from"))),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def pence(self) -> int:
        """The whole sum."""
        return self.pence_net + self.pence_vat

    @property
    def pence_to_pay(self) -> int:
        """What is owed of it while it is open."""
        return max(0, self.pence - self.pence_from_credit - self.pence_credited)

    @property
    def shown_sum(self) -> str:
        """The whole sum in pounds."""
        return money(self.pence)

    @property
    def shown_state(self) -> str:
        """How it stands, with what was taken off and given back: "Paid, refunded £60 of £360"."""
        owes_less = self.state == InvoiceState.OPEN and self.pence_to_pay < self.pence
        words = [f"{self.get_state_display()} {money(self.pence_to_pay)}" if owes_less else self.get_state_display()]
        words += [f"{money(self.pence_from_credit)} from credit"] if self.pence_from_credit else []
        words += [f"credited {money(self.pence_credited)} of {self.shown_sum}"] if self.pence_credited else []
        words += [f"refunded {money(self.pence_refunded)} of {self.shown_sum}"] if self.pence_refunded else []
        return ", ".join(words)


class Notice(models.Model):
    """That a network's owners are told something; the key keeps them from being told it twice."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=14, choices=NoticeKind)
    key = models.CharField(max_length=80)
    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, null=True, related_name="+")
    until = models.DateTimeField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(name="notice_once", fields=["subscription", "key"]),)

    def __str__(self) -> str:
        return self.key


class StripeEvent(models.Model):
    """That an event came, once; what it says is asked of Stripe anew, so nothing of it is kept."""

    id = models.CharField(max_length=255, primary_key=True)
    type = models.CharField(max_length=80)
    created_at = models.DateTimeField()
    received_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["received_at"], name="stripe_event_by_time"),)

    def __str__(self) -> str:
        return self.id
