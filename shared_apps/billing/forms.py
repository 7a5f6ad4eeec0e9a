"""The operator's forms: a plan and a discount, the end of a trial, a sponsor."""

from typing import Any

from django import forms

from shared_apps.billing.enums import EndOfCard

_CHOOSE = "Choose a plan"


class PlanForm(forms.Form):
    """Which plan a network has, and what it pays less."""

    plan = forms.ChoiceField(label="Plan", error_messages={"required": _CHOOSE, "invalid_choice": _CHOOSE})
    discount_percent = forms.IntegerField(
        label="Discount, per cent",
        min_value=0,
        max_value=100,
        help_text="On every invoice from now on.",
        error_messages={
            "required": "Enter a discount, or 0",
            **dict.fromkeys(("invalid", "min_value", "max_value"), "Enter a whole number from 0 to 100"),
        },
    )

    def __init__(self, *args: Any, plans: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["plan"].choices = plans  # type: ignore[attr-defined]


class TrialForm(forms.Form):
    """The last day of a trial."""

    last_day = forms.DateField(
        label="Last day of the trial",
        help_text="For example, 31 1 2027",
        input_formats=["%d %m %Y", "%d/%m/%Y", "%Y-%m-%d"],
        error_messages={"required": "Enter a day", "invalid": "Enter a real date, like 31 1 2027"},
    )


class SponsorForm(forms.Form):
    """Who pays in the network's place, and until when; without a day nobody does any more."""

    sponsor = forms.CharField(
        label="Sponsor", max_length=80, error_messages={"required": "Enter who sponsors the network"}
    )
    sponsored_until = forms.DateField(
        label="Last day",
        required=False,
        help_text="Leave it empty to end the sponsorship.",
        input_formats=["%d %m %Y", "%d/%m/%Y", "%Y-%m-%d"],
        error_messages={"invalid": "Enter a real date, like 31 1 2027"},
    )
    end_card = forms.ChoiceField(
        label="When the card stops paying",
        required=False,
        choices=EndOfCard,
        widget=forms.RadioSelect,
        help_text="Needed where a card pays for the network. Its owners are told by email.",
        error_messages={"invalid_choice": "Choose when the card stops paying"},
    )

    def __init__(self, *args: Any, has_card: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_card:
            del self.fields["end_card"]
