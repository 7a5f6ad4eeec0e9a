"""Networks as the operators' API shows and takes them."""

from typing import Any

from rest_framework import serializers

from shared_apps.operator.enums import DrillState
from shared_apps.requests.enums import RequestState
from tenants.beginnings import TEMPLATES, USUAL
from tenants.enums import NetworkState, UpgradeState
from tenants.models import Network
from tenants.schema import current_release
from tenants.selectors import network_url


class NetworkSerializer(serializers.Serializer):
    """A network from outside: never what it holds."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    subdomain = serializers.CharField()
    state = serializers.ChoiceField(NetworkState.choices)
    members = serializers.IntegerField(source="member_count")
    created_at = serializers.DateTimeField()
    last_active_at = serializers.DateTimeField(allow_null=True)
    is_canary = serializers.BooleanField(help_text="Whether it is upgraded before the others.")
    is_on_this_release = serializers.SerializerMethodField()
    restored_from = serializers.UUIDField(allow_null=True, help_text="The network that it is a copy of.")
    template = serializers.CharField(help_text="What it began with; empty when it was never given one.")
    url = serializers.SerializerMethodField()

    def get_is_on_this_release(self, network: Network) -> bool:
        """Return whether its tables are those of the running release."""
        return network.release == current_release()

    def get_url(self, network: Network) -> str:
        """Return its address."""
        return network_url(network)


class NewNetworkSerializer(serializers.Serializer):
    """Put a network on line; the answer comes at once and the work follows."""

    name = serializers.CharField(max_length=80)
    subdomain = serializers.CharField(max_length=60)
    owner_email = serializers.CharField(max_length=254)
    region = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    plan = serializers.CharField(
        max_length=20, required=False, allow_blank=True, default="", help_text="Of which it has a free trial."
    )
    template = serializers.ChoiceField([(each.key, each.name) for each in TEMPLATES], default=USUAL.key)
    examples = serializers.BooleanField(default=False, help_text="Begin with a few discussions that are made up.")


class SubjectSerializer(serializers.Serializer):
    """A category of discussions."""

    name = serializers.CharField()
    template = serializers.CharField(source="asks", help_text="What a new discussion there starts with.")
    allows_anonymous = serializers.BooleanField()


class TemplateSerializer(serializers.Serializer):
    """What a new network may begin with."""

    key = serializers.CharField()
    name = serializers.CharField()
    about = serializers.CharField()
    categories = SubjectSerializer(source="subjects", many=True)
    supplier_categories = serializers.ListField(source="services", child=serializers.CharField())
    kept_categories = serializers.ListField(source="kept", child=serializers.CharField())
    approval_required = serializers.BooleanField()


class NetworkChangeSerializer(serializers.Serializer):
    """Suspend a live network or let it answer again; have it upgraded before the others or with them."""

    state = serializers.ChoiceField(
        [(each.value, each.label) for each in (NetworkState.LIVE, NetworkState.SUSPENDED)], required=False
    )
    is_canary = serializers.BooleanField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse a change of nothing."""
        if not attrs:
            raise serializers.ValidationError("Give `state` or `is_canary`.")
        return attrs


class RequestSerializer(serializers.Serializer):
    """What somebody asked for whose address is confirmed, and what became of it."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    subdomain = serializers.CharField()
    region = serializers.CharField()
    members = serializers.IntegerField(help_text="Roughly how many there will be.")
    person = serializers.CharField()
    email = serializers.CharField()
    organisation = serializers.CharField()
    words = serializers.CharField()
    state = serializers.ChoiceField(RequestState.choices)
    confirmed_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)
    answer = serializers.CharField(help_text="What was said when it was declined.")
    network = serializers.UUIDField(source="network_id", allow_null=True, help_text="What it became.")


class AcceptSerializer(serializers.Serializer):
    """Accept a request, as it was asked or with what is changed here."""

    name = serializers.CharField(max_length=80, required=False)
    subdomain = serializers.CharField(max_length=60, required=False)
    region = serializers.CharField(max_length=40, required=False, allow_blank=True)
    plan = serializers.CharField(max_length=20, required=False, allow_blank=True)
    template = serializers.ChoiceField([(each.key, each.name) for each in TEMPLATES], required=False)
    examples = serializers.BooleanField(required=False)


class DeclineSerializer(serializers.Serializer):
    """Decline a request; who asked reads the answer."""

    answer = serializers.CharField(max_length=2000)


class DrillSerializer(serializers.Serializer):
    """A restore drill: names of tables and figures, never what a table holds."""

    id = serializers.UUIDField()
    state = serializers.ChoiceField(DrillState.choices)
    asked_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    tables = serializers.IntegerField(help_text="How many were restored.")
    rows = serializers.IntegerField()
    inserted = serializers.IntegerField(help_text="How many tables took a row.")
    unproved = serializers.ListField(
        child=serializers.CharField(), help_text="Empty tables for which no row could be made up."
    )
    wrong = serializers.ListField(child=serializers.CharField(), help_text="Why it failed; empty when it passed.")


class AheadSerializer(serializers.Serializer):
    """What a restore drill would copy now."""

    tables = serializers.IntegerField()
    size = serializers.IntegerField(help_text="Bytes of the database.")
    is_under_way = serializers.BooleanField(help_text="Whether one is under way, so that another would be refused.")


class UpgradeSerializer(serializers.Serializer):
    """How bringing a network to this release last ended."""

    state = serializers.ChoiceField(UpgradeState.choices)
    migration = serializers.CharField(help_text="Where it stopped; empty when it did not.")
    error = serializers.CharField()
    attempts = serializers.IntegerField()
    seconds = serializers.FloatField()
    ended_at = serializers.DateTimeField()
