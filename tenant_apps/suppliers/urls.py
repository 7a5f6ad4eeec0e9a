"""URLs of suppliers, on each network's host; sharing's own are under `recommendations/<id>/share/`."""

from django.urls import path

from tenant_apps.suppliers.views import notes, recommendations, suppliers

app_name = "suppliers"

urlpatterns = [
    path("suppliers/", suppliers.supplier_list, name="supplier_list"),
    path("suppliers/new/", suppliers.supplier_new, name="supplier_new"),
    path("suppliers/<uuid:supplier_id>/", suppliers.supplier_detail, name="supplier_detail"),
    path("suppliers/<uuid:supplier_id>/edit/", suppliers.supplier_edit, name="supplier_edit"),
    path("suppliers/<uuid:supplier_id>/archive/", suppliers.supplier_archive, name="supplier_archive"),
    path("suppliers/<uuid:supplier_id>/restore/", suppliers.supplier_restore, name="supplier_restore"),
    path("suppliers/<uuid:supplier_id>/recommend/", recommendations.recommendation_new, name="recommendation_new"),
    path("suppliers/<uuid:supplier_id>/notes/", notes.note_list, name="note_list"),
    path("suppliers/<uuid:supplier_id>/notes/new/", notes.note_new, name="note_new"),
    path(
        "recommendations/<uuid:recommendation_id>/",
        recommendations.recommendation_detail,
        name="recommendation_detail",
    ),
    path(
        "recommendations/<uuid:recommendation_id>/edit/",
        recommendations.recommendation_edit,
        name="recommendation_edit",
    ),
    path(
        "recommendations/<uuid:recommendation_id>/remove/",
        recommendations.recommendation_remove,
        name="recommendation_remove",
    ),
    path("service-notes/<uuid:note_id>/edit/", notes.note_edit, name="note_edit"),
    path("service-notes/<uuid:note_id>/remove/", notes.note_remove, name="note_remove"),
]
