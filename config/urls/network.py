"""URLs of each network’s host."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("shared_apps.accounts.urls")),
    path("", include("tenant_apps.members.urls")),
    path("", include("tenant_apps.notifications.urls")),
    path("", include("tenant_apps.discussions.urls")),
    path("", include("shared_apps.schools.urls")),
    path("", include("tenant_apps.sharing.urls")),
    path("dev/mail/", include("shared_apps.mail.urls")),
]
