"""Addresses of notifications."""

from django.urls import path

from tenant_apps.notifications import views
from tenant_apps.notifications.inbound import views as inbound
from tenants.permissions import works_read_only

app_name = "notifications"
urlpatterns = [
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/count/", views.inbox_count, name="inbox_count"),
    path("inbox/seen/", views.inbox_seen, name="inbox_seen"),
    path("notifications/preferences/", views.preferences, name="preferences"),
    path("notifications/address/", views.address_resume, name="address_resume"),
    path("notifications/unsubscribe/<str:token>/", works_read_only(views.unsubscribe), name="unsubscribe"),
    path("manage/mail/", inbound.mail_list, name="mail_list"),
    path("manage/mail/<uuid:inbound_id>/", inbound.mail_detail, name="mail_detail"),
    path("manage/mail/<uuid:inbound_id>/again/", inbound.mail_again, name="mail_again"),
    path("manage/mail/<uuid:inbound_id>/discard/", inbound.mail_discard, name="mail_discard"),
    path("manage/mail/<uuid:inbound_id>/invite/", inbound.mail_invite, name="mail_invite"),
    path("manage/mail/<uuid:inbound_id>/restore/", inbound.mail_restore, name="mail_restore"),
]
