"""The forms that ask for an invoice, and for another plan."""

from typing import Any

from django import forms

from shared_apps.billing.enums import Period


class PlanForm(forms.Form):
    """Which plan."""

    plan = forms.ChoiceField(
        label="Plan",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a plan", "invalid_choice": "Choose a plan"},
    )

    def __init__(self, *args: Any, plans: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["plan"].choices = plans  # type: ignore[attr-defined]


class InvoiceForm(PlanForm):
    """Which plan, for how long, and the number a school's finance office wants on it."""

    period = forms.ChoiceField(
        label="Pay for",
        choices=Period,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a term or a year", "invalid_choice": "Choose a term or a year"},
    )
    purchase_order = forms.CharField(
        label="Purchase order number",
        max_length=30,
        required=False,
        help_text="It is printed on the invoice.",
        error_messages={"max_length": "A purchase order number has at most 30 characters"},
    )
