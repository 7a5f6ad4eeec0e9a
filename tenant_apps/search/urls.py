"""The address of search, on each network's host."""

from django.urls import path

from tenant_apps.search import views

app_name = "search"

urlpatterns = [path("search/", views.search, name="search")]
