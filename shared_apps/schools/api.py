"""The register of schools for programs: read only, the same in every network."""

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from shared_apps.api.rest.pagination import SignedCursorPagination, SignedOffsetPagination
from shared_apps.api.rest.resources import Resource
from shared_apps.schools import selectors
from shared_apps.schools.models import School
from shared_apps.schools.serializers import SchoolSerializer


class ByUrn(SignedCursorPagination):
    """The whole register in the order of its numbers."""

    ordering = "urn"


class SchoolResource(ListModelMixin, RetrieveModelMixin, Resource):
    """Schools of the national register (Get Information About Schools, Open Government Licence v3.0)."""

    serializer_class = SchoolSerializer
    pagination_class = ByUrn

    def get_queryset(self) -> QuerySet[School]:
        """Return all schools for one by its id, and for a list those asked for."""
        return selectors.schools(open_only=self.action == "list" and not self._wants_closed())

    @extend_schema(
        parameters=[
            OpenApiParameter("q", str, description="Name, town, postcode, URN or authority; the likeliest come first."),
            OpenApiParameter("closed", bool, description="True: schools that are not open are listed too."),
        ]
    )
    def list(self, request: Request) -> Response:
        """List open schools by URN, or search them."""
        query = request.query_params.get("q", "")
        return self._search(query) if query.strip() else super().list(request)

    def _search(self, query: str) -> Response:
        pager = SignedOffsetPagination()
        offset, limit = pager.window(self.request)
        found = selectors.search_schools(query, open_only=not self._wants_closed(), limit=offset + limit + 1)[offset:]
        schools = selectors.schools_by_ids([school.id for school in found[:limit]])
        page = [schools[school.id] for school in found[:limit]]
        return pager.answer(self.get_serializer(page, many=True).data, more=len(found) > limit)

    def _wants_closed(self) -> bool:
        return self.request.query_params.get("closed", "").lower() in {"1", "true", "on", "yes"}
