"""The directory of members, for programs."""

from uuid import UUID

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from shared_apps.api.rest.pagination import SignedCursorPagination
from shared_apps.api.rest.resources import Resource
from tenant_apps.members import permissions, selectors
from tenant_apps.members.serializers import MemberSerializer


class ByName(SignedCursorPagination):
    """In the order of the page."""

    ordering = ("name", "id")


class MemberResource(Resource):
    """Members of this network."""

    serializer_class = MemberSerializer
    pagination_class = ByName

    @extend_schema(
        parameters=[
            OpenApiParameter("q", str, description="Words that must occur in name, school, town, job or topics."),
            OpenApiParameter("phase", str, description="The phase of the school, such as Primary."),
        ]
    )
    def list(self, request: Request) -> Response:
        """List members by name."""
        permissions.caller(request)
        asked = request.query_params
        found = selectors.directory(search=asked.get("q", "")[:200], phase=asked.get("phase", "")[:100])
        page = self.paginate_queryset(found)
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def retrieve(self, request: Request, pk: UUID) -> Response:
        """Show one member."""
        permissions.caller(request)
        member = selectors.get_member(pk)
        if not permissions.is_active(member):
            raise Http404
        return Response(self.get_serializer(member).data)
