"""A closing as the APIs show and take it."""

from rest_framework import serializers

from shared_apps.closing.enums import AskedBy, ClosingState


class ClosingSerializer(serializers.Serializer):
    """How a network leaves, and how far that is."""

    id = serializers.UUIDField()
    state = serializers.ChoiceField(ClosingState.choices)
    asked_at = serializers.DateTimeField()
    asked_by = serializers.ChoiceField(AskedBy.choices)
    reason = serializers.CharField(help_text="The words of an operator who closes it, for its owners.")
    keeps_publications = serializers.BooleanField(help_text="Whether what it shared with other networks stays.")
    closes_at = serializers.DateTimeField(help_text="From when it is read and not written.")
    deletes_at = serializers.DateTimeField(help_text="From when it is deleted.")
    deleted_at = serializers.DateTimeField(allow_null=True)
    certificate = serializers.CharField(help_text="The signed text, once it is deleted.")


class NewClosingSerializer(serializers.Serializer):
    """Announce that a network closes; with `now` and its subdomain typed, close and delete it without notice."""

    reason = serializers.CharField(max_length=300)
    keeps_publications = serializers.BooleanField()
    closes_on = serializers.DateField(required=False)
    words = serializers.CharField(max_length=1_000, required=False, default="", allow_blank=True)
    now = serializers.BooleanField(required=False, default=False)
    subdomain = serializers.CharField(
        max_length=60, required=False, help_text="With `now`: the network’s, typed again."
    )

    def validate(self, attrs: dict) -> dict:
        """Ask for a day, or for the subdomain."""
        wanted = "subdomain" if attrs["now"] else "closes_on"
        if not attrs.get(wanted):
            raise serializers.ValidationError({wanted: ["This field is required."]})
        return attrs


class InventorySerializer(serializers.Serializer):
    """What would be deleted."""

    tables = serializers.IntegerField()
    rows = serializers.IntegerField()
    table_bytes = serializers.IntegerField()
    files = serializers.IntegerField()
    file_bytes = serializers.IntegerField()
    people = serializers.IntegerField()
    invoices = serializers.IntegerField(help_text="These stay.")
    shared = serializers.IntegerField(help_text="Things that it shares with other networks.")
    archive_sha256 = serializers.CharField(help_text="Of the last archive that its owners had written.")
