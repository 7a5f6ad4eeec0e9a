"""Owners' archives for programs."""

from rest_framework import serializers

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
