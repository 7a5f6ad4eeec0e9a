"""Networks, requests for them and restore drills, for the operator's own systems."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from shared_apps.api.rest.pagination import SignedCursorPagination
from shared_apps.api.rest.problems import conflict_on
from shared_apps.api.rest.resources import Resource, valid_body
from shared_apps.audit.services import Actor
from shared_apps.core.finding import found_or_404
from shared_apps.operator import selectors, services
from shared_apps.operator.serializers import (
    AcceptSerializer,
    AheadSerializer,
    DeclineSerializer,
    DrillSerializer,
    NetworkChangeSerializer,
    NetworkSerializer,
    NewNetworkSerializer,
    RequestSerializer,
    TemplateSerializer,
    UpgradeSerializer,
)
from shared_apps.requests import selectors as asking
from shared_apps.requests import services as requests
from shared_apps.requests.models import NetworkRequest
from shared_apps.requests.services import RequestError
from tenants.beginnings import TEMPLATES
from tenants.enums import NetworkState
from tenants.models import Network
from tenants.services import NetworkTakenError, WrongStateError


class NetworkResource(Resource):
    """Every network: put one on line, suspend, reactivate."""

    serializer_class = NetworkSerializer

    def list(self, request: Request) -> Response:
        """List networks, newest first."""
        page = SignedCursorPagination()
        found = page.paginate_queryset(selectors.networks(), request, self)
        return page.get_paginated_response(NetworkSerializer(found, many=True).data)

    def retrieve(self, request: Request, pk: UUID) -> Response:
        """Show one network."""
        return Response(NetworkSerializer(_network_or_404(pk)).data)

    @extend_schema(request=NewNetworkSerializer, responses={202: NetworkSerializer})
    def create(self, request: Request) -> Response:
        """Put a network on line; its state says how far it is."""
        given = valid_body(NewNetworkSerializer, request)
        with _beginning():
            network = services.request_and_start(**given, by=request.actor)
        return Response(NetworkSerializer(_network_or_404(network.id)).data, status=202)

    @extend_schema(request=NetworkChangeSerializer, responses=NetworkSerializer)
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Suspend or reactivate, or choose when it is upgraded."""
        network, given = _network_or_404(pk), valid_body(NetworkChangeSerializer, request)
        with conflict_on(WrongStateError):
            _change(network, given, by=request.actor)
        return Response(NetworkSerializer(_network_or_404(pk)).data)


class TemplateResource(Resource):
    """What a new network may begin with."""

    serializer_class = TemplateSerializer

    def list(self, request: Request) -> Response:
        """List the templates; the first is the usual one."""
        found = TemplateSerializer(TEMPLATES, many=True).data
        return Response({"results": found, "next": None, "previous": None})


UPGRADE_METHODS = {"get": "retrieve", "post": "create"}


class UpgradeResource(Resource):
    """Bringing one network to this release."""

    serializer_class = UpgradeSerializer

    def retrieve(self, request: Request, pk: UUID) -> Response:
        """Show how its last upgrade ended; 404 when it never had one."""
        upgrade = getattr(_network_or_404(pk), "upgrade", None)
        if upgrade is None:
            raise Http404
        return Response(UpgradeSerializer(upgrade).data)

    @extend_schema(request=None, responses={202: NetworkSerializer})
    def create(self, request: Request, pk: UUID) -> Response:
        """Upgrade it now; the answer comes at once and the work follows."""
        network = _network_or_404(pk)
        services.start_upgrade(network, by=request.actor)
        return Response(NetworkSerializer(network).data, status=202)

    def replay(self, request: Request, made: UUID | None, **address: UUID) -> Response:
        """Answer the network whose upgrade was asked for before."""
        return Response(NetworkSerializer(_network_or_404(address["pk"])).data)


class RequestResource(Resource):
    """What people asked for who want a network; accept or decline it."""

    serializer_class = RequestSerializer

    def list(self, request: Request) -> Response:
        """List requests whose address is confirmed, the latest first."""
        page = SignedCursorPagination()
        found = page.paginate_queryset(asking.requests(), request, self)
        return page.get_paginated_response(RequestSerializer(found, many=True).data)

    def retrieve(self, request: Request, pk: UUID) -> Response:
        """Show one request."""
        return Response(RequestSerializer(_request_or_404(pk)).data)


DECISION_METHODS = {"post": "create"}


