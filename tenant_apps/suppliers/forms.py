"""Forms of suppliers: they are kind about what the services would refuse."""

from typing import Any

from django import forms
from django.utils import timezone

from tenant_apps.members.models import Posting
from tenant_apps.suppliers.enums import RATING_WORDS, Phase, SizeBand, size_band
from tenant_apps.suppliers.matching import WebsiteError, tidy_website
from tenant_apps.suppliers.models import Recommendation, ServiceNote, Supplier, SupplierCategory
from tenant_apps.suppliers.services.notes import MAX_NOTE_LENGTH
from tenant_apps.suppliers.services.recommendations import MAX_TEXT_LENGTH
from tenant_apps.suppliers.services.suppliers import MAX_DESCRIPTION_LENGTH, MAX_NAME_LENGTH

_MARKS = [(mark, f"{mark}, {words.lower()}") for mark, words in RATING_WORDS.items()]
_UNKNOWN = ("", "Not said")


class SupplierForm(forms.Form):
    """Add a supplier, and correct one."""

    name = forms.CharField(
        label="Name",
        max_length=MAX_NAME_LENGTH,
        help_text="The company’s name as its invoices have it.",
        error_messages={
            "required": "Write the supplier’s name",
            "max_length": f"A name has at most {MAX_NAME_LENGTH} characters",
        },
    )
    website = forms.CharField(
        label="Website",
        required=False,
        help_text="It keeps the same company from being added twice, here and in other networks.",
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
    )
    categories = forms.MultipleChoiceField(
        label="What do schools buy from them?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one category"},
    )
    description = forms.CharField(
        label="What they do",
        required=False,
        max_length=MAX_DESCRIPTION_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One or two sentences of fact. What you think of them goes into your recommendation.",
        error_messages={"max_length": f"At most {MAX_DESCRIPTION_LENGTH:,} characters"},
    )

    def __init__(self, *args: Any, categories: list[SupplierCategory], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._categories = {str(each.id): each for each in categories}
        self.fields["categories"].choices = [(key, each.name) for key, each in self._categories.items()]

    def clean_website(self) -> str:
        """Return the address as it will be kept."""
        try:
            return tidy_website(self.cleaned_data["website"])
        except WebsiteError as error:
            raise forms.ValidationError(str(error)) from error

    def values(self) -> dict[str, Any]:
        """Return what the services take."""
        chosen = [self._categories[key] for key in self.cleaned_data["categories"]]
        return {**self.cleaned_data, "categories": chosen}

    @staticmethod
    def initial_of(supplier: Supplier) -> dict[str, Any]:
        """Return a supplier as the form's starting values."""
        return {
            "name": supplier.name,
            "website": supplier.website,
            "categories": [str(each.id) for each in supplier.categories.all()],
            "description": supplier.shown_description,
        }


def _mark(label: str, help_text: str) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        coerce=int,
        choices=_MARKS,
        widget=forms.RadioSelect,
        help_text=help_text,
        error_messages={"required": f"Choose a mark for {label.lower()}"},
    )


class RecommendationForm(forms.Form):
    """Say what one's school thinks of a supplier, and change it."""

    response = _mark("Response", "How well they answer")
    quality = _mark("Quality", "How good the work is")
    value = _mark("Value", "What you get for the price")
    would_use_again = forms.TypedChoiceField(
        label="Would you use them again?",
        coerce=lambda answer: answer == "yes",
        choices=[("yes", "Yes"), ("no", "No")],
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether you would use them again"},
    )
    text = forms.CharField(
        label="What should another school know?",
        max_length=MAX_TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="What went well, what did not, and what you would look out for in the contract.",
        error_messages={
            "required": "Write what another school should know",
            "max_length": f"At most {MAX_TEXT_LENGTH:,} characters",
        },
    )
    phase = forms.ChoiceField(label="Phase of your school", required=False, choices=[_UNKNOWN, *Phase.choices])
    size = forms.ChoiceField(label="Size of your school", required=False, choices=[_UNKNOWN, *SizeBand.choices])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        phase = self.initial.get("phase")
        if phase and phase not in Phase.values:
            self.fields["phase"].choices = [_UNKNOWN, *Phase.choices, (phase, phase)]

    @staticmethod
    def initial_for(posting: Posting | None) -> dict[str, Any]:
        """Return what is known of the school of a new recommendation's author."""
        return {"phase": posting.phase, "size": size_band(posting.pupils)} if posting else {}

    @staticmethod
    def initial_of(recommendation: Recommendation) -> dict[str, Any]:
        """Return a recommendation as the form's starting values."""
        kept = {
            name: getattr(recommendation, name) for name in ("response", "quality", "value", "text", "phase", "size")
        }
        return {**kept, "would_use_again": "yes" if recommendation.would_use_again else "no"}


class NoteForm(forms.Form):
    """Keep a private note. A member with several schools says whose note it is."""

    school = forms.ChoiceField(label="Whose note is it?", error_messages={"required": "Choose a school"})
    happened_on = forms.DateField(
        label="Day",
        input_formats=["%Y-%m-%d", "%d/%m/%Y", "%d %m %Y", "%d %B %Y", "%d %b %Y"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Choose the day it happened", "invalid": "Day must be a real date, like 31 1 2027"},
    )
    text = forms.CharField(
        label="What happened",
        max_length=MAX_NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Late delivery, a credit agreed, a review meeting: what you want to find when the contract ends.",
        error_messages={
            "required": "Write what happened",
            "max_length": f"At most {MAX_NOTE_LENGTH:,} characters",
        },
    )

    def __init__(self, *args: Any, postings: list[Posting], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._postings = {str(each.id): each for each in postings}
        if len(postings) > 1:
            self.fields["school"].choices = [(key, each.school_name) for key, each in self._postings.items()]
        else:
            del self.fields["school"]

    def clean_happened_on(self) -> Any:
        """Return the day; refuses one that is still to come."""
        day = self.cleaned_data["happened_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("The day must be today or before")
        return day

    def values(self) -> dict[str, Any]:
        """Return what the services take."""
        cleaned = self.cleaned_data
        posting = self._postings.get(cleaned.get("school", ""))
        return {"happened_on": cleaned["happened_on"], "text": cleaned["text"], "posting": posting}

    @staticmethod
    def initial_of(note: ServiceNote) -> dict[str, Any]:
        """Return a note as the form's starting values."""
        return {"happened_on": note.happened_on, "text": note.text}
