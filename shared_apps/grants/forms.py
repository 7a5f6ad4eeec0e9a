"""The operator's form."""

from django import forms

from shared_apps.grants.enums import Minutes


class AskForm(forms.Form):
    """Why an operator wants to look in, and for how long."""

    reason = forms.CharField(
        label="Why you need to look in",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Its owners read this, and it stays in their log.",
        error_messages={
            "required": "Say why you need to look in",
            "max_length": "Say it in at most 300 characters",
        },
    )
    minutes = forms.TypedChoiceField(
        label="For how long",
        choices=Minutes,
        coerce=int,
        initial=Minutes.AN_HOUR,
        help_text="It counts from when an owner allows it.",
        error_messages={"required": "Choose for how long", "invalid_choice": "Choose for how long"},
    )
