"""Addresses of moderation, on each network's host; `kind` names the feature whose adapter knows the thing."""

from django.urls import path

from tenant_apps.moderation import views

app_name = "moderation"

urlpatterns = [
    path("report/<slug:kind>/<uuid:object_id>/", views.report, name="report"),
    path("moderation/", views.mine, name="mine"),
    path("moderation/<uuid:act_id>/", views.own_act, name="own_act"),
    path("manage/moderation/", views.queue, name="queue"),
    path("manage/moderation/log/", views.log, name="log"),
    path("manage/moderation/<uuid:case_id>/", views.case, name="case"),
    path("manage/moderation/acts/<uuid:act_id>/take-back/", views.take_back, name="take_back"),
    path("manage/moderation/appeals/<uuid:appeal_id>/", views.appeal, name="appeal"),
]
