"""Forms of discussions: they are kind about what the services would refuse."""

from datetime import date, datetime, time, timedelta
from uuid import uuid4

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.text import Truncator

from shared_apps.core.markdown import plain_text
from tenant_apps.discussions.enums import DiscussionKind
from tenant_apps.discussions.models import Category, Discussion, Poll
from tenant_apps.discussions.selectors import Post
from tenant_apps.discussions.services import (
    MAX_BODY_LENGTH,
    MAX_OPTION_LENGTH,
    MAX_OPTIONS,
    MAX_REASON_LENGTH,
    MAX_TAG_LENGTH,
    MAX_TAGS,
    MAX_TEMPLATE_LENGTH,
    MAX_TITLE_LENGTH,
    CategoryFacts,
    PollFacts,
    refusal_to_receive,
)
from tenant_apps.files.forms import WithFiles

NAMES = {"data-names": "/members/suggest/"}  # a script completes names after @
KIND_HINTS = {
    DiscussionKind.QUESTION: "You want an answer, and can mark it",
    DiscussionKind.DISCUSSION: "You want to hear what others think",
}


class SentOnce(forms.Form):
    """A form that makes one thing, however often it is sent."""

    token = forms.CharField(required=False, widget=forms.HiddenInput, initial=lambda: uuid4().hex)

    def clean_token(self) -> str:
        """Return no more of it than we ever give."""
        return self.cleaned_data["token"][:32]


class PollForm(forms.Form):
    """Ask members to choose."""

    question = forms.CharField(
        label="What do you ask?",
        max_length=MAX_TITLE_LENGTH,
        error_messages={"required": "Write what you ask"},
    )
    options = forms.CharField(
        label="Options",
        max_length=MAX_OPTIONS * (MAX_OPTION_LENGTH + 2),
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=f"One on each line, 2 to {MAX_OPTIONS}.",
        error_messages={"required": "Write at least two options"},
    )
    is_multiple = forms.BooleanField(label="Members may choose more than one", required=False)
    is_secret = forms.BooleanField(
        label="Nobody sees who chose what",
        required=False,
        help_text="Without this, members see the names beside each option.",
    )
    closes_on = forms.DateField(
        label="Last day to vote",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="You can close it before.",
        error_messages={"invalid": "Write a day, such as 2027-01-31"},
    )

    def clean_closes_on(self) -> date | None:
        """Refuse a year that was typed wrong."""
        last = self.cleaned_data["closes_on"]
        if last and last.year > timezone.localdate().year + 10:
            raise forms.ValidationError("Choose a day in the next ten years")
        return last

    @classmethod
    def for_poll(cls, poll: Poll, data: QueryDict | None, *, has_votes: bool) -> "PollForm":
        """Return the form filled with what a poll asks now; once somebody voted, with its last day alone."""
        last = timezone.localdate(poll.closes_at - timedelta(seconds=1)) if poll.closes_at else None
        asked = {
            "question": poll.question,
            "options": "\n".join(option.text for option in poll.options.all()),
            "is_multiple": poll.is_multiple,
            "is_secret": poll.is_secret,
        }
        form = cls(data, initial=asked | {"closes_on": last})
        for name in asked if has_votes else ():
            form.fields[name].disabled = True
        return form

    def facts(self) -> PollFacts | None:
        """Return what the services take, or None where an optional poll is left out; it ends with its last day."""
        cleaned = self.cleaned_data
        if not cleaned.get("question"):
            return None
        last = cleaned["closes_on"]
        ends = timezone.make_aware(datetime.combine(last + timedelta(days=1), time.min)) if last else None
        return PollFacts(
            question=cleaned["question"],
            options=cleaned["options"].splitlines(),
            is_multiple=cleaned["is_multiple"],
            is_secret=cleaned["is_secret"],
            closes_at=ends,
        )


