"""Owners' archives for programs."""

from rest_framework import serializers

from tenant_apps.portability.adapters import trees
from tenant_apps.portability.enums import ExportState


class ExportSerializer(serializers.Serializer):
    """An archive of everything; `size` and `sha256` are known when it is ready."""

    id = serializers.UUIDField()
    state = serializers.ChoiceField(ExportState.choices)
    asked_at = serializers.DateTimeField()
    ready_at = serializers.DateTimeField(allow_null=True)
    expires_at = serializers.DateTimeField(allow_null=True)
    size = serializers.IntegerField(allow_null=True, help_text="Bytes.")
    sha256 = serializers.CharField()


class WantedSerializer(serializers.Serializer):
    """Which thing of which copy; `copy` is the copy's id."""

    copy = serializers.UUIDField()
    kind = serializers.CharField(max_length=20, help_text="discussion, member or supplier.")
    thing = serializers.UUIDField(help_text="The id in the address of its page.")

    def validate_kind(self, kind: str) -> str:
        """Refuse a kind that does not come back."""
        if kind not in {tree.kind for tree in trees()}:
            raise serializers.ValidationError("This is not a kind of thing that comes back.")
        return kind


class ReturnSerializer(WantedSerializer):
    """What of the difference; `mark` is that of the comparison it was chosen from."""

    mark = serializers.CharField(max_length=64, required=False, default="")
    take = serializers.ListField(
        child=serializers.CharField(max_length=120),
        max_length=1000,
        default=list,
        help_text="Keys of fields in which the copy’s is taken; needs support access.",
    )
    leave_out = serializers.ListField(
        child=serializers.CharField(max_length=120), max_length=1000, default=list, help_text="Keys that stay away."
    )


class BackSerializer(serializers.Serializer):
    """A row that is missing, or several of a kind."""

    key = serializers.CharField()
    title = serializers.CharField()
    at = serializers.DateTimeField(allow_null=True)
    text = serializers.CharField(help_text="Empty without support access.")


class FieldSerializer(serializers.Serializer):
    """A field that differs; its values are there with support access, those of long texts as lines."""

    key = serializers.CharField()
    label = serializers.CharField()
    thing = serializers.CharField()
    is_offered = serializers.BooleanField()
    now = serializers.CharField()
    then = serializers.CharField()
    lines = serializers.ListField(child=serializers.DictField())


class ComparisonSerializer(serializers.Serializer):
    """A thing in a copy and in its network."""

    is_same = serializers.BooleanField()
    is_gone = serializers.BooleanField(help_text="Whether all of it is gone from the network.")
    mark = serializers.CharField()
    back = BackSerializer(many=True)
    fields_that_differ = FieldSerializer(many=True)
    newer = serializers.ListField(child=serializers.CharField(), help_text="What the copy has not; it stays.")
    lost_files = serializers.ListField(child=serializers.UUIDField(), help_text="Files whose bytes are gone.")
