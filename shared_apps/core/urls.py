"""URLs and error pages that every kind of site has; a URLconf takes the handlers by importing their names."""

from django.urls import path

from shared_apps.core import views

app_name = "core"
urlpatterns = [
    path("dev/components/", views.gallery, name="gallery"),
]

handler400 = views.bad_request
handler403 = views.forbidden
handler404 = views.not_found
handler500 = views.server_error
