"""URL of the front page."""

from django.urls import path

from tenant_apps.home import views

app_name = "home"

urlpatterns = [path("", views.home, name="home")]
