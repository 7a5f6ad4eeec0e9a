"""Replies to one discussion, and what helped, for programs."""

from uuid import UUID

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from shared_apps.api.rest.pagination import SignedOffsetPagination
from shared_apps.api.rest.resources import Resource, valid_body
from tenant_apps.discussions import selectors, services
from tenant_apps.discussions.api.loading import discussion_or_404, refusing, reply_or_404
from tenant_apps.discussions.enums import Via
from tenant_apps.discussions.models import Discussion
from tenant_apps.discussions.serializers.talk import (
    HelpfulSerializer,
    NewReplySerializer,
    ReplyChangeSerializer,
    ReplySerializer,
)


class ReplyResource(Resource):
    """Replies to one discussion, those of other networks among them."""

    serializer_class = ReplySerializer
    pagination_class = SignedOffsetPagination

    def list(self, request: Request, discussion_id: UUID) -> Response:
        """List replies, oldest first."""
        pager = SignedOffsetPagination()
        offset, limit = pager.window(request)
        found = selectors.posts(discussion_or_404(request, discussion_id), request.member)
        page = found[offset : offset + limit]
        return pager.answer(ReplySerializer(page, many=True).data, more=len(found) > offset + limit)

    @extend_schema(request=NewReplySerializer, responses={201: ReplySerializer})
    def create(self, request: Request, discussion_id: UUID) -> Response:
        """Reply."""
        discussion, values = discussion_or_404(request, discussion_id), valid_body(NewReplySerializer, request)
        made = refusing(services.post_reply, discussion, body=values["body"], via=Via.API, by=request.member)
        return Response(ReplySerializer(_post_or_404(request, discussion, made.id)).data, status=201)

    def replay(self, request: Request, made: UUID | None, **address: UUID) -> Response:
        """Answer a reply that was posted before."""
        discussion = discussion_or_404(request, address["discussion_id"])
        return Response(ReplySerializer(_post_or_404(request, discussion, made)).data)

    @extend_schema(request=ReplyChangeSerializer, responses=ReplySerializer)
    def partial_update(self, request: Request, discussion_id: UUID, pk: UUID) -> Response:
        """Mark or unmark an answer, or change one's own words."""
        discussion, values = discussion_or_404(request, discussion_id), valid_body(ReplyChangeSerializer, request)
        if "body" in values:
            reply = reply_or_404(request, discussion_id, pk)
            refusing(services.edit_reply, reply, body=values["body"], by=request.member)
        if "hidden" in values:
            _hide_reply(request, discussion_id, pk, values)
        if "is_answer" in values:
            refusing(services.mark_reply, discussion, pk, is_answer=values["is_answer"], by=request.member)
        return Response(ReplySerializer(_post_or_404(request, discussion_or_404(request, discussion_id), pk)).data)


class HelpfulResource(Resource):
    """Whether a discussion's opening, or a reply, helped."""

    serializer_class = HelpfulSerializer
    pagination_class = None

    def create(self, request: Request, discussion_id: UUID, reply_id: UUID | None = None) -> Response:
        """Say that it helped; saying it twice is once."""
        return self._say(request, discussion_id, reply_id, is_helpful=True)

    def replay(self, request: Request, made: UUID | None, **address: UUID) -> Response:
        """Answer whether it is found helpful now, and by how many."""
        discussion, reply_id = discussion_or_404(request, address["discussion_id"]), address.get("reply_id")
        post = reply_or_404(request, discussion.id, reply_id) if reply_id else discussion
        is_helpful = reply_id in selectors.marks_of(discussion, request.member).helpful
        return Response({"helpful": is_helpful, "count": post.helpful_count})

    @extend_schema(responses=HelpfulSerializer)
    def destroy(self, request: Request, discussion_id: UUID, reply_id: UUID | None = None) -> Response:
        """Take that back."""
        return self._say(request, discussion_id, reply_id, is_helpful=False)

    def _say(self, request: Request, discussion_id: UUID, reply_id: UUID | None, *, is_helpful: bool) -> Response:
        discussion = discussion_or_404(request, discussion_id)
        reply = reply_or_404(request, discussion_id, reply_id) if reply_id else None
        count = refusing(services.find_helpful, discussion, reply, is_helpful=is_helpful, by=request.member)
        return Response({"helpful": is_helpful, "count": count})


HELPFUL_METHODS = {"post": "create", "delete": "destroy"}


def _post_or_404(request: Request, discussion: Discussion, reply_id: UUID | None) -> selectors.Post:
    for post in selectors.posts(discussion, request.member):
        if post.id == reply_id:
            return post
    raise Http404


def _hide_reply(request: Request, discussion_id: UUID, reply_id: UUID, values: dict) -> None:
    reply = reply_or_404(request, discussion_id, reply_id)
    if values["hidden"]:
        refusing(services.hide_reply, reply, reason=values.get("reason", ""), by=request.member)
    else:
        refusing(services.show_reply, reply, by=request.member)
