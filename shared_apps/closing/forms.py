"""What is asked of whoever closes a network."""

from typing import Any

from django import forms
from django.utils import timezone

from shared_apps.closing.selectors import NOTICE

WITHDRAW, KEEP = "withdraw", "keep"
CHOICES = ((WITHDRAW, "Take it back"), (KEEP, "Let it stay"))
CARDS = {
    WITHDRAW: (
        "On the closing day everything shared leaves the Collective, and the answers of other networks come home, into"
        " the archive. What members answered elsewhere is removed with the network."
    ),
    KEEP: (
        "Questions, answers and recommendations go on helping other schools, as from “a network that has closed”."
        " Whoever wrote something can still have theirs removed."
    ),
}
NOW_CARDS = CARDS | {
    WITHDRAW: (
        "Everything shared leaves the Collective within minutes, with what other networks answered to it, and what its"
        " members answered elsewhere. Nobody has an archive with it but one that was written before."
    ),
}
_WORDS = 1_000


class ClosingForm(forms.Form):
    """When a network closes, what becomes of what it shared, and a word to the members."""

    closes_on = forms.DateField(
        label="Closing day",
        input_formats=["%d %m %Y", "%d/%m/%Y", "%Y-%m-%d"],
        error_messages={"required": "Enter a day", "invalid": "Enter a real date, like 31 1 2027"},
    )
    keeps_publications = forms.ChoiceField(
        label="What the network shared with other networks",
        choices=CHOICES,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what becomes of it", "invalid_choice": "Choose what becomes of it"},
    )
    words = forms.CharField(
        label="A word to the members",
        max_length=_WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="It stands in the email that everybody gets, and on the page that says when what happens.",
        error_messages={"max_length": f"Say it in at most {_WORDS:,} characters"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        soonest = timezone.localdate() + NOTICE
        self.fields[
            "closes_on"
        ].help_text = (
            f"{NOTICE.days} days’ notice or more, so {soonest.day} {soonest.month} {soonest.year} at the earliest."
        )

    def clean_keeps_publications(self) -> bool:
        """Return whether it stays."""
        return self.cleaned_data["keeps_publications"] == KEEP


class ReasonForm(forms.Form):
    """Why an operator closes a network; its owners read it."""

    reason = forms.CharField(
        label="Why the platform closes it",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Its owners read this.",
        error_messages={"required": "Say why", "max_length": "Say it in at most 300 characters"},
    )


class OperatorForm(ReasonForm, ClosingForm):
    """The same, from an operator."""

    field_order = ("reason", "closes_on", "keeps_publications", "words")


class NowForm(ReasonForm):
    """Closing without notice: nothing of it can be taken back, so its subdomain is typed."""

    keeps_publications = ClosingForm.base_fields["keeps_publications"]
    subdomain = forms.CharField(
        label="The network’s subdomain", max_length=60, error_messages={"required": "Type the subdomain"}
    )

    def __init__(self, *args: Any, wanted: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wanted = wanted
        self.fields["subdomain"].help_text = f"Type {wanted}, to show that you mean this one."

    def clean_keeps_publications(self) -> bool:
        """Return whether it stays."""
        return self.cleaned_data["keeps_publications"] == KEEP

    def clean_subdomain(self) -> str:
        """Refuse another."""
        if self.cleaned_data["subdomain"].strip() != self.wanted:
            raise forms.ValidationError(f"Type {self.wanted}")
        return self.wanted


class CheckForm(forms.Form):
    """A certificate to be checked."""

    text = forms.CharField(
        label="The certificate",
        max_length=10_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text="Paste the whole text, from “SBM Collective” to the signature.",
        error_messages={"required": "Paste the certificate", "max_length": "Paste the certificate alone"},
    )
