"""Subscriptions and invoices as the operators' API shows and takes them."""

from typing import Any

from rest_framework import serializers

from shared_apps.billing.enums import EndOfCard, InvoiceState, Period, State


class InvoiceSerializer(serializers.Serializer):
    """One invoice; sums are in pence."""

    id = serializers.UUIDField()
    number = serializers.CharField()
    state = serializers.ChoiceField(InvoiceState.choices)
    description = serializers.CharField()
    purchase_order = serializers.CharField()
    pence_net = serializers.IntegerField()
    pence_vat = serializers.IntegerField()
    pence = serializers.IntegerField()
    pence_to_pay = serializers.IntegerField(help_text="While it is open: without credit and credit notes.")
    pence_from_credit = serializers.IntegerField(help_text="Paid from what the network had to its credit.")
    pence_credited = serializers.IntegerField(help_text="By credit notes, but for what was refunded.")
    pence_refunded = serializers.IntegerField()
    covers_from = serializers.DateTimeField()
    covers_until = serializers.DateTimeField()
    issued_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    paid_at = serializers.DateTimeField(allow_null=True)
    given_back_at = serializers.DateTimeField(allow_null=True, help_text="When nothing was left of what was paid.")


class SubscriptionSerializer(serializers.Serializer):
    """How a network's subscription stands."""

    network = serializers.UUIDField(source="network_id")
    state = serializers.ChoiceField(State.choices)
    state_since = serializers.DateTimeField()
    plan = serializers.CharField(source="plan.code")
    period = serializers.ChoiceField(Period.choices)
    trial_ends_at = serializers.DateTimeField()
    sponsor = serializers.CharField()
    sponsored_until = serializers.DateTimeField(allow_null=True)
    discount_percent = serializers.IntegerField()
    invoices = serializers.SerializerMethodField()

    def get_invoices(self, subscription: Any) -> list[dict[str, Any]]:
        """Return its invoices, the latest first."""
        return [dict(each) for each in InvoiceSerializer(subscription.invoices.all(), many=True).data]


class SubscriptionChangeSerializer(serializers.Serializer):
    """Another plan, discount or end of the trial, or a sponsor; a sponsor without an end ends the sponsorship."""

    plan = serializers.SlugField(required=False)
    discount_percent = serializers.IntegerField(required=False, min_value=0, max_value=100)
    trial_ends_at = serializers.DateTimeField(required=False)
    sponsor = serializers.CharField(required=False, max_length=80, allow_blank=True)
    sponsored_until = serializers.DateTimeField(required=False, allow_null=True)
    end_card = serializers.ChoiceField(
        EndOfCard.choices, required=False, help_text="With a sponsor: what becomes of a card that pays; 409 without."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse a change of nothing, and half a sponsorship."""
        if not attrs:
            raise serializers.ValidationError("Give what is to change.")
        if ("sponsor" in attrs) != ("sponsored_until" in attrs):
            raise serializers.ValidationError("Give `sponsor` and `sponsored_until` together.")
        if "end_card" in attrs and not attrs.get("sponsored_until"):
            raise serializers.ValidationError("Give `end_card` with a sponsor.")
        return attrs


class NewInvoiceSerializer(serializers.Serializer):
    """An invoice for the time after what is covered already."""

    plan = serializers.SlugField()
    period = serializers.ChoiceField(Period.choices)
    purchase_order = serializers.CharField(required=False, max_length=30, allow_blank=True, default="")


class InvoiceChangeSerializer(serializers.Serializer):
    """Paid, or withdrawn."""

    state = serializers.ChoiceField([(each.value, each.label) for each in (InvoiceState.PAID, InvoiceState.VOID)])
