"""Forms that name a network, held to the names' own rules."""

from collections.abc import Callable

from django import forms

from tenants.names import NetworkNameError, check_name, check_region


class NamingForm(forms.Form):
    """A form with a network's `name` and `region`, which are checked as the service will."""

    def clean_name(self) -> str:
        """Check as the service will."""
        return checked(check_name, self.cleaned_data["name"])

    def clean_region(self) -> str:
        """Check as the service will."""
        return checked(check_region, self.cleaned_data["region"])


def checked(check: Callable[[str], str], value: str) -> str:
    """Return what a rule of names makes of a value; raises ValidationError with the rule's own words."""
    try:
        return check(value)
    except NetworkNameError as error:
        raise forms.ValidationError(str(error)) from None
