"""Addresses of the register's pages, on every network's host."""

from django.urls import path

from shared_apps.schools import views

app_name = "schools"
urlpatterns = [
    path("schools/", views.school_picker, name="school_picker"),
    path("schools/<uuid:school_id>/", views.school_detail, name="school_detail"),
]
