"""What is like a title that is being written, for programs."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from shared_apps.api.rest.pagination import SignedOffsetPagination
from shared_apps.api.rest.resources import Resource
from tenant_apps.discussions import services
from tenant_apps.discussions.adapters import similar_to
from tenant_apps.discussions.api.loading import refusing
from tenant_apps.discussions.serializers.talk import SimilarSerializer
from tenant_apps.members.permissions import caller


class SimilarResource(Resource):
    """What was asked before, here and in the Collective."""

    serializer_class = SimilarSerializer
    pagination_class = SignedOffsetPagination

    @extend_schema(parameters=[OpenApiParameter("q", str, description="The title that is being written.")])
    def list(self, request: Request) -> Response:
        """List what is like a title: first what members asked, then what other networks shared; best match first.

        A title of less than 8 characters is like nothing. The limit is 40 titles a minute.
        """
        refusing(services.check_comparing, by=caller(request))
        pager = SignedOffsetPagination()
        offset, limit = pager.window(request)
        found = similar_to(request.query_params.get("q", ""))
        page = SimilarSerializer(found[offset : offset + limit], many=True, context=self.get_serializer_context())
        return pager.answer(page.data, more=len(found) > offset + limit)
