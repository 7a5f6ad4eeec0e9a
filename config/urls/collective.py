"""URLs of the Collective’s host."""

from django.urls import URLPattern, URLResolver, include, path

from collective.portal.api import (
    PublicationReplyResource,
    PublicationReportResource,
    PublicationResource,
    SearchResource,
)
from shared_apps.api.rest.resources import Router
from shared_apps.api.urls import api_urls
from shared_apps.core.urls import handler400, handler403, handler404, handler500  # noqa: F401 - Django finds them here

api = Router()  # one line for each resource
api.register("search", SearchResource, "search")
api.register("publications", PublicationResource, "publication")
api.register("publications/<uuid:publication_id>/replies", PublicationReplyResource, "publication-reply")
api.register("publications/<uuid:publication_id>/reports", PublicationReportResource, "publication-report")

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("shared_apps.accounts.urls")),
    path("", include("collective.portal.urls")),
    path("", include("shared_apps.core.urls")),
    path("dev/mail/", include("shared_apps.mail.urls")),
    *api_urls(api),
]
