"""An own domain as the APIs show and take it."""

from typing import Any

from rest_framework import serializers

from shared_apps.domains.enums import DomainState, Finding
from shared_apps.domains.models import OwnDomain
from shared_apps.domains.selectors import records_of


class OwnDomainSerializer(serializers.Serializer):
    """A domain of the network's own: what to set for it, and what was found."""

    id = serializers.UUIDField()
    host = serializers.CharField()
    state = serializers.ChoiceField(DomainState.choices)
    finding = serializers.ChoiceField(
        Finding.choices, help_text="What is wrong with its records; empty when they are right."
    )
    checked_at = serializers.DateTimeField(allow_null=True)
    live_at = serializers.DateTimeField(allow_null=True)
    failing_since = serializers.DateTimeField(allow_null=True)
    records = serializers.SerializerMethodField()

    def get_records(self, domain: OwnDomain) -> list[dict[str, Any]]:
        """Return the DNS records to set."""
        return [{"type": kind, "name": name, "value": value} for kind, name, value in records_of(domain)]


class NewDomainSerializer(serializers.Serializer):
    """Claim a domain."""

    host = serializers.CharField(max_length=253)
