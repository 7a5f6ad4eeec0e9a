"""The public form."""

from typing import Any

from django import forms

from shared_apps.accounts.selectors import normal_email
from shared_apps.core.naming import NamingForm
from shared_apps.requests.selectors import address_fault
from tenants.selectors import host_of

MOST_MEMBERS = 100_000


class StartForm(NamingForm):
    """What we ask of somebody who wants a network."""

    name = forms.CharField(
        label="Name of the network",
        max_length=80,
        help_text="As its members say it: Thames Valley SBM Network.",
        error_messages={"required": "Enter the network’s name"},
    )
    subdomain = forms.CharField(
        label="Address",
        max_length=60,
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}),
        error_messages={"required": "Enter an address for the network"},
    )
    members = forms.IntegerField(
        label="Members",
        min_value=1,
        max_value=MOST_MEMBERS,
        help_text="Roughly how many there will be in a year.",
        error_messages={
            "required": "Enter roughly how many members there will be",
            "invalid": "Enter a whole number, like 60",
            "min_value": "Enter a whole number, like 60",
            "max_value": "Enter a smaller number",
        },
    )
    region = forms.CharField(label="Region", max_length=40, required=False, help_text="Such as South East.")
    person = forms.CharField(
        label="Your name",
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Enter your name"},
    )
    email = forms.EmailField(
        label="Your email address",
        max_length=254,
        help_text="We send a link to it. You own the network with this address, once it is on line.",
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false", "autocapitalize": "none"}),
        error_messages={
            "required": "Enter your email address",
            "invalid": "Enter an address like name@school.example",
            "max_length": "Enter an address of at most 254 characters",
        },
    )
    organisation = forms.CharField(
        label="Your school or organisation",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
        error_messages={"required": "Enter your school or organisation"},
    )
    words = forms.CharField(
        label="A few words",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Who the members are, and where they meet today.",
        error_messages={"max_length": "Say it in at most 2,000 characters"},
    )
    extra = forms.CharField(
        label="Leave this empty", max_length=200, required=False
    )  # people do; programs that fill in forms do not

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["extra"].widget.attrs = {"tabindex": "-1", "autocomplete": "off"}
        self.fields[
            "subdomain"
        ].help_text = f"What stands before .{host_of(None)}: lower-case letters, digits and hyphens."

    def clean_subdomain(self) -> str:
        """Check the form of it, what is reserved, and what other networks have."""
        wanted = self.cleaned_data["subdomain"]
        if fault := address_fault(wanted):
            raise forms.ValidationError(fault)
        return wanted

    def clean_person(self) -> str:
        """Take one plain line."""
        return _plain_line(self.cleaned_data["person"])

    def clean_organisation(self) -> str:
        """Take one plain line."""
        return _plain_line(self.cleaned_data["organisation"])

    def clean_email(self) -> str:
        """Return the address as addresses are stored."""
        email = normal_email(self.cleaned_data["email"])
        if not email.isprintable():
            raise forms.ValidationError(self.fields["email"].error_messages["invalid"])
        return email

    @property
    def is_by_a_program(self) -> bool:
        """Whether the field was filled in that people leave empty."""
        return bool(self.data.get("extra"))


def _plain_line(text: str) -> str:
    tidy = " ".join(text.split())
    if not tidy.isprintable():
        raise forms.ValidationError("Use ordinary letters, digits and punctuation")
    return tidy
