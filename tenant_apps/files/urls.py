"""URLs of files, on each network's host."""

from django.urls import path

from tenant_apps.files import views

app_name = "files"

urlpatterns = [
    path("files/<uuid:file_id>/remove/", views.file_remove, name="file_remove"),
    path("files/<uuid:file_id>/<str:name>", views.file_content, name="file_content"),
]
