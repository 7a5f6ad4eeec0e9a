"""Forms of discussions: they are kind about what the services would refuse."""

from django import forms

from tenant_apps.discussions.enums import DiscussionKind
from tenant_apps.discussions.models import Category, Discussion
from tenant_apps.discussions.services import MAX_BODY_LENGTH, MAX_REASON_LENGTH, MAX_TITLE_LENGTH
from tenant_apps.files.forms import WithFiles

NAMES = {"data-names": "/members/suggest/"}  # a script completes names after @
KIND_HINTS = {
    DiscussionKind.QUESTION: "You want an answer, and can mark it",
    DiscussionKind.DISCUSSION: "You want to hear what others think",
}


class DiscussionForm(WithFiles):
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

    def __init__(self, *args, categories: list[Category], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self._categories = {str(each.id): each for each in categories}
        self.fields["category"].choices = [
            ("", "Choose one"),
            *((key, each.name) for key, each in self._categories.items()),
        ]

    def values(self) -> dict:
        """Return what the services take."""
        cleaned = self.cleaned_data
        return {
            "kind": cleaned["kind"],
            "title": cleaned["title"],
            "body": cleaned["body"],
            "category": self._categories[cleaned["category"]],
            "attached": cleaned["files"],
        }

    @classmethod
    def for_discussion(cls, discussion: Discussion, *, categories: list[Category]) -> "DiscussionForm":
        """Return the form filled with what a discussion says now, its category offered even when archived."""
        offered = categories if discussion.category in categories else [*categories, discussion.category]
        initial = {
            "kind": discussion.kind,
            "title": discussion.title,
            "body": discussion.body,
            "category": str(discussion.category_id),
        }
        return cls(initial=initial, categories=offered)


class ReplyForm(WithFiles):
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