class DiscussionForm(SentOnce, WithFiles):
    """Ask or discuss, and edit what was asked."""

    kind = forms.ChoiceField(
        label="What is it?", choices=DiscussionKind, widget=forms.RadioSelect, initial=DiscussionKind.QUESTION
    )
    title = forms.CharField(
        label="Title",
        max_length=MAX_TITLE_LENGTH,
        help_text="One sentence somebody else would recognise as their question too.",
        error_messages={
            "required": "Write a title",
            "max_length": f"A title has at most {MAX_TITLE_LENGTH} characters",
        },
    )
    body = forms.CharField(
        label="More about it",
        max_length=MAX_BODY_LENGTH,
        widget=forms.Textarea(attrs={"rows": 8, **NAMES}),
        help_text="What you have tried, by when you need it, and any figures. Lists and **bold** work as in Markdown.",
        error_messages={"required": "Say more about it", "max_length": f"At most {MAX_BODY_LENGTH:,} characters"},
    )
    category = forms.ChoiceField(label="Category", error_messages={"required": "Choose a category"})
    tags = forms.CharField(
        label="Tags",
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"list": "known-tags", "autocomplete": "off"}),
        help_text=f"Up to {MAX_TAGS}, with commas between them, such as: free school meals, UIFSM",
    )
    is_anonymous = forms.BooleanField(
        label="Ask without my name",
        required=False,
        help_text="A moderator reads it first, without seeing your name. Then members see it from “A member”.",
    )

    def __init__(self, *args, categories: list[Category], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self._categories = {str(each.id): each for each in categories}
        self._offer_namelessness([each.name for each in categories if each.allows_anonymous])
        self.fields["category"].choices = [
            ("", "Choose one"),
            *((key, each.name) for key, each in self._categories.items()),
        ]
        begun = (kwargs.get("initial") or {}).get("poll", {})
        posted = self.data if self.is_bound else None
        self.poll = PollForm(posted, prefix="poll", initial=begun, empty_permitted=True, use_required_attribute=False)

    def _offer_namelessness(self, names: list[str]) -> None:
        """Say in which categories one may ask without a name, or ask nothing where there are none."""
        if not names:
            del self.fields["is_anonymous"]
            return
        field = self.fields["is_anonymous"]
        field.help_text = f"In {', '.join(names)} only. {field.help_text}"

    def is_valid(self) -> bool:
        """Whether it is right, with its poll, if there is one."""
        return super().is_valid() and (self.poll is None or self.poll.is_valid())

    def values(self) -> dict:
        """Return what the services take."""
        cleaned = self.cleaned_data
        return {
            "kind": cleaned["kind"],
            "title": cleaned["title"],
            "body": cleaned["body"],
            "category": self._categories[cleaned["category"]],
            "attached": cleaned["files"],
            "tags": cleaned["tags"].split(","),
        }

    def chosen(self) -> Category | None:
        """Return the category that is chosen so far, whether or not the rest of the form is right."""
        return self._categories.get(str(self["category"].value()))

    def without_name(self) -> bool:
        """Return whether it is asked without a name: also where that is not offered any more, to be refused."""
        return bool(self.data.get("is_anonymous"))

    @classmethod
    def for_discussion(cls, discussion: Discussion, *, categories: list[Category]) -> "DiscussionForm":
        """Return the form filled with what a discussion says now, its category offered even when archived."""
        offered = categories if discussion.category in categories else [*categories, discussion.category]
        initial = {
            "kind": discussion.kind,
            "title": discussion.title,
            "body": discussion.body,
            "category": str(discussion.category_id),
            "tags": ", ".join(discussion.tag_names),
        }
        return cls(initial=initial, categories=offered).as_edit()

    def as_edit(self) -> "DiscussionForm":
        """Return the form without what is chosen once, when asking."""
        self.fields.pop("is_anonymous", None)
        self.fields.pop("token")
        self.poll = None
        return self

    def once(self) -> dict:
        """Return what the services take besides when something is asked."""
        token = self.cleaned_data["token"]
        return {"is_anonymous": self.without_name(), "poll": self.poll.facts(), "token": token}


class ReplyForm(SentOnce, WithFiles):
    """Reply, and edit a reply."""

    body = forms.CharField(
        label="Your reply",
        max_length=MAX_BODY_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5, **NAMES}),
        error_messages={"required": "Write your reply first", "max_length": f"At most {MAX_BODY_LENGTH:,} characters"},
    )

    def values(self) -> dict:
        """Return what the services take."""
        return {"body": self.cleaned_data["body"], "attached": self.cleaned_data["files"]}


class CategoryForm(forms.Form):
    """Name a category."""

    name = forms.CharField(label="Name", max_length=60, error_messages={"required": "Write a name"})


