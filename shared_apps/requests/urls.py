"""URLs of starting a network, on the platform's host."""

from django.urls import path

from shared_apps.requests import views

app_name = "requests"

urlpatterns = [
    path("start/", views.start, name="start"),
    path("start/sent/", views.sent, name="sent"),
    path("start/address/", views.address, name="address"),
    path("start/confirm/<str:token>/", views.confirm, name="confirm"),
]
