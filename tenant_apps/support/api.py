"""Support access for an owner's programs: to see it and to end it. Letting somebody in needs a person's fresh proof."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from shared_apps.api.rest.problems import conflict_on
from shared_apps.api.rest.resources import Resource
from shared_apps.core.finding import found_or_404
from shared_apps.grants import selectors as grants
from shared_apps.grants.models import SupportGrant
from shared_apps.grants.serializers import GrantSerializer
from tenant_apps.members.permissions import calling_owner
from tenant_apps.support import services


class SupportResource(Resource):
    """Who of the platform asked to look into this network; all of it for owners."""

    serializer_class = GrantSerializer

    def list(self, request: Request) -> Response:
        """List requests, the latest first."""
        calling_owner(request)
        page = self.paginate_queryset(grants.grants_of(request.network))
        return self.get_paginated_response(GrantSerializer(page, many=True).data)

    def retrieve(self, request: Request, pk: UUID) -> Response:
        """Show one request and how it stands."""
        calling_owner(request)
        return Response(GrantSerializer(_grant_or_404(request, pk)).data)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: UUID) -> Response:
        """End a visit at once, or put a request away; 409 when it is over."""
        by = calling_owner(request)
        with conflict_on(services.GrantError):
            services.end_visit(_grant_or_404(request, pk), now=timezone.now(), by=by)
        return Response(status=204)


def _grant_or_404(request: Any, grant_id: UUID) -> SupportGrant:
    return found_or_404(grants.get_grant(request.network, grant_id))
