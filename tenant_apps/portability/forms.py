"""What an operator says of the thing that is to come back."""

import re
from collections.abc import Sequence
from uuid import UUID

from django import forms

from tenant_apps.portability.adapters import trees
from tenants.models import Network

_PAGE = re.compile(r"/(\w+)/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")


class ReturnForm(forms.Form):
    """From which copy, and which page. `cleaned_data["page"]` is the kind of thing and its id."""

    copy = forms.TypedChoiceField(
        label="From which copy",
        coerce=UUID,
        error_messages={"required": "Choose a copy", "invalid_choice": "Choose a copy"},
    )
    page = forms.CharField(
        label="Address of its page",
        help_text="Of a discussion, a member or a supplier, in the network or in the copy.",
        max_length=500,
        error_messages={"required": "Give the address of its page"},
    )

    def __init__(self, *args: object, copies: Sequence[Network], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["copy"].choices = [(str(each.id), f"{each.name} ({each.subdomain})") for each in copies]  # type: ignore[attr-defined]

    def clean_page(self) -> tuple[str, UUID]:
        """Find the kind of thing and its id in the address."""
        found = _PAGE.search(self.cleaned_data["page"].lower())
        kinds = {tree.folder: tree.kind for tree in trees()}
        if found is None or found[1] not in kinds:
            raise forms.ValidationError("Give the address of a discussion, a member or a supplier.")
        return kinds[found[1]], UUID(found[2])
