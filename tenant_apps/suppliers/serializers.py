"""Suppliers and recommendations as the API shows and takes them. Service notes are in neither."""

from django.urls import reverse
from rest_framework import serializers

from tenant_apps.suppliers.enums import SizeBand
from tenant_apps.suppliers.matching import MAX_WEBSITE_LENGTH
from tenant_apps.suppliers.models import Recommendation, Supplier
from tenant_apps.suppliers.services.recommendations import MAX_TEXT_LENGTH
from tenant_apps.suppliers.services.suppliers import MAX_DESCRIPTION_LENGTH, MAX_NAME_LENGTH
from tenants.selectors import network_url


class RatingsSerializer(serializers.Serializer):
    """Means of the marks of this network's recommendations, 1 to 5; null where there are none."""

    response = serializers.FloatField(source="mean_response", allow_null=True)
    quality = serializers.FloatField(source="mean_quality", allow_null=True)
    value = serializers.FloatField(source="mean_value", allow_null=True)


class SupplierSerializer(serializers.Serializer):
    """A supplier in this network's directory; `would_use_again` counts the recommendations that say so."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    categories = serializers.SerializerMethodField()
    website = serializers.CharField(allow_blank=True)
    description = serializers.CharField(source="shown_description", allow_blank=True)
    archived = serializers.BooleanField(source="is_archived")
    is_example = serializers.BooleanField(help_text="Made up to show how a supplier looks; owners can remove it.")
    recommendations = serializers.IntegerField(source="recommendation_count")
    would_use_again = serializers.IntegerField(source="again_count")
    ratings = RatingsSerializer(source="*")
    created_at = serializers.DateTimeField()
    url = serializers.SerializerMethodField()

    def get_categories(self, supplier: Supplier) -> list[str]:
        """Return the names of its categories."""
        return [category.name for category in supplier.categories.all()]

    def get_url(self, supplier: Supplier) -> str:
        """Return the address of its page."""
        path = reverse("suppliers:supplier_detail", args=[supplier.id])
        return network_url(self.context["request"].network, path)


class NewSupplierSerializer(serializers.Serializer):
    """Add a supplier; without `categories` it stands in the last one."""

    name = serializers.CharField(max_length=MAX_NAME_LENGTH)
    website = serializers.CharField(max_length=MAX_WEBSITE_LENGTH, required=False, allow_blank=True, default="")
    description = serializers.CharField(max_length=MAX_DESCRIPTION_LENGTH, required=False, allow_blank=True, default="")
    categories = serializers.ListField(
        child=serializers.CharField(max_length=60), required=False, allow_empty=False, max_length=20
    )


class SupplierChangeSerializer(serializers.Serializer):
    """Correct a supplier; what is left out stays."""

    name = serializers.CharField(max_length=MAX_NAME_LENGTH, required=False)
    website = serializers.CharField(max_length=MAX_WEBSITE_LENGTH, required=False, allow_blank=True)
    description = serializers.CharField(max_length=MAX_DESCRIPTION_LENGTH, required=False, allow_blank=True)
    categories = serializers.ListField(
        child=serializers.CharField(max_length=60), required=False, allow_empty=False, max_length=20
    )


class RecommendationAuthorSerializer(serializers.Serializer):
    """Who said it: a member of this network."""

    id = serializers.UUIDField()
    name = serializers.CharField(source="shown_name")


class RecommendationSerializer(serializers.Serializer):
    """What a member says of a supplier for others."""

    id = serializers.UUIDField()
    supplier = serializers.UUIDField(source="supplier_id")
    author = RecommendationAuthorSerializer()
    text = serializers.CharField()
    response = serializers.IntegerField()
    quality = serializers.IntegerField()
    value = serializers.IntegerField()
    would_use_again = serializers.BooleanField()
    phase = serializers.CharField(allow_blank=True)
    size = serializers.CharField(allow_blank=True)
    shared = serializers.BooleanField(source="is_shared")
    publication = serializers.UUIDField(source="publication_id", allow_null=True)
    created_at = serializers.DateTimeField()
    edited_at = serializers.DateTimeField(allow_null=True)
    url = serializers.SerializerMethodField()

    def get_url(self, recommendation: Recommendation) -> str:
        """Return the address that leads to where it stands."""
        path = reverse("suppliers:recommendation_detail", args=[recommendation.id])
        return network_url(self.context["request"].network, path)


class NewRecommendationSerializer(serializers.Serializer):
    """Say what one's school thinks of a supplier; phase and size fall back to those of the author's school."""

    text = serializers.CharField(max_length=MAX_TEXT_LENGTH)
    response = serializers.IntegerField(min_value=1, max_value=5)
    quality = serializers.IntegerField(min_value=1, max_value=5)
    value = serializers.IntegerField(min_value=1, max_value=5)
    would_use_again = serializers.BooleanField()
    phase = serializers.CharField(max_length=40, required=False, allow_blank=True)
    size = serializers.ChoiceField(SizeBand.choices, required=False, allow_blank=True)


class RecommendationChangeSerializer(serializers.Serializer):
    """Change what one said; what is left out stays."""

    text = serializers.CharField(max_length=MAX_TEXT_LENGTH, required=False)
    response = serializers.IntegerField(min_value=1, max_value=5, required=False)
    quality = serializers.IntegerField(min_value=1, max_value=5, required=False)
    value = serializers.IntegerField(min_value=1, max_value=5, required=False)
    would_use_again = serializers.BooleanField(required=False)
    phase = serializers.CharField(max_length=40, required=False, allow_blank=True)
    size = serializers.ChoiceField(SizeBand.choices, required=False, allow_blank=True)