class AcceptResource(RequestResource):
    """Accepting a request."""

    @extend_schema(request=AcceptSerializer, responses={202: RequestSerializer})
    def create(self, request: Request, pk: UUID) -> Response:
        """Put the network on line; its state says how far it is. 409 when the request is decided."""
        asked, given = _request_or_404(pk), valid_body(AcceptSerializer, request)
        with _beginning():
            services.accept_request(asked, **given, now=timezone.now(), by=request.actor)
        return Response(RequestSerializer(_request_or_404(pk)).data, status=202)


class DeclineResource(RequestResource):
    """Declining a request."""

    @extend_schema(request=DeclineSerializer, responses={200: RequestSerializer})
    def create(self, request: Request, pk: UUID) -> Response:
        """Decline it with words that are emailed to who asked. 409 when it is decided."""
        asked, given = _request_or_404(pk), valid_body(DeclineSerializer, request)
        with conflict_on(RequestError):
            requests.decline(asked, **given, now=timezone.now(), by=request.actor)
        return Response(RequestSerializer(_request_or_404(pk)).data)


DRILLS_METHODS = {"get": "list", "post": "create"}
DRILL_METHODS = {"get": "retrieve"}
AHEAD_METHODS = {"get": "preview"}


class DrillResource(Resource):
    """Restore drills: what is in the database is restored into a scratch database and compared."""

    serializer_class = DrillSerializer

    def list(self, request: Request) -> Response:
        """List drills, the latest first."""
        page = SignedCursorPagination()
        found = page.paginate_queryset(selectors.drills(), request, self)
        return page.get_paginated_response(DrillSerializer(found, many=True).data)

    def retrieve(self, request: Request, pk: UUID) -> Response:
        """Show one drill and what it found."""
        return Response(DrillSerializer(found_or_404(selectors.get_drill(pk))).data)

    @extend_schema(request=None, responses={202: DrillSerializer})
    def create(self, request: Request) -> Response:
        """Let a worker hold a drill; 409 while one is under way.

        The worker does nothing else meanwhile. It needs pg_dump and pg_restore of the server's release, and a role that
        may make a database: its own or that of DRILL_DATABASE_URL.
        """
        with conflict_on(services.DrillRunningError):
            held = services.start_drill(now=timezone.now(), by=request.actor)
        return Response(DrillSerializer(held).data, status=202)

    @extend_schema(responses=AheadSerializer)
    def preview(self, request: Request) -> Response:
        """Show what a drill would copy now; nothing is made."""
        return Response(AheadSerializer(selectors.drill_ahead()).data)


SERVER_ONLY_METHODS = {"post": "create", "delete": "destroy"}


class ServerOnlyResource(Resource):
    """What decides who looks after the platform is done on its server alone.

    A token says who it was made for and not who holds it, and proves no second step: one that leaked would make
    operators who stay, or take somebody's second step from them.
    """

    how = ""

    @extend_schema(request=None, responses={403: None})
    def create(self, request: Request) -> Response:
        """Refused with 403, which names the command that does it."""
        raise PermissionDenied(
            f"No token may do this, because a token proves no second step. On the server: {self.how}"
        )

    @extend_schema(responses={403: None})
    def destroy(self, request: Request) -> Response:
        """Refused with 403, which names the command that does it."""
        return self.create(request)


def _change(network: Network, given: dict[str, Any], *, by: Actor) -> None:
    """Change the state first, which may be refused: then nothing is changed, without a transaction around both."""
    if "state" in given:
        suspends = given["state"] == NetworkState.SUSPENDED
        (services.suspend_network if suspends else services.reactivate_network)(network, by=by)
    if "is_canary" in given:
        services.set_canary(network, is_canary=given["is_canary"], by=by)


def _request_or_404(request_id: UUID) -> NetworkRequest:
    return found_or_404(asking.get_request(request_id))


@contextmanager
def _beginning() -> Iterator[None]:
    """Answer why a network cannot begin: a 409 as things stand, a 400 with the field of what was sent."""
    try:
        with conflict_on(NetworkTakenError, WrongStateError, RequestError):
            yield
    except services.NETWORK_ERRORS as error:
        raise ValidationError({getattr(error, "field", "subdomain"): [str(error)]}) from error


def _network_or_404(network_id: UUID) -> Network:
    return found_or_404(selectors.get_network(network_id))
