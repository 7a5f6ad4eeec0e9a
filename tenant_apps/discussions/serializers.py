"""Discussions and replies as the API shows and takes them."""

from django.core.files.uploadedfile import UploadedFile
from django.urls import reverse
from rest_framework import serializers

from tenant_apps.discussions.enums import ArchiveState, DiscussionKind
from tenant_apps.discussions.models import Archive, Category, Discussion, Revision
from tenant_apps.discussions.selectors import editor_of
from tenant_apps.discussions.services import (
    MAX_BODY_LENGTH,
    MAX_CATEGORY_LENGTH,
    MAX_OPTION_LENGTH,
    MAX_OPTIONS,
    MAX_REASON_LENGTH,
    MAX_TAG_LENGTH,
    MAX_TAGS,
    MAX_TEMPLATE_LENGTH,
    MAX_TITLE_LENGTH,
    refusal_to_receive,
)
from tenant_apps.notifications.enums import Level
from tenants.context import this_network
from tenants.selectors import host_of, network_url


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


class PollChoiceSerializer(serializers.Serializer):
    """One option of a poll; nobody is named where it is secret."""

    id = serializers.UUIDField()
    text = serializers.CharField()
    votes = serializers.IntegerField()
    is_mine = serializers.BooleanField()
    voters = serializers.ListField(child=serializers.CharField())


class PollSerializer(serializers.Serializer):
    """A poll with its votes so far."""

    question = serializers.CharField(source="poll.question")
    is_multiple = serializers.BooleanField(source="poll.is_multiple")
    is_secret = serializers.BooleanField(source="poll.is_secret")
    closes_at = serializers.DateTimeField(source="poll.closes_at", allow_null=True)
    is_open = serializers.BooleanField()
    people = serializers.IntegerField()
    options = PollChoiceSerializer(source="choices", many=True)


class NewPollSerializer(serializers.Serializer):
    """Ask members to choose."""

    question = serializers.CharField(max_length=MAX_TITLE_LENGTH)
    options = serializers.ListField(
        child=serializers.CharField(max_length=MAX_OPTION_LENGTH), min_length=2, max_length=MAX_OPTIONS
    )
    is_multiple = serializers.BooleanField(default=False)
    is_secret = serializers.BooleanField(default=False)
    closes_at = serializers.DateTimeField(allow_null=True, default=None)


class PollChangeSerializer(serializers.Serializer):
    """Change a poll; what is left out stays. Once somebody voted only `closes_at` can change; null is never."""

    question = serializers.CharField(max_length=MAX_TITLE_LENGTH, required=False)
    options = serializers.ListField(
        child=serializers.CharField(max_length=MAX_OPTION_LENGTH), min_length=2, max_length=MAX_OPTIONS, required=False
    )
    is_multiple = serializers.BooleanField(required=False)
    is_secret = serializers.BooleanField(required=False)
    closes_at = serializers.DateTimeField(allow_null=True, required=False)


class VoteSerializer(serializers.Serializer):
    """The ids of the options that are chosen."""

    options = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=MAX_OPTIONS)


class ReasonSerializer(serializers.Serializer):
    """Why; who wrote it reads this."""

    reason = serializers.CharField(max_length=MAX_REASON_LENGTH)


class MoveSerializer(serializers.Serializer):
    """Where it goes."""

    category = serializers.CharField(max_length=60, help_text="The name of an open category.")


class MergeSerializer(serializers.Serializer):
    """Which discussion it becomes part of."""

    into = serializers.UUIDField(help_text="The id of the other discussion.")


class SplitSerializer(serializers.Serializer):
    """Replies that become a discussion of their own; the first of them opens it."""

    title = serializers.CharField(max_length=MAX_TITLE_LENGTH)
    replies = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=500)


class AskedBySerializer(serializers.Serializer):
    """Who asked without their name."""

    id = serializers.UUIDField()
    name = serializers.CharField(source="shown_name")


class FollowSerializer(serializers.Serializer):
    """How much one hears of a discussion."""

    level = serializers.ChoiceField(Level.choices)


class RevisionSerializer(serializers.Serializer):
    """What it said until somebody changed it; `title` is empty for a reply."""

    title = serializers.CharField()
    body = serializers.CharField()
    replaced_at = serializers.DateTimeField()
    editor = serializers.SerializerMethodField()

    def get_editor(self, revision: Revision) -> str:
        """Return who changed it, without the name of who asked without one."""
        return editor_of(revision, self.context["discussion"])


class OriginalSerializer(serializers.Serializer):
    """The email that a post was, as it came, with everything it quotes."""

    subject = serializers.CharField()
    from_name = serializers.CharField()
    from_address = serializers.CharField()
    received_at = serializers.DateTimeField()
    text = serializers.CharField()
    files = serializers.ListField(child=serializers.CharField(), help_text="Their names.")


