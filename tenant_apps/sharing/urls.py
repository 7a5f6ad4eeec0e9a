"""URLs of sharing, on each network's host; `plural` names the feature whose adapter knows the thing."""

from django.urls import path

from tenant_apps.sharing import views
from tenants.permissions import works_read_only

app_name = "sharing"

urlpatterns = [
    path("sharing/", views.ledger, name="ledger"),
    path("sharing/<uuid:publication_id>/", views.source, name="source"),
    path("manage/sharing/", views.manage, name="manage"),
    path("manage/sharing/<uuid:item_id>/decide/", views.decide, name="decide"),
    path("<slug:plural>/<uuid:source_id>/share/", views.share, name="share"),
    path("<slug:plural>/<uuid:source_id>/share/withdraw/", works_read_only(views.withdraw), name="withdraw"),
]
