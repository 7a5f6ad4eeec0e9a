"""Addresses of a network's closing: what members read, and the owners' pages."""

from django.urls import path

from tenant_apps.farewell import views
from tenants.permissions import all_work_read_only

app_name = "farewell"
urlpatterns = all_work_read_only(
    [
        path("closing/", views.notice, name="notice"),
        path("manage/closing/", views.manage, name="manage"),
        path("manage/closing/stop/", views.stop, name="stop"),
    ]
)
