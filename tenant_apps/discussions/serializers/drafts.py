"""Drafts as the API shows and takes them: what stands in a form, however unfinished."""

from typing import Any

from django.urls import reverse
from rest_framework import serializers

from tenant_apps.discussions.enums import DiscussionKind
from tenant_apps.discussions.models import Draft
from tenant_apps.discussions.serializers.talk import TagsField
from tenant_apps.discussions.services import MAX_BODY_LENGTH, MAX_OPTION_LENGTH, MAX_OPTIONS, MAX_TITLE_LENGTH, Written
from tenants.selectors import network_url

MARKS = ("is_multiple", "is_secret")


class Typed(serializers.CharField):
    """A text as it was typed, which may be empty."""

    def __init__(self, **options) -> None:
        super().__init__(allow_blank=True, trim_whitespace=False, default="", **options)


class DraftPollSerializer(serializers.Serializer):
    """A poll that is being written; `closes_on` is its last day, as it was typed."""

    question = Typed(max_length=MAX_TITLE_LENGTH)
    options = serializers.ListField(
        child=serializers.CharField(max_length=MAX_OPTION_LENGTH), max_length=MAX_OPTIONS, default=list
    )
    is_multiple = serializers.BooleanField(default=False)
    is_secret = serializers.BooleanField(default=False)
    closes_on = Typed(max_length=20, help_text="A day, such as 2030-07-31.")


class DraftSerializer(serializers.Serializer):
    """What you are writing: a reply to `discussion`, or without one a new discussion."""

    id = serializers.UUIDField()
    discussion = serializers.UUIDField(source="discussion_id", allow_null=True)
    title = serializers.CharField()
    body = serializers.CharField()
    kind = serializers.CharField(help_text="Empty while it is not chosen.")
    category = serializers.CharField(source="category.name", allow_null=True)
    tags = serializers.SerializerMethodField()
    is_anonymous = serializers.BooleanField()
    poll = serializers.SerializerMethodField()
    saved_at = serializers.DateTimeField(help_text="Send it when you save this draft again.")
    url = serializers.SerializerMethodField()

    def get_tags(self, draft: Draft) -> list[str]:
        """Return what stands between the commas."""
        return [tag.strip() for tag in draft.tags.split(",") if tag.strip()]

    def get_poll(self, draft: Draft) -> DraftPollSerializer(allow_null=True):
        """Return what its form holds, or null where nothing is typed."""
        if not draft.poll:
            return None
        texts = {name: draft.poll.get(name, "") for name in ("question", "closes_on")}
        marks = {name: name in draft.poll for name in MARKS}
        return {**texts, "options": draft.poll.get("options", "").splitlines(), **marks}

    def get_url(self, draft: Draft) -> str:
        """Return the address of the page that goes on with it."""
        path = reverse("discussions:discussion_new")
        if draft.discussion_id:
            path = f"{reverse('discussions:discussion_detail', args=[draft.discussion_id])}#reply"
        return network_url(self.context["request"].network, path)


class NewDraftSerializer(serializers.Serializer):
    """Save what you are writing: a reply has a `discussion` and a `body`, a new discussion all the rest."""

    discussion = serializers.UUIDField(allow_null=True, default=None)
    title = Typed(max_length=MAX_TITLE_LENGTH)
    body = Typed(max_length=MAX_BODY_LENGTH)
    kind = serializers.ChoiceField(DiscussionKind.choices, allow_blank=True, default="")
    category = serializers.CharField(max_length=60, allow_null=True, default=None, help_text="The name of one.")
    tags = TagsField(default=list)
    is_anonymous = serializers.BooleanField(default=False)
    poll = DraftPollSerializer(allow_null=True, default=None)
    saved_at = serializers.DateTimeField(
        allow_null=True,
        default=None,
        help_text="As you read it last; without it there was no draft. One that was saved since is not written over.",
    )

    def validate_tags(self, tags: list[str]) -> list[str]:
        """Refuse what would come back as two."""
        if any("," in tag for tag in tags):
            raise serializers.ValidationError("A tag is a word or a few, without a comma.")
        return tags

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        """Refuse what a reply does not have."""
        if values["discussion"]:
            kept = ("discussion", "body", "saved_at")
            if odd := [name for name, value in values.items() if value and name not in kept]:
                raise serializers.ValidationError({name: ["A reply has a body only."] for name in odd})
        return values


def written(values: dict[str, Any]) -> Written:
    """Return what the services take, but for the category: the texts of a form."""
    texts = {name: values[name] for name in ("title", "body", "kind", "is_anonymous")}
    return Written(**texts, tags=", ".join(values["tags"]), poll=_poll_texts(values["poll"] or {}))


def _poll_texts(poll: dict[str, Any]) -> dict[str, str]:
    texts = {name: poll.get(name, "") for name in ("question", "closes_on")}
    marks = {name: "on" if poll.get(name) else "" for name in MARKS}
    found = texts | marks | {"options": "\n".join(poll.get("options", []))}
    return {name: text for name, text in found.items() if text}
