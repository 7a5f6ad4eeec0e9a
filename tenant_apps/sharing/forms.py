"""Forms of sharing: what leaves and how its author is shown, and the organisers' policy."""

from uuid import UUID

from django import forms

from collective.publications.enums import Identity
from tenant_apps.sharing.drafting import Author
from tenant_apps.sharing.models import Policy, SharedItem
from tenant_apps.sharing.services import MAX_REDACTION_LENGTH, MAX_REDACTIONS, Choice


class ShareForm(forms.Form):
    """The author's choice; `previewed` says what the page showed, so that nobody shares what they have not seen."""

    identity = forms.ChoiceField(label="Shown as", choices=Identity, widget=forms.RadioSelect, initial=Identity.NAMED)
    redactions = forms.CharField(
        label="Words that stay here",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="A supplier’s name, a sum, a person. One to a line; each is shown as “removed”.",
    )
    previewed = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_redactions(self) -> list[str]:
        """Return the lines; refuses too many and too long ones."""
        lines = [line.strip() for line in self.cleaned_data["redactions"].splitlines() if line.strip()]
        if len(lines) > MAX_REDACTIONS or any(len(line) > MAX_REDACTION_LENGTH for line in lines):
            raise forms.ValidationError(
                f"At most {MAX_REDACTIONS} lines of {MAX_REDACTION_LENGTH} characters. Shorten what you wrote here."
            )
        return lines

    def choice(self) -> Choice:
        """Return what was chosen, for the services."""
        return Choice(identity=Identity(self.cleaned_data["identity"]), redactions=self.cleaned_data["redactions"])

    def as_far_as_valid(self) -> Choice:
        """Return what can be shown while something else is wrong: an identity that was chosen stays chosen."""
        return Choice(
            identity=Identity(self.cleaned_data.get("identity", Identity.ANONYMOUS)),
            redactions=self.cleaned_data.get("redactions", []),
        )

    @classmethod
    def for_item(cls, item: SharedItem | None) -> "ShareForm":
        """Return the form as it stands now."""
        if item is None:
            return cls()
        return cls(initial={"identity": item.identity, "redactions": "\n".join(item.redactions)})

    def with_preview(self, mark: str) -> "ShareForm":
        """Return the form as it is, with its errors, remembering what the page shows."""
        if not self.is_bound:
            return ShareForm(initial={**self.initial, "previewed": mark})
        shown = ShareForm({**self.data.dict(), "previewed": mark})
        shown._errors = self.errors
        return shown


def identity_cards(author: Author, network_name: str) -> dict[str, str]:
    """Return the line under each identity level: what others would read."""
    job = author.job or "A member"
    phase = f", {author.phase.lower()}" if author.phase and author.phase.lower() != "not applicable" else ""
    return {
        Identity.NAMED: ", ".join(filter(None, (author.name, author.school))),
        Identity.ROLE: f"{job}{phase}, {network_name}",
        Identity.ANONYMOUS: "A member of another network",
    }


class PolicyForm(forms.Form):
    """The organisers' rules."""

    approval_required = forms.BooleanField(
        label="An organiser checks first", required=False, help_text="What a member shares waits until you approve it."
    )
    kept_categories = forms.MultipleChoiceField(
        label="Categories that stay in this network", required=False, widget=forms.CheckboxSelectMultiple
    )
    blocked_networks = forms.MultipleChoiceField(
        label="Networks that see nothing of ours",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="You see nothing of theirs either.",
    )

    def __init__(self, *args, categories: list[str], networks: list[tuple[str, str]], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kept_categories"].choices = [(name, name) for name in categories]
        self.fields["blocked_networks"].choices = networks
        if not networks:
            del self.fields["blocked_networks"]

    def values(self) -> dict:
        """Return what the service takes."""
        cleaned = self.cleaned_data
        return {
            "approval_required": cleaned["approval_required"],
            "kept_categories": cleaned["kept_categories"],
            "blocked_networks": [UUID(each) for each in cleaned.get("blocked_networks", [])],
        }

    @staticmethod
    def initial_of(policy: Policy) -> dict:
        """Return a policy as the form's starting values."""
        return {
            "approval_required": policy.approval_required,
            "kept_categories": policy.kept_categories,
            "blocked_networks": [str(each) for each in policy.blocked_networks],
        }
