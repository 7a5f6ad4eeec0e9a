"""Members as the API shows them."""

from django.urls import reverse
from rest_framework import serializers

from tenant_apps.members.enums import Role
from tenant_apps.members.models import Member
from tenants.selectors import network_url


class MemberSerializer(serializers.Serializer):
    """Somebody who is a member of this network now."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    email = serializers.EmailField()
    job_title = serializers.CharField()
    school = serializers.CharField(source="school_name")
    town = serializers.CharField(source="headline_town")
    phase = serializers.CharField(source="headline_phase")
    ask_me_about = serializers.CharField()
    role = serializers.ChoiceField(Role.choices)
    joined_at = serializers.DateTimeField()
    url = serializers.SerializerMethodField()

    def get_url(self, member: Member) -> str:
        """Return the address of their page."""
        path = reverse("members:member_detail", args=[member.id])
        return network_url(self.context["request"].network, path)
