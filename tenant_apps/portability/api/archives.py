"""Owners' archives for programs."""

from typing import Any
from uuid import UUID

from django.http import FileResponse, Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from shared_apps.api.rest.pagination import SignedCursorPagination
from shared_apps.api.rest.problems import conflict_on
from shared_apps.api.rest.resources import Resource
from tenant_apps.members.permissions import calling_owner
from tenant_apps.portability import selectors, services
from tenant_apps.portability.models import Export
from tenant_apps.portability.serializers import ExportSerializer
from tenant_apps.portability.serving import answer_with


class NewestExports(SignedCursorPagination):
    """The order of a list of archives."""

    ordering = ("-asked_at", "-id")


class ExportResource(Resource):
    """Archives of the whole network; all of it for owners."""

    serializer_class = ExportSerializer
    pagination_class = NewestExports

    def list(self, request: Request) -> Response:
        """List archives, the latest first."""
        calling_owner(request)
        page = self.paginate_queryset(selectors.exports())
        return self.get_paginated_response(ExportSerializer(page, many=True).data)

    def retrieve(self, request: Request, pk: UUID) -> Response:
        """Show how far an archive is."""
        calling_owner(request)
        return Response(ExportSerializer(_export_or_404(pk)).data)

    @extend_schema(request=None, responses={202: ExportSerializer})
    def create(self, request: Request) -> Response:
        """Have an archive written; a job does it. One that is being written already is the answer."""
        export = services.ask_for_export(by=calling_owner(request))
        return Response(ExportSerializer(export).data, status=202)

    @extend_schema(request=None, responses={(200, "application/zip"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["post"], url_path="download")
    def download(self, request: Request, pk: UUID) -> FileResponse:
        """Hand the archive over, and write down who had it."""
        by, export = calling_owner(request), _export_or_404(pk)
        with conflict_on(services.ExportGoneError):
            file = services.open_export(export, by=by)
        return answer_with(export, file)

    def replay(self, request: Request, made: UUID | None, **address: UUID) -> Any:
        """Hand the archive over again, or show how far the one is that was asked for."""
        if self.action == "download":
            return self.download(request, **address)
        return super().replay(request, made, **address)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: UUID) -> Response:
        """Remove an archive before its week is over."""
        by = calling_owner(request)
        services.remove_export(_export_or_404(pk), by=by)
        return Response(status=204)


def _export_or_404(export_id: UUID) -> Export:
    export = selectors.get_export(export_id)
    if export is None:
        raise Http404
    return export
