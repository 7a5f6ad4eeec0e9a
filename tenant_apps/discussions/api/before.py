"""What a post said before, and the email that it was, for programs."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from shared_apps.api.rest.pagination import SignedCursorPagination
from shared_apps.api.rest.resources import Resource
from shared_apps.core.finding import found_or_404
from tenant_apps.discussions import selectors
from tenant_apps.discussions.api.loading import discussion_or_404, reply_or_404
from tenant_apps.discussions.serializers.keeping import OriginalSerializer, RevisionSerializer


class LastChangedFirst(SignedCursorPagination):
    """In the order of the page."""

    ordering = ("-replaced_at", "-id")


class HistoryResource(Resource):
    """What a discussion's opening, or a reply, said before it was changed."""

    serializer_class = RevisionSerializer
    pagination_class = LastChangedFirst

    def list(self, request: Request, discussion_id: UUID, reply_id: UUID | None = None) -> Response:
        """List what it said before, the last first."""
        discussion = discussion_or_404(request, discussion_id)
        reply = reply_or_404(request, discussion_id, reply_id) if reply_id else None
        page = self.paginate_queryset(selectors.revisions(discussion, reply))
        return self.get_paginated_response(RevisionSerializer(page, many=True, context={"discussion": discussion}).data)


class OriginalResource(Resource):
    """The email that a discussion's opening, or a reply, was."""

    serializer_class = OriginalSerializer
    pagination_class = None

    @extend_schema(responses=OriginalSerializer)
    def retrieve(self, request: Request, discussion_id: UUID, reply_id: UUID | None = None) -> Response:
        """Show what was sent, with what the page leaves out; to who sent it and to moderators."""
        discussion = discussion_or_404(request, discussion_id)
        post = reply_or_404(request, discussion_id, reply_id) if reply_id else discussion
        email = found_or_404(selectors.original_email(post, request.member))
        return Response(OriginalSerializer(email).data)


HISTORY_METHODS = {"get": "list"}
ORIGINAL_METHODS = {"get": "retrieve"}
