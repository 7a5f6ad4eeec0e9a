"""The operator's forms."""

from typing import Any

from django import forms

from shared_apps.core.naming import NamingForm, checked
from tenants.beginnings import TEMPLATES, USUAL
from tenants.names import check_subdomain
from tenants.selectors import host_of


class NetworkForm(NamingForm):
    """Put a network on line."""

    name = forms.CharField(
        label="Name",
        max_length=80,
        help_text="As its members say it: Thames Valley SBM Network.",
        error_messages={"required": "Enter the network’s name"},
    )
    subdomain = forms.CharField(
        label="Address",
        max_length=60,
        error_messages={"required": "Enter the network’s address"},
    )
    owner_email = forms.EmailField(
        max_length=254,
        label="Owner’s email address",
        help_text="They get a link to take the network over. You cannot use it in their place.",
        error_messages={
            "required": "Enter the owner’s email address",
            "invalid": "Enter an address like name@school.example",
            "max_length": "Enter an address of at most 254 characters",
        },
    )
    region = forms.CharField(
        label="Region",
        max_length=40,
        required=False,
        help_text="Such as South East. Shown with anonymous items where it has five networks.",
    )
    template = forms.ChoiceField(
        label="What it begins with",
        choices=[(each.key, each.name) for each in TEMPLATES],
        initial=USUAL.key,
        widget=forms.RadioSelect,
        help_text="Its owners can change all of it.",
        required=False,
    )
    examples = forms.BooleanField(
        label="Begin with examples",
        initial=True,
        required=False,
        help_text="A few discussions and a supplier that are marked as made up. Owners remove them with one button.",
    )
    plan = forms.ChoiceField(
        label="Plan",
        required=False,
        help_text="It has a term to try it, and can choose another at any time.",
        error_messages={"invalid_choice": "Choose a plan"},
    )
    template_hints = {each.key: each.about for each in TEMPLATES}

    def __init__(self, *args: Any, plans: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["plan"].choices = plans  # type: ignore[attr-defined]
        self.fields[
            "subdomain"
        ].help_text = (
            f"What stands before .{host_of(None)}: lower-case letters, digits and hyphens. It is hard to change later."
        )

    def clean_subdomain(self) -> str:
        """Check as the service will."""
        return checked(check_subdomain, self.cleaned_data["subdomain"])


class AcceptForm(NetworkForm):
    """The network that somebody asked for, as it will be; its owner is who asked."""

    owner_email = None  # type: ignore[assignment]  # Django's way to leave a parent's field out


class DeclineForm(forms.Form):
    """Why a network is not started."""

    answer = forms.CharField(
        label="What you say to them",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="It is emailed to them as you write it.",
        error_messages={
            "required": "Say why, so that they know what to do next",
            "max_length": "Say it in at most 2,000 characters",
        },
    )
