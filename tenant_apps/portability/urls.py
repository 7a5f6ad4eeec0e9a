"""Pages for owners on a network's host, and for operators on the platform's."""

from django.urls import path

from tenant_apps.portability.views import archives, returning
from tenants.permissions import all_work_read_only

app_name = "portability"
urlpatterns = all_work_read_only(
    [
        path("manage/export/", archives.export_list, name="export_list"),
        path("manage/export/<uuid:export_id>/download/", archives.export_download, name="export_download"),
        path("manage/export/<uuid:export_id>/remove/", archives.export_remove, name="export_remove"),
    ]
)

platform_urls = (
    [path("operator/networks/<uuid:network_id>/merge-back/", returning.merge_back, name="merge_back")],
    "portability",
)
"""They come before the operator's, one of which would take them."""
