"""Setting the network up, for an owner's programs."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from shared_apps.api.rest.problems import conflict_on
from shared_apps.api.rest.resources import Resource, valid_body, valid_query
from tenant_apps.members.models import Member
from tenant_apps.members.permissions import calling_owner
from tenant_apps.setup import selectors, services
from tenant_apps.setup.serializers import RemovalSerializer, SetupChangeSerializer, SetupSerializer

SETUP_METHODS = {"get": "retrieve", "patch": "partial_update"}
EXAMPLES_METHODS = {"post": "create", "delete": "destroy"}


class SetupResource(Resource):
    """What is left to do, and the examples; all of it for owners."""

    serializer_class = SetupSerializer
    pagination_class = None

    def retrieve(self, request: Request) -> Response:
        """Show the list and the examples."""
        return Response(self._state(calling_owner(request)))

    @extend_schema(request=SetupChangeSerializer, responses=SetupSerializer)
    def partial_update(self, request: Request) -> Response:
        """Put the list away, or bring it back."""
        by = calling_owner(request)
        services.hide_checklist(**valid_body(SetupChangeSerializer, request), by=by)
        return Response(self._state(by))

    @extend_schema(request=None, responses={201: SetupSerializer})
    def create(self, request: Request) -> Response:
        """Put the examples back; 409 while there are some."""
        by = calling_owner(request)
        with conflict_on(services.SetupError):
            services.add_examples(by=by)
        return Response(self._state(by), status=201)

    @extend_schema(parameters=[RemovalSerializer], responses=SetupSerializer)
    def destroy(self, request: Request) -> Response:
        """Remove the examples, and answer with those that stay; 409 when there are none."""
        by, given = calling_owner(request), valid_query(RemovalSerializer, request)
        with conflict_on(services.SetupError):
            services.remove_examples(**given, by=by)
        return Response(self._state(by))

    def replay(self, request: Request, made: UUID | None, **address: Any) -> Response:
        """Answer with how it stands now."""
        return self.retrieve(request)

    def _state(self, member: Member) -> dict[str, Any]:
        state = {
            "tasks": selectors.tasks_of(member, self.request.network, hidden_too=True),
            "is_hidden": selectors.is_hidden(),
            "examples": selectors.examples_here(),
        }
        return SetupSerializer(state, context=self.get_serializer_context()).data
