"""Closing for the operator's own systems."""

from uuid import UUID

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from shared_apps.api.rest.problems import conflict_on
from shared_apps.api.rest.resources import Resource, valid_body
from shared_apps.closing import selectors, services
from shared_apps.closing.enums import AskedBy
from shared_apps.closing.models import Closing
from shared_apps.closing.serializers import ClosingSerializer, InventorySerializer, NewClosingSerializer
from shared_apps.closing.services import ClosingError, Plan
from shared_apps.core.console import network_or_404
from shared_apps.core.finding import found_or_404
from tenants.models import Network
from tenants.services import WrongStateError

CLOSING_METHODS = {"get": "retrieve", "post": "create", "delete": "destroy"}
PREVIEW_METHODS = {"get": "preview"}


class ClosingResource(Resource):
    """How one network closes."""

    serializer_class = ClosingSerializer

    def retrieve(self, request: Request, pk: UUID) -> Response:
        """Show how its last closing stands; 404 when there was none."""
        closing = found_or_404(selectors.closings_of(network_or_404(pk)).first())
        return Response(ClosingSerializer(closing).data)

    @extend_schema(request=NewClosingSerializer, responses={201: ClosingSerializer})
    def create(self, request: Request, pk: UUID) -> Response:
        """Announce it, or close and delete the network now; 409 where it is closing already, or cannot be closed."""
        given, network = valid_body(NewClosingSerializer, request), network_or_404(pk)
        with conflict_on(ClosingError, WrongStateError):
            closing = _close(request, network, given)
        return Response(ClosingSerializer(closing).data, status=201)

    def replay(self, request: Request, made: UUID | None, **address: UUID) -> Response:
        """Answer the closing that was begun before."""
        closing = selectors.get_closing(made) if made else None
        if closing is None or closing.network_id != address["pk"]:
            raise Http404
        return Response(ClosingSerializer(closing).data)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: UUID) -> Response:
        """Take it back; 409 when nothing closes, or it is too late."""
        with conflict_on(ClosingError):
            services.call_off(network_or_404(pk), now=timezone.now(), by=request.actor)
        return Response(status=204)

    @extend_schema(responses=InventorySerializer)
    def preview(self, request: Request, pk: UUID) -> Response:
        """Show what deletion would take; nothing is changed."""
        return Response(InventorySerializer(selectors.preview_of(network_or_404(pk))).data)


def _close(request: Request, network: Network, given: dict) -> Closing:
    by, now = request.actor, timezone.now()
    said = {"reason": given["reason"], "keeps_publications": given["keeps_publications"]}
    if not given["now"]:
        plan = Plan(given["closes_on"], words=given["words"], **said)
        return services.announce(network, plan, asked_by=AskedBy.OPERATOR, now=now, by=by)
    if given["subdomain"] != network.subdomain:
        raise ValidationError({"subdomain": ["This is not the network’s subdomain."]})
    return services.close_now(network, **said, now=now, by=by)