class CategoryEditForm(CategoryForm):
    """Change a category."""

    slug = forms.CharField(
        label="Its email address",
        required=False,
        max_length=60,
        help_text="What stands before the @. Members who write to it start a discussion here.",
    )
    position = forms.IntegerField(
        label="Place in the list",
        required=False,
        min_value=1,
        max_value=1000,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={"invalid": "Write a number"},
    )
    template = forms.CharField(
        label="Template",
        required=False,
        max_length=MAX_TEMPLATE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="What a new discussion here starts with, such as the facts you always have to ask for.",
        error_messages={"max_length": f"At most {MAX_TEMPLATE_LENGTH:,} characters"},
    )
    allows_anonymous = forms.BooleanField(
        label="Members may ask here without their name",
        required=False,
        help_text="A moderator reads each such question before members see it.",
    )

    @classmethod
    def initial_of(cls, category: Category, *, place: int) -> dict:
        """Return what the form says of a category now."""
        return {
            "name": category.name,
            "slug": category.mail_name,
            "position": place,
            "template": category.template,
            "allows_anonymous": category.allows_anonymous,
        }

    def facts(self) -> CategoryFacts:
        """Return what the service takes besides the name."""
        cleaned = self.cleaned_data
        return CategoryFacts(
            slug=cleaned["slug"],
            template=cleaned["template"],
            position=None if cleaned["position"] is None else cleaned["position"] - 1,
            allows_anonymous=cleaned["allows_anonymous"],
        )


class TagForm(forms.Form):
    """Spell a tag differently, or make it one with another."""

    name = forms.CharField(
        label="Tag",
        max_length=MAX_TAG_LENGTH,
        help_text="Given the name of another tag, the two become one.",
        error_messages={"required": "Write the tag"},
    )


class ReasonForm(forms.Form):
    """Say why something is hidden."""

    reason = forms.CharField(
        label="Why?",
        max_length=MAX_REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="The person who wrote it reads this. Nobody else but moderators does.",
        error_messages={"required": "Say why", "max_length": f"At most {MAX_REASON_LENGTH} characters"},
    )


class MoveForm(forms.Form):
    """Choose another category."""

    category = forms.ChoiceField(label="Category", error_messages={"required": "Choose a category"})

    def __init__(self, *args, categories: list[Category], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self._categories = {str(each.id): each for each in categories}
        choices = [(key, each.name) for key, each in self._categories.items()]
        self.fields["category"].choices = [("", "Choose one"), *choices]

    def chosen(self) -> Category:
        """Return the category."""
        return self._categories[self.cleaned_data["category"]]


class ArchiveForm(forms.Form):
    """Choose a mailing list's archive, and where it goes."""

    file = forms.FileField(
        label="The archive",
        help_text="One .mbox file of at most 50 MB. Nothing is brought in before you have seen what would happen.",
        widget=forms.ClearableFileInput(attrs={"accept": ".mbox,.mbx,.txt,application/mbox"}),
        error_messages={"required": "Choose the archive’s file", "empty": "The file is empty"},
    )
    category = forms.ChoiceField(label="Category", error_messages={"required": "Choose a category"})

    def __init__(self, *args, categories: list[Category], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self._categories = {str(each.id): each for each in categories}
        choices = [(key, each.name) for key, each in self._categories.items()]
        self.fields["category"].choices = [("", "Choose one"), *choices]

    def clean_file(self):  # noqa: ANN201 - Django's own hook
        """Refuse at once what an archive cannot be, saying what to do."""
        file = self.cleaned_data["file"]
        if words := refusal_to_receive(file):
            raise forms.ValidationError(words)
        return file

    def chosen(self) -> Category:
        """Return the category."""
        return self._categories[self.cleaned_data["category"]]


class MergeForm(forms.Form):
    """Name the discussion that another becomes part of."""

    target = forms.CharField(
        label="Address of the other discussion",
        max_length=300,
        help_text="Open it in another window and copy its address from there.",
        error_messages={"required": "Paste the address of the other discussion"},
    )


class SplitForm(forms.Form):
    """Choose the replies that become a discussion of their own."""

    title = forms.CharField(
        label="Title of the new discussion",
        max_length=MAX_TITLE_LENGTH,
        error_messages={"required": "Write a title"},
    )
    replies = forms.MultipleChoiceField(
        label="Replies to move",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose the replies to move"},
    )

    def __init__(self, *args, posts: list[Post], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["replies"].choices = [
            (str(each.id), f"{each.author_name}: {Truncator(plain_text(each.body)).chars(120)}") for each in posts
        ]
