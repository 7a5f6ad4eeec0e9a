"""URLs of the operator's console, on the platform's host."""

from django.urls import path

from shared_apps.operator.views import acts, figures, jobs, networks, requests

app_name = "operator"

urlpatterns = [
    path("", networks.home, name="home"),
    path("operator/", networks.network_list, name="network_list"),
    path("operator/networks/new/", networks.network_new, name="network_new"),
    path("operator/networks/<uuid:network_id>/", networks.network_detail, name="network_detail"),
    path("operator/networks/<uuid:network_id>/progress/", networks.network_progress, name="network_progress"),
    path("operator/networks/<uuid:network_id>/steps/", networks.network_steps, name="network_steps"),
    path("operator/networks/<uuid:network_id>/<slug:act>/", acts.network_act, name="network_act"),
    path("operator/requests/", requests.request_list, name="request_list"),
    path("operator/requests/<uuid:request_id>/", requests.request_detail, name="request_detail"),
    path("operator/requests/<uuid:request_id>/decline/", requests.request_decline, name="request_decline"),
    path("operator/figures/", figures.overview, name="overview"),
    path("metrics", figures.metrics, name="metrics"),
    path("operator/jobs/", jobs.job_list, name="job_list"),
    path("operator/jobs/again/", jobs.job_again, name="job_again"),
]
