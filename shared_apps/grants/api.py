"""Support access for the operator's own systems."""

from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from shared_apps.api.rest.pagination import SignedCursorPagination
from shared_apps.api.rest.problems import conflict_on
from shared_apps.api.rest.resources import Resource, valid_body
from shared_apps.core.console import network_or_404
from shared_apps.core.finding import found_or_404
from shared_apps.grants import selectors, services
from shared_apps.grants.models import SupportGrant
from shared_apps.grants.serializers import GrantSerializer, NewGrantSerializer

GRANTS_METHODS = {"get": "list", "post": "create"}
GRANT_METHODS = {"get": "retrieve", "delete": "destroy"}


class GrantResource(Resource):
    """Asking one network for support access."""

    serializer_class = GrantSerializer

    def list(self, request: Request, pk: UUID) -> Response:
        """List what was asked of a network, the latest first."""
        page = SignedCursorPagination()
        found = page.paginate_queryset(selectors.grants_of(network_or_404(pk)), request, self)
        return page.get_paginated_response(GrantSerializer(found, many=True).data)

    def retrieve(self, request: Request, pk: UUID, grant_id: UUID) -> Response:
        """Show one request and what became of it."""
        return Response(GrantSerializer(_grant_or_404(pk, grant_id)).data)

    @extend_schema(request=NewGrantSerializer, responses={201: GrantSerializer})
    def create(self, request: Request, pk: UUID) -> Response:
        """Ask its owners; 409 where there is a request already, or nothing to ask."""
        given, network = valid_body(NewGrantSerializer, request), network_or_404(pk)
        with conflict_on(services.GrantError):
            grant = services.ask(network, request.user, **given, now=timezone.now(), by=request.actor)
        return Response(GrantSerializer(grant).data, status=201)

    def replay(self, request: Request, made: UUID | None, **address: UUID) -> Response:
        """Answer the request that was made before."""
        return Response(GrantSerializer(_grant_or_404(address["pk"], made)).data)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: UUID, grant_id: UUID) -> Response:
        """Take a request back, or end a visit; 409 when it is over."""
        with conflict_on(services.GrantError):
            services.end(_grant_or_404(pk, grant_id), now=timezone.now(), by=request.actor)
        return Response(status=204)


def _grant_or_404(network_id: UUID, grant_id: UUID | None) -> SupportGrant:
    return found_or_404(selectors.get_grant(network_or_404(network_id), grant_id))
