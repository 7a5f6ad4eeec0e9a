"""Networks as the operators' API shows and takes them."""

from rest_framework import serializers

from tenants.enums import NetworkState
from tenants.models import Network
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
    url = serializers.SerializerMethodField()

    def get_url(self, network: Network) -> str:
        """Return its address."""
        return network_url(network)


class NewNetworkSerializer(serializers.Serializer):
    """Put a network on line; the answer comes at once and the work follows."""

    name = serializers.CharField(max_length=80)
    subdomain = serializers.CharField(max_length=60)
    owner_email = serializers.CharField(max_length=254)
    region = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")


class NetworkChangeSerializer(serializers.Serializer):
    """Suspend a live network, or let a suspended one answer again."""

    state = serializers.ChoiceField([(each.value, each.label) for each in (NetworkState.LIVE, NetworkState.SUSPENDED)])
