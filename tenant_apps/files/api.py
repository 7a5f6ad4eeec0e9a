"""Files of things, for programs: one resource for every kind of thing that has files."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from shared_apps.api.rest.resources import Resource, valid_body
from tenant_apps.files import permissions, selectors, services
from tenant_apps.files.adapters import owner_of
from tenant_apps.files.models import StoredFile
from tenant_apps.files.serializers import FileSerializer, NewFileSerializer
from tenant_apps.files.serving import answer_with
from tenant_apps.members.permissions import caller


class FilesOfResource(Resource):
    """The files of one thing."""

    serializer_class = FileSerializer
    pagination_class = None
    parser_classes = (MultiPartParser,)
    kind = ""

    def list(self, request: Request, pk: UUID, discussion_id: UUID | None = None) -> Response:
        """List them, oldest first."""
        self._check_seen(request, pk, discussion_id)
        return Response({"results": FileSerializer(selectors.files_of([pk]).get(pk, []), many=True).data})

    @extend_schema(request={"multipart/form-data": NewFileSerializer}, responses={201: FileSerializer})
    def create(self, request: Request, pk: UUID, discussion_id: UUID | None = None) -> Response:
        """Attach one; its content decides its type, and pictures are made anew without where and when."""
        self._check_seen(request, pk, discussion_id)
        sent = valid_body(NewFileSerializer, request)["file"]
        try:
            file = services.attach(sent.name, sent.read(), kind=self.kind, object_id=pk, by=request.member)
        except services.FileRefusedError as error:
            raise ValidationError({"file": [f"This file {error}"]}) from error
        except services.FileNotAllowedError as error:
            raise PermissionDenied(str(error)) from error
        return Response(FileSerializer(file).data, status=201)

    def replay(self, request: Request, made: UUID | None, **address: UUID) -> Response:
        """Answer a file that was attached before."""
        self._check_seen(request, address["pk"], address.get("discussion_id"))
        return Response(FileSerializer(_file_or_404(request, made)).data)

    def _check_seen(self, request: Request, object_id: UUID, within: UUID | None) -> None:
        owner = owner_of(self.kind)
        if owner is None or not owner.can_see(caller(request), object_id):
            raise Http404
        if within is not None and f"/{within}/" not in owner.path(object_id):
            raise Http404


class FileResource(Resource):
    """One file."""

    serializer_class = FileSerializer

    def retrieve(self, request: Request, pk: UUID) -> Response:
        """Show what is known of it."""
        return Response(FileSerializer(_file_or_404(request, pk)).data)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: UUID) -> Response:
        """Remove it: who attached it, or a moderator."""
        file = _file_or_404(request, pk)
        try:
            services.remove_file(file, by=request.member)
        except services.FileNotAllowedError as error:
            raise PermissionDenied(str(error)) from error
        return Response(status=204)

    @extend_schema(responses={200: OpenApiTypes.BINARY})
    @action(detail=True, url_path="content")
    def content(self, request: Request, pk: UUID) -> HttpResponse:
        """Download it."""
        try:
            return answer_with(_file_or_404(request, pk), known_etag=request.headers.get("If-None-Match"))
        except FileNotFoundError as error:
            raise Http404 from error


def _file_or_404(request: Request, file_id: UUID | None) -> StoredFile:
    file = selectors.get_file(file_id) if file_id else None
    if file is None or not permissions.can_see(caller(request), file):
        raise Http404
    return file


FILES_METHODS = {"get": "list", "post": "create"}
