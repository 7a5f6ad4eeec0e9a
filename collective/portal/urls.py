"""URLs of the portal, on the Collective's host."""

from django.urls import path

from collective.portal import views

app_name = "portal"

urlpatterns = [
    path("", views.search, name="search"),
    path("publications/<uuid:publication_id>/", views.publication_detail, name="publication_detail"),
    path("publications/<uuid:publication_id>/report/", views.report, name="report"),
    path("publications/<uuid:publication_id>/replies/<uuid:reply_id>/report/", views.report, name="reply_report"),
    path("waiting/", views.waiting, name="waiting"),
    path("suppliers/", views.supplier_list, name="supplier_list"),
    path("suppliers/<str:supplier_key>/", views.supplier_detail, name="supplier_detail"),
    path("answers/", views.answers, name="answers"),
    path("answers/<uuid:reply_id>/edit/", views.reply_edit, name="reply_edit"),
    path("answers/<uuid:reply_id>/withdraw/", views.reply_withdraw, name="reply_withdraw"),
    path("answers/<uuid:reply_id>/returned/", views.returned_withdraw, name="returned_withdraw"),
]

kept_urlpatterns = [  # on the platform's host, because whoever is in no network cannot enter the Collective's
    path("operator/reports/", views.report_list, name="report_list"),
    path("operator/reports/<uuid:report_id>/", views.report_detail, name="report_detail"),
    path("kept/", views.kept, name="list"),
    path("kept/<uuid:kept_id>/remove/", views.kept_remove, name="remove"),
    path("kept/answers/<uuid:reply_id>/remove/", views.kept_answer_remove, name="answer_remove"),
    path("kept/answers/<uuid:reply_id>/returned/", views.kept_returned_remove, name="returned_remove"),
]