class TagSerializer(serializers.Serializer):
    """A tag, and how many discussions members see that have it."""

    id = serializers.UUIDField(read_only=True)
    name = serializers.CharField(max_length=MAX_TAG_LENGTH)
    discussions = serializers.IntegerField(read_only=True)


class CategorySerializer(serializers.Serializer):
    """A category; `address` is where an email starts a discussion in it, empty where its name makes none."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    slug = serializers.CharField()
    address = serializers.SerializerMethodField()
    template = serializers.CharField()
    position = serializers.IntegerField()
    allows_anonymous = serializers.BooleanField()
    archived = serializers.BooleanField(source="is_archived")

    def get_address(self, category: Category) -> str:
        """Return its email address."""
        return f"{category.mail_name}@{host_of(this_network())}" if category.mail_name else ""


class CategoryChangeSerializer(serializers.Serializer):
    """Change a category; what is left out stays."""

    name = serializers.CharField(max_length=MAX_CATEGORY_LENGTH, required=False)
    slug = serializers.CharField(
        max_length=MAX_CATEGORY_LENGTH, required=False, help_text="What stands before the @ of its email address."
    )
    template = serializers.CharField(
        max_length=MAX_TEMPLATE_LENGTH,
        required=False,
        allow_blank=True,
        help_text="What a new discussion here starts with.",
    )
    position = serializers.IntegerField(
        min_value=0, max_value=1_000, required=False, help_text="Its place in the list, counting from 0."
    )
    allows_anonymous = serializers.BooleanField(required=False, help_text="Members may ask here without their name.")
    archived = serializers.BooleanField(required=False, help_text="Out of use; its discussions stay.")


class NewCategorySerializer(CategoryChangeSerializer):
    """Add a category."""

    name = serializers.CharField(max_length=MAX_CATEGORY_LENGTH)
    archived = None  # a new one is in use


class ArchivedThreadSerializer(serializers.Serializer):
    """A discussion that an archive makes, or goes on with."""

    title = serializers.CharField()
    kind = serializers.ChoiceField(DiscussionKind.choices)
    name = serializers.CharField(help_text="Who wrote its first message.")
    date = serializers.DateTimeField()
    replies = serializers.IntegerField()
    goes_on = serializers.BooleanField(help_text="It adds to a discussion that is here already.")


class ArchivePlanSerializer(serializers.Serializer):
    """What would come of an archive's messages, or what came of them."""

    discussions = serializers.IntegerField()
    replies = serializers.IntegerField()
    files = serializers.IntegerField()
    begins = serializers.DateTimeField(allow_null=True)
    ends = serializers.DateTimeField(allow_null=True)
    messages = serializers.DictField(child=serializers.IntegerField(), help_text="How many have each fate.")
    members_matched = serializers.IntegerField()
    people_unmatched = serializers.IntegerField()
    first_threads = ArchivedThreadSerializer(many=True)
    kept = serializers.ListField(
        child=serializers.CharField(), help_text="Titles that stayed when it was taken out, because they are in use."
    )


class ArchiveSerializer(serializers.Serializer):
    """The archive of a mailing list; `plan` is null until it has been read."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    category = serializers.CharField(source="category.name")
    state = serializers.ChoiceField(ArchiveState.choices)
    problem = serializers.CharField()
    done = serializers.IntegerField(help_text="How many messages this step has done.")
    total = serializers.IntegerField(help_text="Out of how many.")
    created_at = serializers.DateTimeField()
    undone_at = serializers.DateTimeField(allow_null=True)
    plan = serializers.SerializerMethodField()

    def get_plan(self, archive: Archive) -> ArchivePlanSerializer(allow_null=True):
        """Return what its report says."""
        found = archive.report
        if not found:
            return None
        return {
            **{name: found[name] for name in ("discussions", "replies", "files")},
            "begins": found["from"] or None,
            "ends": found["until"] or None,
            "messages": found["counts"],
            "members_matched": found["matched"],
            "people_unmatched": found["unmatched_count"],
            "first_threads": found["threads"],
            "kept": found.get("kept", []),
        }


class NewArchiveSerializer(serializers.Serializer):
    """One mbox file, as multipart/form-data; nothing is brought in before it is asked for."""

    file = serializers.FileField(max_length=255)
    category = serializers.CharField(max_length=60, help_text="The name of the category it goes into.")

    def validate_file(self, file: UploadedFile) -> UploadedFile:
        """Refuse at once what an archive cannot be."""
        if words := refusal_to_receive(file):
            raise serializers.ValidationError(words)
        return file
