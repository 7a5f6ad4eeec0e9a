"""Networks' own domains for the operator's systems."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from shared_apps.api.rest.resources import Resource
from shared_apps.core.console import network_or_404
from shared_apps.core.finding import found_or_404
from shared_apps.domains import selectors, services
from shared_apps.domains.models import OwnDomain
from shared_apps.domains.serializers import OwnDomainSerializer

DOMAIN_METHODS = {"get": "retrieve", "delete": "destroy"}


class NetworkDomainResource(Resource):
    """The domain of one network's own."""

    serializer_class = OwnDomainSerializer

    def retrieve(self, request: Request, pk: UUID) -> Response:
        """Show it; 404 when it has none and wants none."""
        return Response(OwnDomainSerializer(_domain_or_404(pk)).data)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: UUID) -> Response:
        """Take it from the network, which answers on its first host alone; its owners are told."""
        services.remove(_domain_or_404(pk), by=request.actor)
        return Response(status=204)


def _domain_or_404(network_id: UUID) -> OwnDomain:
    return found_or_404(selectors.domain_of(network_or_404(network_id)))
