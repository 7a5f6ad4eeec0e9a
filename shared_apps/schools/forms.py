"""What may be asked of the school picker."""

from django import forms
from django.utils.http import url_has_allowed_host_and_scheme


class SchoolSearchForm(forms.Form):
    """A school's name, town, postcode or number, and where the choice is wanted."""

    q = forms.CharField(max_length=200, required=False)
    closed = forms.BooleanField(required=False)
    next = forms.CharField(max_length=500, required=False)

    def values(self) -> dict[str, str | bool]:
        """Return what can be used; what cannot is as if it had not been asked."""
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}

    def clean_next(self) -> str:
        """Let in addresses on this site only."""
        address = self.cleaned_data["next"]
        is_here = address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
        return address if is_here else ""
