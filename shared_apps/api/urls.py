"""Addresses under /api/: a host's resources, their description, and nothing for everything else."""

from django.urls import URLPattern, URLResolver, include, path, re_path

from shared_apps.api import views
from shared_apps.api.rest.resources import Router


def api_urls(router: Router) -> list[URLPattern | URLResolver]:
    """Return what one kind of host answers under /api/; it goes last into the URLconf."""
    resources = [
        *router.urls,
        path("schema/", views.schema, name="schema"),
        path("docs/", views.docs, name="docs"),
        path("", views.index, name="index"),
    ]
    return [path("api/v1/", include((resources, "api"))), re_path(r"^api/", views.not_found)]
