"""A network's closing for its owners' programs: to see it and to take it back. Announcing it needs a person's proof."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from shared_apps.api.rest.problems import conflict_on
from shared_apps.api.rest.resources import Resource
from shared_apps.closing import selectors as closings
from shared_apps.closing.serializers import ClosingSerializer
from shared_apps.core.finding import found_or_404
from tenant_apps.farewell import services
from tenant_apps.members.permissions import calling_owner

CLOSING_METHODS = {"get": "retrieve", "delete": "destroy"}


class ClosingResource(Resource):
    """How this network closes; all of it for owners."""

    serializer_class = ClosingSerializer

    def retrieve(self, request: Request) -> Response:
        """Show it; 404 while the network goes on."""
        calling_owner(request)
        return Response(ClosingSerializer(found_or_404(closings.open_closing(request.network))).data)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request) -> Response:
        """Take it back; 409 when nothing closes, or it is too late."""
        by = calling_owner(request)
        with conflict_on(services.ClosingError):
            services.call_off(now=timezone.now(), by=by)
        return Response(status=204)
