"""The inbox and preferences, for programs."""

from uuid import UUID

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from shared_apps.api.rest.pagination import SignedCursorPagination
from shared_apps.api.rest.resources import Resource, valid_body
from shared_apps.mail.selectors import paused_addresses, recipient_of
from tenant_apps.members.models import Member
from tenant_apps.members.permissions import caller
from tenant_apps.notifications import selectors, services
from tenant_apps.notifications.adapters import topics
from tenant_apps.notifications.enums import DEFAULT_CHANNEL, Channel, Kind, Level
from tenant_apps.notifications.serializers import (
    CountSerializer,
    NotificationSerializer,
    PreferencesSerializer,
    SeenSerializer,
)

PREFERENCES_METHODS = {"get": "retrieve", "patch": "partial_update"}
RESUME_METHODS = {"post": "resume"}
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
        if valid_body(SeenSerializer, request)["seen"]:
            services.mark_seen(caller(request), [notification.id])
        return Response(self._data(self._own(request, pk)))

    @extend_schema(responses=CountSerializer)
    @action(detail=False, url_path="count")
    def count(self, request: Request) -> Response:
        """Say how much the member has not seen here."""
        return Response({"unseen": selectors.notifications_of(caller(request), unseen=True).count()})

    @extend_schema(request=None, responses={204: None})
    @action(detail=False, methods=["post"], url_path="seen")
    def seen(self, request: Request) -> Response:
        """Mark everything as seen."""
        services.mark_all_seen(caller(request))
        return Response(status=204)

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
        values, chosen = valid_body(PreferencesSerializer, request), services.wishes_of(caller(request))
        kinds = {topic.id: topic.kind for topic in topics()}
        wishes = services.Wishes(
            level=Level(values.get("level", chosen.level)),
            levels={(kinds[each["id"]], each["id"]): _level(each["level"]) for each in values.get("topics", [])},
            channels={Kind(kind): Channel(channel) for kind, channel in values.get("channels", {}).items()},
            times={name: values[name] for name in _TIMES if name in values},
        )
        services.save_wishes(caller(request), wishes)
        return Response(_preferences(caller(request)))

    @extend_schema(request=None, responses=PreferencesSerializer)
    def resume(self, request: Request) -> Response:
        """Send email to the member’s address again, because they say that it works."""
        services.use_address_again(caller(request))
        return Response(_preferences(caller(request)))


def _preferences(member: Member) -> dict:
    chosen, reader = services.wishes_of(member), recipient_of(member.account_id)
    times = {name: getattr(reader, name) for name in _TIMES}
    levels = [
        {"id": str(each.id), "name": each.name, "level": chosen.levels.get((each.kind, each.id))} for each in topics()
    ]
    return {
        "level": chosen.level.value,
        "topics": levels,
        "channels": {kind.value: chosen.channels.get(kind, DEFAULT_CHANNEL).value for kind in Kind},
        **times,
        "address_paused": paused_addresses([member.email]).get(member.email.lower(), ""),
    }


def _level(chosen: str | None) -> Level | None:
    return Level(chosen) if chosen else None
