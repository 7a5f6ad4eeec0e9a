"""Sharing as the API shows and takes it."""

from rest_framework import serializers

from collective.publications.enums import Identity
from tenant_apps.sharing.enums import ShareState
from tenant_apps.sharing.services import MAX_REDACTION_LENGTH, MAX_REDACTIONS


class NewShareSerializer(serializers.Serializer):
    """How the author is shown, and words that do not leave."""

    identity = serializers.ChoiceField(Identity.choices, default=Identity.NAMED)
    redactions = serializers.ListField(
        child=serializers.CharField(max_length=MAX_REDACTION_LENGTH), max_length=MAX_REDACTIONS, default=list
    )


class ShareSerializer(serializers.Serializer):
    """How a thing stands with the Collective; `publication` is null while an organiser has not approved it."""

    publication = serializers.SerializerMethodField()
    state = serializers.ChoiceField(ShareState.choices)
    identity = serializers.ChoiceField(Identity.choices)
    shared_at = serializers.DateTimeField(allow_null=True)

    def get_publication(self, item) -> serializers.UUIDField(allow_null=True):  # noqa: ANN001 - a SharedItem
        """Return the publication's id where it is out."""
        return str(item.publication_id) if item.state == ShareState.SHARED else None
