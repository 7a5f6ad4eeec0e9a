"""Choosing whose address it is."""

from typing import Any

from django import forms

from tenant_apps.members.models import Member
from tenant_apps.members.selectors import directory


class WhoseForm(forms.Form):
    """Which member writes from an address."""

    member = forms.ChoiceField(label="Member", error_messages={"required": "Choose whose address it is."})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._members = {str(member.id): member for member in directory().order_by("name", "id")}
        choices = [(key, f"{member.name}, {member.email}") for key, member in self._members.items()]
        self.fields["member"].choices = [("", "Choose a member"), *choices]

    def chosen(self) -> Member:
        """Return the member."""
        return self._members[self.cleaned_data["member"]]
