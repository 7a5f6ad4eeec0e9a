"""Forms of moderation: a report, a decision, a reason, an appeal."""

from typing import Any

from django import forms

from tenant_apps.moderation.enums import DECISIONS, ActKind, Reason
from tenant_apps.moderation.services import MAX_WORDS

_LENGTH = f"At most {MAX_WORDS:,} characters. Shorten what you wrote"
_DAYS = (("1", "A day"), ("7", "A week"), ("28", "Four weeks"), ("", "Until a moderator lifts it"))
_CHOICES = {
    ActKind.LEFT: "Leave it as it is",
    ActKind.HIDDEN: "Hide it",
    ActKind.EDIT_ASKED: "Ask the author to edit it",
    ActKind.WARNED: "Warn the author",
    ActKind.SUSPENDED: "Suspend the author",
}


def _words(label: str, *, required: str = "", rows: int = 3, hint: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=bool(required),
        max_length=MAX_WORDS,
        help_text=hint,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": required, "max_length": _LENGTH},
    )


class ReportForm(forms.Form):
    """What is wrong with something."""

    reason = forms.ChoiceField(
        label="What is wrong with it?",
        choices=Reason,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what is wrong with it"},
    )
    words = _words("Anything the moderators should know")

    def clean(self) -> dict[str, Any] | None:
        """Something else needs words."""
        said = super().clean()
        if self.cleaned_data.get("reason") == Reason.OTHER and not self.cleaned_data.get("words", "").strip():
            self.add_error("words", "Say what is wrong with it")
        return said


class DecisionForm(forms.Form):
    """What a moderator does, for how long, and why; `allowed` are the acts that are possible for this case."""

    kind = forms.ChoiceField(
        label="What do you do?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what to do", "invalid_choice": "Choose one of these"},
    )
    days = forms.ChoiceField(label="If you suspend, for how long?", choices=_DAYS, required=False, initial="7")
    reason = _words(
        "Why?", required="Write why", hint="The author gets this by email, and it stands in the log.", rows=3
    )

    acts_seen = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(self, *args: Any, allowed: list[ActKind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind, _CHOICES[kind]) for kind in DECISIONS if kind in allowed]
        if ActKind.SUSPENDED not in allowed:
            del self.fields["days"]

    def values(self) -> dict[str, Any]:
        """Return what the service takes."""
        days = self.cleaned_data.get("days") or ""
        return {
            "kind": self.cleaned_data["kind"],
            "reason": self.cleaned_data["reason"],
            "days": int(days) if days else None,
            "acts_seen": self.cleaned_data.get("acts_seen"),
        }


class TakeBackForm(forms.Form):
    """Why an act is taken back."""

    reason = _words("Why?", required="Write why", hint="The author gets this by email, and it stands in the log.")


class AppealForm(forms.Form):
    """Why an act is wrong."""

    words = _words(
        "Why do you think it is wrong?",
        required="Write why you think it is wrong",
        rows=5,
        hint="You can appeal once. Another moderator than the one who acted reads this, where there is one.",
    )


class AppealDecisionForm(forms.Form):
    """How an appeal ends."""

    decision = forms.ChoiceField(
        label="How does the appeal end?",
        choices=(("grant", "Take back what was done"), ("refuse", "Let it stand")),
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how the appeal ends"},
    )
    reason = _words("Why?", required="Write why", hint="The author and the moderator who acted get this by email.")
