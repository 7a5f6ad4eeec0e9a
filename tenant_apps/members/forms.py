"""What people type about themselves, those they invite, and how their network looks."""

import re
from dataclasses import dataclass
from datetime import date
from email.utils import parseaddr
from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone

from shared_apps.schools.selectors import schools_by_ids
from tenant_apps.members import colours, permissions
from tenant_apps.members.enums import Role
from tenant_apps.members.models import Member, Posting
from tenant_apps.members.services import SchoolFacts

_MOST_LINES = 500
_ONE = re.compile(r"[^@,;\n]+,[^@,;<\n]*<[^<>\n]*>|[^,;\n]+")  # Outlook has “Bell, Rosa <rosa@elm.example>”
_EARLIEST = date(1950, 1, 1)


class DirectoryForm(forms.Form):
    """What the directory is searched for; whatever cannot be searched for is left out."""

    q = forms.CharField(max_length=200, required=False)
    phase = forms.CharField(max_length=100, required=False)

    def wanted(self) -> dict[str, str]:
        """Return the values of `selectors.directory`."""
        self.is_valid()
        return {"search": self.cleaned_data.get("q", ""), "phase": self.cleaned_data.get("phase", "")}


class ProfileForm(forms.Form):
    """A member's own details."""

    name = forms.CharField(label="Your name", max_length=120, widget=forms.TextInput({"autocomplete": "name"}))
    phone = forms.CharField(
        label="Phone",
        max_length=40,
        required=False,
        widget=forms.TextInput({"autocomplete": "tel", "inputmode": "tel", "class": "w-short"}),
    )
    ask_me_about = forms.CharField(
        label="Ask me about",
        max_length=300,
        required=False,
        help_text="What others may ask you, such as “lettings, payroll, asbestos surveys”. The directory finds it.",
    )
    about = forms.CharField(label="About you", max_length=2000, required=False, widget=forms.Textarea({"rows": 5}))

    def __init__(self, *args: Any, may_introduce: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in () if may_introduce else ("ask_me_about", "about"):
            self.fields[name].disabled = True

    def clean_phone(self) -> str:
        """Let in what can be dialled."""
        phone = " ".join(self.cleaned_data["phone"].split())
        if phone and not re.fullmatch(r"[0-9+() .-]{5,30}( ?(x|ext\.?) ?[0-9]{1,6})?", phone):
            raise ValidationError("Write a phone number with figures, such as 01632 960101 or 01632 960101 ext 12.")
        return phone


class SchoolSearchForm(forms.Form):
    """A school's name, town, postcode or number."""

    q = forms.CharField(max_length=200, required=False)

    def query(self) -> str:
        """Return what is searched for; whatever cannot be searched for is nothing."""
        self.is_valid()
        return self.cleaned_data.get("q", "")


class SchoolForm(forms.Form):
    """A school chosen from the register, or the name of one that is not in it."""

    school = forms.UUIDField(required=False, widget=forms.HiddenInput)
    school_name = forms.CharField(label="Name of the school or trust", max_length=200, required=False)

    def chosen(self) -> SchoolFacts | None:
        """Return the school named in the form, or in the address of the page, or None."""
        carried = self.carried()
        if carried["school"]:
            return self._facts_of(carried["school"])
        return SchoolFacts(carried["school_name"]) if carried["school_name"] else None

    def carried(self) -> dict[str, Any]:
        """Return what was typed or carried in the address, as far as it can be read."""
        if self.is_bound:
            self.is_valid()
            return {name: self.cleaned_data.get(name) for name in self.fields}
        return {name: self.initial.get(name) for name in self.fields}

    def _facts_of(self, school_id: UUID) -> SchoolFacts | None:
        school = schools_by_ids([school_id]).get(school_id)
        return SchoolFacts.of(school) if school else None


class JobForm(SchoolForm):
    """A job at a school."""

    job_title = forms.CharField(
        label="Job title", max_length=120, widget=forms.TextInput({"autocomplete": "organization-title"})
    )


class PostingForm(JobForm):
    """A new job, and the one it replaces."""

    active_from = forms.DateField(
        label="First day", widget=forms.DateInput({"type": "date", "class": "w-short"}, format="%Y-%m-%d")
    )
    replaces = forms.ChoiceField(label="Does it replace a job you have?", required=False, widget=forms.RadioSelect)

    def __init__(self, *args: Any, held: list[Posting], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.held = {str(posting.id): posting for posting in held}
        choices = [(key, f"Yes, {posting}") for key, posting in self.held.items()]
        self.fields["replaces"].choices = [("", "No, I do both"), *choices]
        if not held:
            del self.fields["replaces"]

    def clean_active_from(self) -> date:
        """Let in days of a working life."""
        day = self.cleaned_data["active_from"]
        if not _EARLIEST <= day <= timezone.localdate().replace(month=12, day=31):
            raise ValidationError("Write the day you began, such as 1 September 2021.")
        return day

    def replaced(self) -> Posting | None:
        """Return the posting that ends when this one begins."""
        return self.held.get(self.cleaned_data.get("replaces", ""))


class EndPostingForm(forms.Form):
    """The last day of a job."""

    last_day = forms.DateField(
        label="Last day", widget=forms.DateInput({"type": "date", "class": "w-short"}, format="%Y-%m-%d")
    )

    def clean_last_day(self) -> date:
        """Let in days that have come."""
        day = self.cleaned_data["last_day"]
        if day > timezone.localdate():
            raise ValidationError("The last day must not be in the future. Come back when it is over.")
        return day


@dataclass(frozen=True, slots=True)
class Line:
    """One line of what was pasted: an address, or what is wrong with it."""

    number: int
    text: str
    email: str = ""
    problem: str = ""


class InviteForm(forms.Form):
    """Addresses pasted from anywhere, and what they are invited as."""

    emails = forms.CharField(
        label="Email addresses",
        max_length=50_000,
        help_text="One on a line, or separated by commas. You can paste names with them, as Outlook copies them.",
        widget=forms.Textarea({"rows": 8, "autocapitalize": "none", "spellcheck": "false"}),
    )
    role = forms.ChoiceField(label="Invite them as", widget=forms.RadioSelect, initial=Role.MEMBER)

    def __init__(self, *args: Any, by: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        may = [choice for choice in Role.choices if permissions.can_invite(by, choice[0])]
        self.fields["role"].choices = may[::-1]  # members first: nearly all are

    def clean_emails(self) -> list[Line]:
        """Read each line; what is wrong with one is kept beside it and does not stop the others."""
        parts = _ONE.findall(self.cleaned_data["emails"])
        lines = [_read_line(number, text.strip()) for number, text in enumerate(filter(str.strip, parts), start=1)]
        if not lines:
            raise ValidationError("Paste at least one email address.")
        if len(lines) > _MOST_LINES:
            raise ValidationError(f"Paste at most {_MOST_LINES} addresses at a time.")
        return lines

    def addresses(self) -> list[str]:
        """Return the addresses that can be read, each once."""
        return list(dict.fromkeys(line.email for line in self.cleaned_data["emails"] if line.email))

    def with_problems(self, problems: dict[str, str]) -> list[Line]:
        """Return the lines that were not invited: unreadable, or refused for what `problems` says of their address."""
        lines = self.cleaned_data["emails"]
        refused = [Line(each.number, each.text, problem=problems.get(each.email, each.problem)) for each in lines]
        return [line for line in refused if line.problem]


class RoleForm(forms.Form):
    """The role a member is to have."""

    role = forms.ChoiceField(label="Role", widget=forms.RadioSelect)

    def __init__(self, *args: Any, by: Member, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [
            (value, label)
            for value, label in Role.choices
            if value == member.role or permissions.can_change_role(by, member, value)
        ]


class BrandingForm(forms.Form):
    """The network's colour and its words of welcome."""

    colour = forms.CharField(
        label="Colour",
        max_length=20,
        help_text="Any colour can be read: it is made darker or lighter where text needs it.",
        widget=forms.TextInput({"type": "color", "class": "form-control-color"}),
    )
    tagline = forms.CharField(
        label="One line about the network",
        max_length=160,
        required=False,
        help_text="Shown on the pages for signing in and joining.",
    )
    welcome = forms.CharField(
        label="Words of welcome",
        max_length=2000,
        required=False,
        help_text="Shown to those who are invited.",
        widget=forms.Textarea({"rows": 5}),
    )

    def clean_colour(self) -> str:
        """Return `#rrggbb`."""
        try:
            return colours.normalise(self.cleaned_data["colour"])
        except colours.ColourError as error:
            raise ValidationError(str(error)) from error


class CodeForm(forms.Form):
    """The code from the email."""

    code = forms.CharField(
        label="Code",
        max_length=20,
        help_text="Six figures, from the newest email.",
        widget=forms.TextInput({"autocomplete": "one-time-code", "inputmode": "numeric", "class": "w-code"}),
    )


class JoinForm(SchoolForm):
    """Who the new member is."""

    name = forms.CharField(label="Your name", max_length=120, widget=forms.TextInput({"autocomplete": "name"}))
    job_title = forms.CharField(
        label="Job title",
        max_length=120,
        required=False,
        widget=forms.TextInput({"autocomplete": "organization-title"}),
    )
    password = forms.CharField(
        label="Password",
        required=False,
        max_length=200,
        strip=False,
        help_text="At least 10 characters. Without one, we email you a code each time you sign in.",
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, ask_password: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not ask_password:
            del self.fields["password"]

    def clean_password(self) -> str:
        """Refuse a password that is easily guessed."""
        password = self.cleaned_data["password"]
        if password:
            validate_password(password)
        return password

    def clean(self) -> dict[str, Any]:
        """Ask for the job at a school that was chosen."""
        values = super().clean()
        if (values.get("school") or values.get("school_name")) and not values.get("job_title"):
            self.add_error("job_title", "Write your job title at this school.")
        return values


def _read_line(number: int, text: str) -> Line:
    in_brackets = re.search(r"<([^<>]*)>$", text)
    email = (in_brackets[1] if in_brackets else parseaddr(text)[1] or text).strip("<>").lower()
    try:
        validate_email(email)
    except ValidationError:
        return Line(number, text, problem=f"“{text[:80]}” is not an email address.")
    return Line(number, text, email=email)
