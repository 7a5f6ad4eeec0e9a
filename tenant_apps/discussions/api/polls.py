"""The poll of one discussion, and one's own vote in it, for programs."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from shared_apps.api.rest.resources import Resource, valid_body
from tenant_apps.discussions import selectors, services
from tenant_apps.discussions.api.loading import deciding, discussion_or_404
from tenant_apps.discussions.models import Poll
from tenant_apps.discussions.serializers.polls import (
    NewPollSerializer,
    PollChangeSerializer,
    PollSerializer,
    VoteSerializer,
)
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
        deciding(services.add_poll, discussion, services.PollFacts(**values), by=request.member)
        return self._answer(request, discussion_id, status=201)

    @extend_schema(request=PollChangeSerializer, responses=PollSerializer)
    def partial_update(self, request: Request, discussion_id: UUID) -> Response:
        """Change it: all of it while nobody has voted, then only when it ends; for who may ask.

        Its options are made anew when it asks something else, so that their ids change.
        """
        poll, values = _poll_or_404(request, discussion_id), valid_body(PollChangeSerializer, request)
        deciding(services.edit_poll, poll, replace(services.facts_of(poll), **values), by=request.member)
        return self._answer(request, discussion_id)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, discussion_id: UUID) -> Response:
        """Take the poll away for good, with every vote in it; for who started the discussion, and moderators."""
        deciding(services.remove_poll, _poll_or_404(request, discussion_id), by=request.member)
        return Response(status=204)

    @extend_schema(request=None, responses=PollSerializer)
    def close(self, request: Request, discussion_id: UUID) -> Response:
        """Take no more votes; for who started the discussion, and moderators."""
        return self._act(request, discussion_id, services.close_poll)

    @extend_schema(request=None, responses=PollSerializer)
    def reopen(self, request: Request, discussion_id: UUID) -> Response:
        """Take votes again, until it is closed; for who started the discussion, and moderators."""
        return self._act(request, discussion_id, services.reopen_poll)

    @extend_schema(request=VoteSerializer, responses=PollSerializer)
    def update(self, request: Request, discussion_id: UUID) -> Response:
        """Vote, or vote anew."""
        poll, values = _poll_or_404(request, discussion_id), valid_body(VoteSerializer, request)
        deciding(services.vote, poll, values["options"], by=request.member)
        return self._answer(request, discussion_id)

    @extend_schema(responses=PollSerializer)
    def take_back(self, request: Request, discussion_id: UUID) -> Response:
        """Take one's vote back, while the poll is open."""
        return self._act(request, discussion_id, services.take_vote_back)

    def _act(self, request: Request, discussion_id: UUID, act: Callable[..., None]) -> Response:
        deciding(act, _poll_or_404(request, discussion_id), by=request.member)
        return self._answer(request, discussion_id)

    def _answer(self, request: Request, discussion_id: UUID, status: int = 200) -> Response:
        discussion = discussion_or_404(request, discussion_id)
        found = selectors.poll_results(discussion, caller(request), now=timezone.now())
        if found is None:
            raise Http404
        return Response(PollSerializer(found).data, status=status)


POLL_METHODS = {"get": "retrieve", "post": "create", "patch": "partial_update", "delete": "destroy"}
POLL_CLOSE_METHODS, POLL_REOPEN_METHODS = {"post": "close"}, {"post": "reopen"}
VOTE_METHODS = {"put": "update", "delete": "take_back"}


def _poll_or_404(request: Request, discussion_id: UUID) -> Poll:
    discussion = discussion_or_404(request, discussion_id)
    if not hasattr(discussion, "poll"):
        raise Http404
    return discussion.poll
