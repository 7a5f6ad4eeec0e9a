"""URLs of own domains on the platform's host; they come before the operator's, one of which would take them."""

from django.urls import path

from shared_apps.domains import views

app_name = "domains"

urlpatterns = [path("operator/networks/<uuid:network_id>/domain/", views.own_domain, name="own_domain")]
