"""A network's own domain for an owner's programs."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from shared_apps.api.rest.problems import conflict_on
from shared_apps.api.rest.resources import Resource, valid_body
from shared_apps.core.finding import found_or_404
from shared_apps.domains import selectors as domains
from shared_apps.domains.serializers import NewDomainSerializer, OwnDomainSerializer
from tenant_apps.address import services
from tenant_apps.address.permissions import can_choose_domain
from tenant_apps.members.models import Member
from tenant_apps.members.permissions import caller, refusal

DOMAIN_METHODS = {"get": "retrieve", "post": "create", "delete": "destroy"}
CHECK_METHODS = {"post": "create"}


class DomainResource(Resource):
    """The network's own domain; for owners."""

    serializer_class = OwnDomainSerializer

    def retrieve(self, request: Request) -> Response:
        """Show it with the records to set; 404 when there is none."""
        _calling_owner(request)
        return Response(OwnDomainSerializer(found_or_404(domains.domain_of(request.network))).data)  # type: ignore[attr-defined]

    def replay(self, request: Request, made: Any, **address: Any) -> Response:
        """Answer how the domain is by now."""
        return self.retrieve(request)

    @extend_schema(request=NewDomainSerializer, responses={201: OwnDomainSerializer})
    def create(self, request: Request) -> Response:
        """Claim a domain; 409 where one is in use already, here or by others."""
        by, given = _calling_owner(request), valid_body(NewDomainSerializer, request)
        with conflict_on(services.DomainError):
            domain = services.claim_domain(given["host"], now=timezone.now(), by=by)
        return Response(OwnDomainSerializer(domain).data, status=201)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request) -> Response:
        """Take it back; 409 when there is none."""
        by = _calling_owner(request)
        with conflict_on(services.DomainError):
            services.remove_domain(by=by)
        return Response(status=204)


class DomainCheckResource(DomainResource):
    """Looking at the domain's records."""

    @extend_schema(request=None, responses={202: OwnDomainSerializer})
    def create(self, request: Request) -> Response:
        """Have its DNS records looked at now; the answer comes at once and the look follows."""
        by = _calling_owner(request)
        with conflict_on(services.DomainError):
            services.look_now(now=timezone.now(), by=by)
        return Response(self.retrieve(request).data, status=202)


def _calling_owner(request: Any) -> Member:
    member = caller(request)
    if not can_choose_domain(member):
        raise PermissionDenied(refusal(owners=True))
    return member
