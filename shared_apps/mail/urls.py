"""URLs of the mail reader, which exists in development only."""

from django.urls import path

from shared_apps.mail import views

app_name = "mail"

urlpatterns = [
    path("", views.message_list, name="message_list"),
    path("<uuid:message_id>/", views.message_detail, name="message_detail"),
    path("<uuid:message_id>/html/", views.message_html, name="message_html"),
]
