"""Forms of the portal."""

from django import forms

from collective.publications.enums import Decision, Identity, ReportReason
from collective.publications.services import MAX_REPLY_LENGTH, MAX_REPORT_LENGTH

_LENGTH = f"A reply has at most {MAX_REPLY_LENGTH:,} characters"


class ReplyForm(forms.Form):
    """Answer from another network, and how to be shown."""

    body = forms.CharField(
        label="Your answer",
        max_length=MAX_REPLY_LENGTH,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "Write your answer first", "max_length": _LENGTH},
    )
    identity = forms.ChoiceField(
        label="Shown as", choices=Identity, widget=forms.RadioSelect, initial=Identity.NAMED, required=False
    )

    def clean_identity(self) -> Identity:
        """Fall back to one's name."""
        return Identity(self.cleaned_data["identity"] or Identity.NAMED)


class EditReplyForm(forms.Form):
    """Change an answer."""

    body = forms.CharField(
        label="Your answer",
        max_length=MAX_REPLY_LENGTH,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": "Write your answer first", "max_length": _LENGTH},
    )


class ReportForm(forms.Form):
    """What is wrong with something."""

    reason = forms.ChoiceField(
        label="What is wrong with it?",
        choices=ReportReason,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what is wrong with it"},
    )
    words = forms.CharField(
        label="Anything the moderators should know",
        required=False,
        max_length=MAX_REPORT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": f"At most {MAX_REPORT_LENGTH:,} characters. Shorten what you wrote"},
    )


DECISION_CARDS = {
    Decision.LEFT: "It stays as it is. Whoever reported it is told.",
    Decision.HIDDEN: (
        "Something shared goes for good, with what others answered to it, and whoever shared it is told why. A reply"
        " is hidden. Whoever reported it is told."
    ),
}


class DecisionForm(forms.Form):
    """What becomes of something that was reported."""

    decision = forms.TypedChoiceField(
        label="What becomes of it?",
        choices=Decision,
        coerce=Decision,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what becomes of it", "invalid_choice": "Choose what becomes of it"},
    )
