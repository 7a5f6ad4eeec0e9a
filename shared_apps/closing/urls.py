"""URLs of closing on the platform's host: the operator's, before theirs, and the certificates, for everybody."""

from django.urls import path

from shared_apps.closing import views

app_name = "closing"

_NETWORK = "operator/networks/<uuid:network_id>/closing/"

urlpatterns = [
    path(_NETWORK, views.closing, name="closing"),
    path(f"{_NETWORK}now/", views.closing_now, name="closing_now"),
    path(f"{_NETWORK}stop/", views.closing_stop, name="closing_stop"),
    path("certificates/check/", views.certificate_check, name="certificate_check"),
    path("certificates/<uuid:closing_id>/", views.certificate, name="certificate"),
    path("certificates/<uuid:closing_id>/download/", views.certificate_file, name="certificate_file"),
]
