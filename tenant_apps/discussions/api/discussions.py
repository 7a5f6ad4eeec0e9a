"""Discussions, for programs."""

from collections.abc import Sequence
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from shared_apps.api.rest.pagination import SignedCursorPagination
from shared_apps.api.rest.resources import valid_body
from tenant_apps.discussions import selectors, services
from tenant_apps.discussions.api.keeping import Keeping
from tenant_apps.discussions.api.loading import category_named, discussion_or_404, refusing
from tenant_apps.discussions.enums import Via
from tenant_apps.discussions.models import Discussion
from tenant_apps.discussions.serializers.keeping import FollowSerializer
from tenant_apps.discussions.serializers.talk import (
    DiscussionChangeSerializer,
    DiscussionSerializer,
    NewDiscussionSerializer,
)
from tenant_apps.members.models import Member
from tenant_apps.members.permissions import caller
from tenant_apps.notifications.enums import Level


class NewestActivityFirst(SignedCursorPagination):
    """In the order of the page."""

    ordering = ("-last_activity_at", "-id")


class DiscussionResource(Keeping):
    """Questions and discussions of this network."""

    serializer_class = DiscussionSerializer
    pagination_class = NewestActivityFirst

    @extend_schema(
        parameters=[
            OpenApiParameter("q", str, description="Words that must occur."),
            OpenApiParameter("category", str, description="The name of a category."),
            OpenApiParameter("tag", str, description="A tag, as it is spelled."),
            OpenApiParameter("show", str, enum=["unread", "unanswered", "following", "mine"]),
        ]
    )
    def list(self, request: Request) -> Response:
        """List discussions, newest activity first."""
        asked = request.query_params
        found = selectors.discussions(
            caller(request),
            show=asked.get("show", ""),
            category=asked.get("category", ""),
            tag=asked.get("tag", ""),
            search=asked.get("q", "")[:200],
        )
        return self.get_paginated_response(self._data(self.paginate_queryset(found), many=True))

    def retrieve(self, request: Request, pk: UUID) -> Response:
        """Show one discussion."""
        return Response(self._data(discussion_or_404(request, pk)))

    @extend_schema(request=NewDiscussionSerializer, responses={201: DiscussionSerializer})
    def create(self, request: Request) -> Response:
        """Ask or discuss."""
        values = valid_body(NewDiscussionSerializer, request)
        given = values.pop("category", None)
        category = None if given is None else category_named(given)
        made = refusing(services.start_discussion, **values, category=category, via=Via.API, by=request.member)
        return Response(self._data(made), status=201)

    @extend_schema(request=DiscussionChangeSerializer, responses=DiscussionSerializer)
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Change what was asked; the publication follows."""
        discussion, values = discussion_or_404(request, pk), valid_body(DiscussionChangeSerializer, request)
        _moderate(discussion, values, by=request.member)
        if values:
            refusing(
                services.edit_discussion,
                discussion,
                title=values.get("title", discussion.title),
                body=values.get("body", discussion.body),
                category=category_named(values["category"]) if "category" in values else None,
                tags=values.get("tags"),
                by=request.member,
            )
        return Response(self._data(discussion_or_404(request, pk)))

    @extend_schema(request=None, responses={204: None})
    @action(detail=False, methods=["post"], url_path="read")
    def read(self, request: Request) -> Response:
        """Mark every discussion as read."""
        services.mark_all_read(member=caller(request))
        return Response(status=204)

    @extend_schema(methods=["get"], responses=FollowSerializer)
    @extend_schema(methods=["put"], request=FollowSerializer, responses=FollowSerializer)
    @action(detail=True, methods=["get", "put"], url_path="follow")
    def follow(self, request: Request, pk: UUID) -> Response:
        """Show or choose how much one hears of it."""
        discussion = discussion_or_404(request, pk)
        level = Level(discussion.follow_level or Level.MENTIONS)
        if request.method == "PUT":
            level = Level(valid_body(FollowSerializer, request)["level"])
            services.set_level(discussion, member=caller(request), level=level)
        return Response({"level": level.value})

    def _data(self, found: Discussion | Sequence[Discussion], *, many: bool = False) -> dict:
        return DiscussionSerializer(found, many=many, context=self.get_serializer_context()).data


def _moderate(discussion: Discussion, values: dict, *, by: Member) -> None:
    """Do what of a change is for moderators, and take it out of the values."""
    locked, pinned, hidden = (values.pop(name, None) for name in ("locked", "pinned", "hidden"))
    reason = values.pop("reason", "")
    if locked is not None:
        refusing(services.lock_discussion, discussion, is_locked=locked, by=by)
    if pinned is not None:
        refusing(services.pin_discussion, discussion, is_pinned=pinned, by=by)
    if hidden:
        refusing(services.hide_discussion, discussion, reason=reason, by=by)
    elif hidden is not None:
        refusing(services.show_discussion, discussion, by=by)
