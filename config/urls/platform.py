"""URLs of the platform's own host."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("shared_apps.accounts.urls")),
    path("", include("shared_apps.operator.urls")),
    path("dev/mail/", include("shared_apps.mail.urls")),
]
