"""Schools as programs see them."""

from django.urls import reverse
from rest_framework import serializers
from rest_framework.serializers import ModelSerializer

from shared_apps.schools.models import School


class SchoolSerializer(ModelSerializer):
    """What the register says of a school. `phase` is empty where DfE gives none, as for independent schools."""

    status = serializers.CharField(source="get_status_display", read_only=True)
    type = serializers.CharField(source="type_name", read_only=True)
    phase = serializers.CharField(source="phase_name", read_only=True)
    local_authority = serializers.CharField(source="authority_name", read_only=True)
    local_authority_code = serializers.CharField(source="local_authority.code", default="", read_only=True)
    trust = serializers.CharField(source="trust.name", default="", read_only=True)
    trust_uid = serializers.CharField(source="trust.uid", default="", read_only=True)
    url = serializers.SerializerMethodField()

    class Meta:
        model = School
        fields = (
            "id",
            "urn",
            "name",
            "status",
            "is_open",
            "type",
            "phase",
            "pupils",
            "ukprn",
            "establishment_number",
            "local_authority",
            "local_authority_code",
            "trust",
            "trust_uid",
            "street",
            "locality",
            "address3",
            "town",
            "county",
            "postcode",
            "easting",
            "northing",
            "opened_date",
            "closed_date",
            "last_changed_date",
            "url",
        )
        read_only_fields = fields

    def get_url(self, school: School) -> str:
        """Return the address of the school's page on this host."""
        return self.context["request"].build_absolute_uri(reverse("schools:school_detail", args=[school.id]))
