"""The poll of one discussion, for programs."""

from uuid import UUID

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from shared_apps.api.rest.resources import Resource, valid_body
from tenant_apps.discussions import selectors, services
from tenant_apps.discussions.api.loading import discussion_or_404, refusing
from tenant_apps.discussions.serializers import NewPollSerializer, PollSerializer, VoteSerializer
from tenant_apps.members.permissions import caller


class PollResource(Resource):
    """The poll of one discussion."""

    serializer_class = PollSerializer

    def retrieve(self, request: Request, discussion_id: UUID) -> Response:
        """Show the poll and its votes so far."""
        return self._answer(request, discussion_id)

    @extend_schema(request=NewPollSerializer, responses={201: PollSerializer})
    def create(self, request: Request, discussion_id: UUID) -> Response:
        """Ask members to choose; for who started the discussion, and moderators."""
        discussion, values = discussion_or_404(request, discussion_id), valid_body(NewPollSerializer, request)
        refusing(services.add_poll, discussion, services.PollFacts(**values), by=request.member)
        return self._answer(request, discussion_id, status=201)

    @extend_schema(request=VoteSerializer, responses=PollSerializer)
    def update(self, request: Request, discussion_id: UUID) -> Response:
        """Vote, or vote anew."""
        discussion, values = discussion_or_404(request, discussion_id), valid_body(VoteSerializer, request)
        if not hasattr(discussion, "poll"):
            raise Http404
        refusing(services.vote, discussion.poll, values["options"], by=request.member)
        return self._answer(request, discussion_id)

    @extend_schema(request=None, responses=PollSerializer)
    def close(self, request: Request, discussion_id: UUID) -> Response:
        """Take no more votes; for who started the discussion, and moderators."""
        discussion = discussion_or_404(request, discussion_id)
        if not hasattr(discussion, "poll"):
            raise Http404
        refusing(services.close_poll, discussion.poll, by=request.member)
        return self._answer(request, discussion_id)

    def _answer(self, request: Request, discussion_id: UUID, status: int = 200) -> Response:
        discussion = discussion_or_404(request, discussion_id)
        found = selectors.poll_results(discussion, caller(request), now=timezone.now())
        if found is None:
            raise Http404
        return Response(PollSerializer(found).data, status=status)


POLL_METHODS = {"get": "retrieve", "post": "create", "put": "update"}
POLL_CLOSE_METHODS = {"post": "close"}
