"""Addresses of support access: the owners' pages, and the visitor's one button."""

from django.urls import path

from tenant_apps.support import views
from tenants.permissions import all_work_read_only

app_name = "support"
urlpatterns = all_work_read_only(
    [
        path("manage/support/", views.grant_list, name="grant_list"),
        path("manage/support/<uuid:grant_id>/", views.grant_detail, name="grant_detail"),
        path("manage/support/<uuid:grant_id>/answer/", views.grant_answer, name="grant_answer"),
        path("manage/support/<uuid:grant_id>/end/", views.grant_end, name="grant_end"),
        path("support/end/", views.visit_end, name="visit_end"),
    ]
)
