"""Pages for owners."""

from django.urls import path

from tenant_apps.portability import views

app_name = "portability"
urlpatterns = [
    path("manage/export/", views.export_list, name="export_list"),
    path("manage/export/<uuid:export_id>/download/", views.export_download, name="export_download"),
    path("manage/export/<uuid:export_id>/remove/", views.export_remove, name="export_remove"),
]
