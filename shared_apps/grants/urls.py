"""URLs of support access on the platform's host; they come before the operator's, one of which would take them."""

from django.urls import path

from shared_apps.grants import views

app_name = "grants"

_NETWORK = "operator/networks/<uuid:network_id>/support/"

urlpatterns = [
    path(_NETWORK, views.access, name="access"),
    path(f"{_NETWORK}<uuid:grant_id>/end/", views.access_end, name="access_end"),
]
