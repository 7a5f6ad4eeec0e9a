"""Addresses of the owners' pages about the network's own."""

from django.urls import path

from tenant_apps.address import views

app_name = "address"
urlpatterns = [
    path("manage/address/", views.address, name="address"),
    path("manage/address/state/", views.state, name="state"),
    path("manage/address/check/", views.check, name="check"),
    path("manage/address/remove/", views.remove, name="remove"),
]
