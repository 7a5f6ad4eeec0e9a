"""Addresses of notifications."""

from django.urls import path

from tenant_apps.notifications import views

app_name = "notifications"
urlpatterns = [
    path("notifications/unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
]
