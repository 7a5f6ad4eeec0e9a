"""URLs of the operator's console, on the platform's host."""

from django.urls import path

from shared_apps.operator import views

app_name = "operator"

urlpatterns = [
    path("", views.home, name="home"),
    path("operator/", views.network_list, name="network_list"),
    path("operator/networks/new/", views.network_new, name="network_new"),
    path("operator/networks/<uuid:network_id>/", views.network_detail, name="network_detail"),
    path("operator/networks/<uuid:network_id>/progress/", views.network_progress, name="network_progress"),
    path("operator/networks/<uuid:network_id>/act/", views.network_act, name="network_act"),
    path("operator/networks/<uuid:network_id>/<slug:act>/", views.network_confirm, name="network_confirm"),
]
