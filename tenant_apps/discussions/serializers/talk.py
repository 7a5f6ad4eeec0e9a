"""Discussions and replies as the API shows and takes them."""

from uuid import UUID

from django.urls import reverse
from rest_framework import serializers

from tenant_apps.discussions.adapters import Similar
from tenant_apps.discussions.enums import DiscussionKind
from tenant_apps.discussions.models import Discussion
from tenant_apps.discussions.services import (
    MAX_BODY_LENGTH,
    MAX_REASON_LENGTH,
    MAX_TAG_LENGTH,
    MAX_TAGS,
    MAX_TITLE_LENGTH,
)
from tenants.selectors import collective_url, network_url


class AuthorSerializer(serializers.Serializer):
    """Who wrote it: a member of this network; `id` is null for who asked without their name."""

    id = serializers.UUIDField(allow_null=True, source="public_author_id")
    name = serializers.CharField(source="author_name")


class OriginSerializer(serializers.Serializer):
    """Where a reply of another network came from; `network` is null where its author is anonymous."""

    network = serializers.CharField(allow_null=True)
    name = serializers.CharField()


class DiscussionSerializer(serializers.Serializer):
    """A question or a discussion of this network."""

    id = serializers.UUIDField()
    title = serializers.CharField()
    body = serializers.CharField()
    kind = serializers.ChoiceField(DiscussionKind.choices)
    category = serializers.CharField(source="category.name")
    state = serializers.ChoiceField([(each, each) for each in ("answered", "unanswered", "open")])
    hidden = serializers.BooleanField(source="is_hidden")
    shared = serializers.BooleanField(source="is_shared")
    publication = serializers.UUIDField(source="publication_id", allow_null=True)
    is_example = serializers.BooleanField(help_text="Made up to show how a discussion looks; owners can remove it.")
    author = AuthorSerializer(source="*")
    tags = serializers.ListField(child=serializers.CharField(), source="tag_names")
    locked = serializers.BooleanField(source="is_locked")
    pinned = serializers.SerializerMethodField()
    awaits_approval = serializers.BooleanField()
    merged_into = serializers.UUIDField(
        source="merged_into_id", allow_null=True, help_text="The discussion it became part of."
    )
    replies = serializers.IntegerField(source="total_replies")
    created_at = serializers.DateTimeField()
    edited_at = serializers.DateTimeField(allow_null=True)
    url = serializers.SerializerMethodField()

    def get_pinned(self, discussion: Discussion) -> bool:
        """Return whether it stays at the top of the list."""
        return discussion.pinned_at is not None

    def get_url(self, discussion: Discussion) -> str:
        """Return the address of its page."""
        path = reverse("discussions:discussion_detail", args=[discussion.id])
        return network_url(self.context["request"].network, path)


class SimilarSerializer(serializers.Serializer):
    """Something like what is being asked: a `discussion` of this network, or a `publication` of the `origin`."""

    discussion = serializers.SerializerMethodField()
    publication = serializers.SerializerMethodField()
    title = serializers.CharField()
    is_answered = serializers.BooleanField()
    replies = serializers.IntegerField()
    origin = serializers.SerializerMethodField()
    url = serializers.SerializerMethodField()

    def get_discussion(self, found: Similar) -> UUID | None:
        """Return its id, of what is of this network."""
        return None if found.origin else found.id

    def get_publication(self, found: Similar) -> UUID | None:
        """Return its id, of what another network shared."""
        return found.id if found.origin else None

    def get_origin(self, found: Similar) -> str | None:
        """Return the network that shared it as it shows itself, or null for this network."""
        return found.origin or None

    def get_url(self, found: Similar) -> str:
        """Return the address of its page, for a publication in the Collective."""
        if found.origin:
            return collective_url(f"/publications/{found.id}/")
        path = reverse("discussions:discussion_detail", args=[found.id])
        return network_url(self.context["request"].network, path)


class TagsField(serializers.ListField):
    """A few words that other discussions have too."""

    child = serializers.CharField(max_length=MAX_TAG_LENGTH)

    def __init__(self, **options) -> None:
        super().__init__(max_length=MAX_TAGS, **options)


class NewDiscussionSerializer(serializers.Serializer):
    """Ask or discuss; without `category` it goes to the first one."""

    title = serializers.CharField(max_length=MAX_TITLE_LENGTH)
    body = serializers.CharField(max_length=MAX_BODY_LENGTH)
    kind = serializers.ChoiceField(DiscussionKind.choices, default=DiscussionKind.QUESTION)
    category = serializers.CharField(max_length=60, required=False)
    tags = TagsField(required=False)
    is_anonymous = serializers.BooleanField(default=False, help_text="Without a name; a moderator reads it first.")


class DiscussionChangeSerializer(serializers.Serializer):
    """Change what was asked; what is left out stays."""

    title = serializers.CharField(max_length=MAX_TITLE_LENGTH, required=False)
    body = serializers.CharField(max_length=MAX_BODY_LENGTH, required=False)
    category = serializers.CharField(max_length=60, required=False)
    tags = TagsField(required=False)
    locked = serializers.BooleanField(required=False, help_text="Closed to replies; moderators only.")
    pinned = serializers.BooleanField(required=False, help_text="At the top of the list; moderators only.")
    hidden = serializers.BooleanField(required=False, help_text="Out of sight, with a reason; moderators only.")
    reason = serializers.CharField(max_length=MAX_REASON_LENGTH, required=False, help_text="Why it is hidden.")


class ReplySerializer(serializers.Serializer):
    """What somebody said; `origin` is null for members of this network."""

    id = serializers.UUIDField()
    body = serializers.CharField()
    author = serializers.SerializerMethodField()
    is_answer = serializers.BooleanField()
    hidden = serializers.BooleanField(source="is_hidden")
    helpful = serializers.IntegerField(source="helpful_count")
    origin = serializers.SerializerMethodField()
    created_at = serializers.DateTimeField(source="shown_moment")
    edited_at = serializers.DateTimeField(allow_null=True)

    def get_author(self, post) -> AuthorSerializer(allow_null=True):  # noqa: ANN001 - a Post of the selectors
        """Return the member, or None for somebody of another network."""
        if post.is_away:
            return None
        return {"id": str(post.author_id) if post.author_id else None, "name": post.author_name}

    def get_origin(self, post) -> OriginSerializer(allow_null=True):  # noqa: ANN001 - a Post of the selectors
        """Return where it came from, or None."""
        return {"network": post.origin_network or None, "name": post.author_name} if post.is_away else None


class NewReplySerializer(serializers.Serializer):
    """Reply."""

    body = serializers.CharField(max_length=MAX_BODY_LENGTH)


class ReplyChangeSerializer(serializers.Serializer):
    """Mark or unmark an answer, change one's own words, or hide it."""

    hidden = serializers.BooleanField(required=False, help_text="Out of sight, with a reason; moderators only.")
    reason = serializers.CharField(max_length=MAX_REASON_LENGTH, required=False, help_text="Why it is hidden.")
    is_answer = serializers.BooleanField(required=False)
    body = serializers.CharField(max_length=MAX_BODY_LENGTH, required=False)


class HelpfulSerializer(serializers.Serializer):
    """Whether you found it helpful, and how many did."""

    helpful = serializers.BooleanField(read_only=True)
    count = serializers.IntegerField(read_only=True)
