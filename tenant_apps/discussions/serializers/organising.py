"""Tags, categories and archives as the API shows and takes them."""

from django.core.files.uploadedfile import UploadedFile
from rest_framework import serializers

from tenant_apps.discussions.enums import ArchiveState, DiscussionKind
from tenant_apps.discussions.models import Archive, Category
from tenant_apps.discussions.services import (
    MAX_CATEGORY_LENGTH,
    MAX_TAG_LENGTH,
    MAX_TEMPLATE_LENGTH,
    refusal_to_receive,
)
from tenants.context import this_network
from tenants.selectors import first_host_of


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
        return f"{category.mail_name}@{first_host_of(this_network())}" if category.mail_name else ""


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
