"""Support access as the APIs show and take it."""

from rest_framework import serializers

from shared_apps.grants.enums import GrantState, Minutes


class GrantSerializer(serializers.Serializer):
    """A request to look into a network, and what became of it."""

    id = serializers.UUIDField()
    operator = serializers.CharField(source="account.display_name")
    reason = serializers.CharField()
    minutes = serializers.IntegerField()
    state = serializers.ChoiceField(GrantState.choices)
    asked_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)
    opened_at = serializers.DateTimeField(allow_null=True)
    ends_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)


class NewGrantSerializer(serializers.Serializer):
    """Ask a network's owners to let the token's operator look in."""

    reason = serializers.CharField(max_length=300)
    minutes = serializers.ChoiceField(Minutes.choices)
