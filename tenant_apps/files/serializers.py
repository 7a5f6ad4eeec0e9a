"""Files as the API shows and takes them."""

from django.urls import reverse
from rest_framework import serializers

from tenant_apps.files.models import StoredFile
from tenants.context import this_network
from tenants.selectors import network_url


class FileSerializer(serializers.Serializer):
    """A file; `url` is on the site, `content` is for programs."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    type = serializers.CharField(source="content_type")
    size = serializers.IntegerField()
    width = serializers.IntegerField(allow_null=True)
    height = serializers.IntegerField(allow_null=True)
    created_at = serializers.DateTimeField()
    url = serializers.SerializerMethodField()
    content = serializers.SerializerMethodField()

    def get_url(self, file: StoredFile) -> str:
        """Return its address for people."""
        return network_url(this_network(), reverse("files:file_content", args=[file.id, file.name]))

    def get_content(self, file: StoredFile) -> str:
        """Return its address for programs."""
        return network_url(this_network(), f"/api/v1/files/{file.id}/content/")


class NewFileSerializer(serializers.Serializer):
    """One file, as multipart/form-data."""

    file = serializers.FileField(max_length=255)
