"""Bringing one thing back from a copy, for the operator's own systems."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from shared_apps.api.rest.problems import conflict_on
from shared_apps.api.rest.resources import Resource, valid_body, valid_query
from shared_apps.core.console import network_or_404
from shared_apps.core.finding import found_or_404
from shared_apps.grants.models import SupportGrant
from shared_apps.grants.selectors import visit_of
from tenant_apps.portability import drawing, selectors, services
from tenant_apps.portability.serializers import ComparisonSerializer, ReturnSerializer, WantedSerializer

RETURN_METHODS = {"get": "retrieve", "post": "create"}


class ReturnResource(Resource):
    """One discussion, member or supplier of a network, compared with a copy of it, and brought back."""

    serializer_class = ComparisonSerializer
    enters_networks = True

    @extend_schema(parameters=[WantedSerializer])
    def retrieve(self, request: Request, pk: UUID) -> Response:
        """Show what is missing and what differs; words only with support access to the network."""
        return self._compared(request, pk, valid_query(WantedSerializer, request))

    @extend_schema(request=ReturnSerializer, responses=ComparisonSerializer)
    def create(self, request: Request, pk: UUID) -> Response:
        """Bring it back and show what is left; 409 where it changed meanwhile, or does not fit."""
        given = valid_body(ReturnSerializer, request)
        wanted, visit = _wanted(pk, given), _visit(request, pk)
        choice = services.Choice(given["take"], given["leave_out"], given["mark"])
        with conflict_on(services.ReturnRefusedError):
            services.merge_back_as_allowed(wanted, choice, visit=visit, by=request.actor)
        return self._compared(request, pk, given)

    def replay(self, request: Request, made: UUID | None, **address: UUID) -> Response:
        """Show what is left by now."""
        return self._compared(request, address["pk"], valid_body(ReturnSerializer, request))

    def _compared(self, request: Request, pk: UUID, given: dict[str, Any]) -> Response:
        wanted, visit = _wanted(pk, given), _visit(request, pk)
        with conflict_on(services.ReturnRefusedError):
            found = services.compare(wanted)
        if visit is not None:
            services.note_for_owners(wanted, visit, "compared", by=request.actor)
        return Response(ComparisonSerializer(_shown(found, with_words=visit is not None)).data)


def _shown(found: services.Comparison, *, with_words: bool) -> dict[str, Any]:
    return {
        "is_same": found.is_same,
        "is_gone": found.difference.is_gone,
        "mark": found.difference.mark,
        "back": drawing.coming_back(found, with_words=with_words),
        "fields_that_differ": [asdict(each) for each in drawing.differing(found, with_words=with_words)],
        "newer": drawing.newer(found),
        "lost_files": found.lost_files,
    }


def _wanted(network_id: UUID, given: dict[str, Any]) -> services.Wanted:
    network = network_or_404(network_id)
    copy = next((each for each in selectors.copies_of(network) if each.id == given["copy"]), None)
    return services.Wanted(network, found_or_404(copy), given["kind"], given["thing"])


def _visit(request: Request, network_id: UUID) -> SupportGrant | None:
    return visit_of(network_or_404(network_id), request.user, timezone.now())
