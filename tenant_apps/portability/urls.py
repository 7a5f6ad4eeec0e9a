"""Pages for owners."""

from django.urls import path

from tenant_apps.portability import views
from tenants.permissions import all_work_read_only

app_name = "portability"
urlpatterns = all_work_read_only(
    [
        path("manage/export/", views.export_list, name="export_list"),
        path("manage/export/<uuid:export_id>/download/", views.export_download, name="export_download"),
        path("manage/export/<uuid:export_id>/remove/", views.export_remove, name="export_remove"),
    ]
)
