"""What moderators do with discussions besides changing them, for programs."""

from typing import Any
from uuid import UUID

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from shared_apps.api.rest.pagination import SignedCursorPagination
from shared_apps.api.rest.resources import Resource, valid_body
from tenant_apps.discussions import selectors, services
from tenant_apps.discussions.api.loading import calling_moderator, category_named, deciding, discussion_or_404, refusing
from tenant_apps.discussions.serializers.keeping import (
    AskedBySerializer,
    MergeSerializer,
    MoveSerializer,
    ReasonSerializer,
    SplitSerializer,
)
from tenant_apps.discussions.serializers.talk import DiscussionSerializer


class Keeping(Resource):
    """Moving, merging and splitting a discussion, and deciding one that waits; all of it for moderators."""

    @extend_schema(request=MoveSerializer, responses=DiscussionSerializer)
    @action(detail=True, methods=["post"], url_path="move")
    def move(self, request: Request, pk: UUID) -> Response:
        """Put it into another category; what is shared follows. For moderators."""
        by, discussion = calling_moderator(request), discussion_or_404(request, pk)
        category = category_named(valid_body(MoveSerializer, request)["category"])
        deciding(services.move_discussion, discussion, category=category, by=by)
        return self._now(request, pk)

    @extend_schema(request=MergeSerializer, responses=DiscussionSerializer)
    @action(detail=True, methods=["post"], url_path="merge")
    def merge(self, request: Request, pk: UUID) -> Response:
        """Make it part of another discussion, and answer that one; its address leads there. For moderators."""
        by, discussion = calling_moderator(request), discussion_or_404(request, pk)
        target = selectors.get_discussion(valid_body(MergeSerializer, request)["into"], by)
        if target is None:
            raise ValidationError({"into": ["There is no discussion with this id here."]})
        deciding(services.merge_discussions, discussion, target, by=by)
        return self._now(request, target.id)

    @extend_schema(request=None, responses=DiscussionSerializer)
    @action(detail=True, methods=["post"], url_path="unmerge")
    def unmerge(self, request: Request, pk: UUID) -> Response:
        """Take it out of the discussion it became part of. For moderators."""
        by, discussion = calling_moderator(request), discussion_or_404(request, pk)
        deciding(services.unmerge_discussion, discussion, by=by)
        return self._now(request, pk)

    @extend_schema(request=SplitSerializer, responses={201: DiscussionSerializer})
    @action(detail=True, methods=["post"], url_path="split")
    def split(self, request: Request, pk: UUID) -> Response:
        """Make a discussion of some of its replies, and answer that one. For moderators."""
        by, discussion = calling_moderator(request), discussion_or_404(request, pk)
        values = valid_body(SplitSerializer, request)
        made = refusing(services.split_discussion, discussion, values["replies"], title=values["title"], by=by)
        return self._now(request, made.id, status=201)

    @extend_schema(request=None, responses=DiscussionSerializer)
    @action(detail=True, methods=["post"], url_path="approve")
    def approve(self, request: Request, pk: UUID) -> Response:
        """Let members see a question that was asked without a name. For moderators."""
        by, discussion = calling_moderator(request), discussion_or_404(request, pk)
        deciding(services.approve_question, discussion, by=by)
        return self._now(request, pk)

    @extend_schema(request=ReasonSerializer, responses=DiscussionSerializer)
    @action(detail=True, methods=["post"], url_path="refuse")
    def refuse(self, request: Request, pk: UUID) -> Response:
        """Keep such a question from being seen; who asked is told why. For moderators."""
        by, discussion = calling_moderator(request), discussion_or_404(request, pk)
        deciding(services.refuse_question, discussion, **valid_body(ReasonSerializer, request), by=by)
        return self._now(request, pk)

    @extend_schema(request=None, responses=AskedBySerializer)
    @action(detail=True, methods=["post"], url_path="author")
    def author(self, request: Request, pk: UUID) -> Response:
        """Say who asked without their name; the audit keeps that it was asked. For moderators."""
        by, discussion = calling_moderator(request), discussion_or_404(request, pk)
        if not discussion.is_anonymous:
            raise Http404
        return Response(AskedBySerializer(deciding(services.reveal_author, discussion, by=by)).data)

    def replay(self, request: Request, made: UUID | None, **address: UUID) -> Response:
        """Answer the discussion; who asked is said, and kept in the audit, each time."""
        if self.action == "author":
            return self.author(request, **address)
        return super().replay(request, made, **address)

    def _now(self, request: Request, discussion_id: UUID, *, status: int = 200) -> Response:
        """Answer a discussion as it is after what was done."""
        found = discussion_or_404(request, discussion_id)
        return Response(DiscussionSerializer(found, context=self.get_serializer_context()).data, status=status)


class OldestFirst(SignedCursorPagination):
    """What has waited longest comes first."""

    ordering = ("created_at", "id")


class HiddenLastFirst(SignedCursorPagination):
    """What was hidden last comes first."""

    ordering = ("-hidden_at", "-id")


class OutOfSightResource(Resource):
    """Discussions that members do not see, for moderators."""

    serializer_class = DiscussionSerializer

    def _page(self, found: Any) -> Response:
        page = self.paginate_queryset(found)
        data = DiscussionSerializer(page, many=True, context=self.get_serializer_context()).data
        return self.get_paginated_response(data)


class WaitingResource(OutOfSightResource):
    """Questions without a name that wait for a moderator."""

    pagination_class = OldestFirst

    def list(self, request: Request) -> Response:
        """List the questions that wait, without who asked; the oldest first. For moderators."""
        calling_moderator(request)
        return self._page(selectors.waiting())


class HiddenResource(OutOfSightResource):
    """What moderators hid."""

    pagination_class = HiddenLastFirst

    def list(self, request: Request) -> Response:
        """List hidden discussions, the last hidden first. For moderators."""
        calling_moderator(request)
        return self._page(selectors.hidden())
