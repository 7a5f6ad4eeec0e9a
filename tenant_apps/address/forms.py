"""The owners' form."""

from django import forms


class DomainForm(forms.Form):
    """Which domain a network is to have."""

    host = forms.CharField(
        label="Domain",
        max_length=253,
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "inputmode": "url"}),
        help_text="Such as community.kentsbm.org.uk. You need to be able to set its DNS records.",
        error_messages={"required": "Enter a domain", "max_length": "Enter a domain of at most 253 characters"},
    )
