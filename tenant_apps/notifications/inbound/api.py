"""Email that could not simply be posted, for organisers' programs."""

from collections.abc import Callable
from uuid import UUID

from django.core.exceptions import PermissionDenied
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from shared_apps.api.rest.pagination import SignedCursorPagination
from shared_apps.api.rest.problems import ConflictError, conflict_on
from shared_apps.api.rest.resources import Resource, valid_body
from shared_apps.core.finding import found_or_404
from shared_apps.mail.models import InboundMessage
from tenant_apps.members import services as members
from tenant_apps.members.permissions import calling_organiser, is_active
from tenant_apps.members.selectors import get_member
from tenant_apps.notifications import services
from tenant_apps.notifications.inbound import keeping
from tenant_apps.notifications.serializers import HeldMailSerializer, WholeMailSerializer, WhoseSerializer


class LastCameFirst(SignedCursorPagination):
    """What came last comes first."""

    ordering = ("-received_at", "-id")


class HeldMailResource(Resource):
    """Email that was sent to the network and could not simply be posted; all of it for organisers."""

    serializer_class = HeldMailSerializer
    pagination_class = LastCameFirst

    @extend_schema(parameters=[OpenApiParameter("show", str, enum=[name for name in keeping.SHOWN if name])])
    def list(self, request: Request) -> Response:
        """List what waits, or what was ignored, sent back or discarded; the newest first."""
        calling_organiser(request)
        show = request.query_params.get("show", "")
        if show not in keeping.SHOWN:
            raise ValidationError({"show": ["There is no such list."]})
        page = self.paginate_queryset(keeping.stored_emails(show))
        return self.get_paginated_response(HeldMailSerializer(page, many=True).data)

    @extend_schema(responses=WholeMailSerializer)
    def retrieve(self, request: Request, pk: UUID) -> Response:
        """Show what an email says, and what can be done with it."""
        calling_organiser(request)
        return self._whole(found_or_404(keeping.get_email(pk)))

    @extend_schema(request=WhoseSerializer, responses=WholeMailSerializer)
    @action(detail=True, methods=["post"], url_path="give")
    def give(self, request: Request, pk: UUID) -> Response:
        """Say which member writes from its address, from now on; what is held of them is read again."""
        by, _ = calling_organiser(request), found_or_404(keeping.get_email(pk))
        member = get_member(valid_body(WhoseSerializer, request)["member"])
        if not is_active(member):
            raise ValidationError({"member": ["There is no such member here."]})
        return self._done(pk, lambda: services.give_address(pk, member, by=by))

    @extend_schema(request=None, responses=WholeMailSerializer)
    @action(detail=True, methods=["post"], url_path="invite")
    def invite(self, request: Request, pk: UUID) -> Response:
        """Invite its sender; it waits until they have joined, and is posted then."""
        by, row = calling_organiser(request), found_or_404(keeping.get_email(pk))
        try:
            members.invite_member(email=row.from_address, by=by)
        except members.NotAllowedError as error:
            raise PermissionDenied(str(error)) from error
        except (members.AlreadyMemberError, members.AlreadyInvitedError) as error:
            raise ConflictError(str(error)) from error
        return self._whole(row)

    @extend_schema(request=None, responses=WholeMailSerializer)
    @action(detail=True, methods=["post"], url_path="again")
    def again(self, request: Request, pk: UUID) -> Response:
        """Read it again, by a job."""
        by, _ = calling_organiser(request), found_or_404(keeping.get_email(pk))
        return self._done(pk, lambda: services.retry_email(pk, by=by))

    @extend_schema(request=None, responses=WholeMailSerializer)
    @action(detail=True, methods=["post"], url_path="discard")
    def discard(self, request: Request, pk: UUID) -> Response:
        """Put it away; it is kept for 30 days."""
        by, _ = calling_organiser(request), found_or_404(keeping.get_email(pk))
        return self._done(pk, lambda: services.discard_email(pk, by=by))

    @extend_schema(request=None, responses=WholeMailSerializer)
    @action(detail=True, methods=["post"], url_path="restore")
    def restore(self, request: Request, pk: UUID) -> Response:
        """Hold it again."""
        by, _ = calling_organiser(request), found_or_404(keeping.get_email(pk))
        return self._done(pk, lambda: services.restore_email(pk, by=by))

    def _done(self, inbound_id: UUID, act: Callable[[], None]) -> Response:
        with conflict_on(services.EmailError):
            act()
        return self._whole(InboundMessage.objects.get(id=inbound_id))

    def _whole(self, row: InboundMessage) -> Response:
        shown = {name: getattr(row, name) for name in HeldMailSerializer().fields}
        shown |= {"original": keeping.as_it_came(row), "choices": keeping.choices_of(row)}
        return Response(WholeMailSerializer(shown).data)
