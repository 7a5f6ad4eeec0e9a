"""URLs of the platform's own host."""

from django.urls import URLPattern, URLResolver, include, path

from shared_apps.core.urls import handler400, handler403, handler404, handler500  # noqa: F401 - Django finds them here

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("shared_apps.accounts.urls")),
    path("", include("shared_apps.operator.urls")),
    path("", include("shared_apps.core.urls")),
    path("dev/mail/", include("shared_apps.mail.urls")),
]
