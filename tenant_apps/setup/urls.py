"""Addresses of the set-up list and the examples."""

from django.urls import path

from tenant_apps.setup import views

app_name = "setup"
urlpatterns = [
    path("manage/setup/", views.checklist, name="checklist"),
    path("manage/setup/hide/", views.hide, name="hide"),
    path("manage/setup/show/", views.show, name="show"),
    path("manage/setup/examples/add/", views.examples_add, name="examples_add"),
    path("manage/setup/examples/remove/", views.examples_remove, name="examples_remove"),
]
