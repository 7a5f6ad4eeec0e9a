"""Search inside a network, for programs."""

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from shared_apps.api.rest.pagination import SignedOffsetPagination
from shared_apps.api.rest.resources import Resource
from tenant_apps.members.permissions import is_active
from tenant_apps.search import selectors
from tenant_apps.search.enums import EntryKind
from tenant_apps.search.forms import chosen_filters
from tenant_apps.search.serializers import SearchResultSerializer


class SearchResource(Resource):
    """Search what the members of this network wrote, its members and its suppliers."""

    serializer_class = SearchResultSerializer
    pagination_class = SignedOffsetPagination

    @extend_schema(
        parameters=[
            OpenApiParameter("q", str, description="Words, a sentence, or a “phrase”; blank for the newest."),
            OpenApiParameter("kind", str, enum=EntryKind.values, many=True),
            OpenApiParameter("category", str, many=True, description="Ids of categories."),
            OpenApiParameter("author", str, many=True, description="Ids of members."),
            OpenApiParameter("answered", str, enum=["yes", "no"]),
            OpenApiParameter("year", int, many=True),
        ]
    )
    def list(self, request: Request) -> Response:
        """Search, best match first."""
        if not is_active(request.member):
            raise Http404
        pager = SignedOffsetPagination()
        offset, limit = pager.window(request)
        query, filters = request.query_params.get("q", ""), chosen_filters(request.query_params)
        found = selectors.find(query, filters=filters, limit=limit, offset=offset)
        shown = SearchResultSerializer(found.results, many=True, context=self.get_serializer_context()).data
        return pager.answer(shown, more=found.page.total > offset + limit)
