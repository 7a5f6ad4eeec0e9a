"""The inbox and preferences, for programs."""

from uuid import UUID

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from shared_apps.api.rest.pagination import SignedCursorPagination
from shared_apps.api.rest.resources import Resource
from shared_apps.mail.selectors import recipient_of
from tenant_apps.members.models import Member
from tenant_apps.members.permissions import caller
from tenant_apps.notifications import selectors, services
from tenant_apps.notifications.enums import DEFAULT_CHANNEL, Channel, Kind, Level
from tenant_apps.notifications.serializers import NotificationSerializer, PreferencesSerializer, SeenSerializer

PREFERENCES_METHODS = {"get": "retrieve", "patch": "partial_update"}
_TIMES = ("digest", "digest_hour", "digest_weekday", "quiet_from", "quiet_until")


class NewestFirst(SignedCursorPagination):
    """In the order things happened, the last first."""

    ordering = ("-created_at", "-id")


class NotificationResource(Resource):
    """What the member was told of in this network."""

    serializer_class = NotificationSerializer
    pagination_class = NewestFirst

    @extend_schema(parameters=[OpenApiParameter("unseen", bool, description="Only what was not seen.")])
    def list(self, request: Request) -> Response:
        """List notifications, newest first."""
        found = selectors.notifications_of(caller(request), unseen=request.query_params.get("unseen") == "true")
        return self.get_paginated_response(self._data(self.paginate_queryset(found), many=True))

    def retrieve(self, request: Request, pk: UUID) -> Response:
        """Show one notification."""
        return Response(self._data(self._own(request, pk)))

    @extend_schema(request=SeenSerializer, responses=NotificationSerializer)
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Mark one as seen."""
        notification = self._own(request, pk)
        given = SeenSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        if given.validated_data["seen"]:
            services.mark_seen(caller(request), [notification.id])
        return Response(self._data(self._own(request, pk)))

    def _own(self, request: Request, pk: UUID):
        notification = selectors.get_notification(caller(request), pk)
        if notification is None:
            raise Http404
        return notification

    def _data(self, found, *, many: bool = False) -> dict:  # noqa: ANN001 - one notification, or several
        return NotificationSerializer(found, many=many, context=self.get_serializer_context()).data


class PreferencesResource(Resource):
    """How the member wants to be told."""

    serializer_class = PreferencesSerializer
    pagination_class = None

    def retrieve(self, request: Request) -> Response:
        """Show what the member chose, or has by default."""
        return Response(_preferences(caller(request)))

    @extend_schema(request=PreferencesSerializer, responses=PreferencesSerializer)
    def partial_update(self, request: Request) -> Response:
        """Change what the member chose."""
        given = PreferencesSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values, chosen = given.validated_data, services.wishes_of(caller(request))
        wishes = services.Wishes(
            level=Level(values.get("level", chosen.level)),
            channels={Kind(kind): Channel(channel) for kind, channel in values.get("channels", {}).items()},
            times={name: values[name] for name in _TIMES if name in values},
        )
        services.save_wishes(caller(request), wishes)
        return Response(_preferences(caller(request)))


def _preferences(member: Member) -> dict:
    chosen, reader = services.wishes_of(member), recipient_of(member.account_id)
    channels = {kind.value: chosen.channels.get(kind, DEFAULT_CHANNEL).value for kind in Kind}
    return {"level": chosen.level.value, "channels": channels, **{name: getattr(reader, name) for name in _TIMES}}
