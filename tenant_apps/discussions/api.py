"""Discussions and their replies, for programs."""

from collections.abc import Sequence
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import Throttled, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from collective.publications.services import PublicationGoneError
from shared_apps.api.rest.pagination import SignedCursorPagination, SignedOffsetPagination
from shared_apps.api.rest.resources import Resource
from tenant_apps.discussions import selectors, services
from tenant_apps.discussions.models import Category, Discussion
from tenant_apps.discussions.serializers import (
    DiscussionChangeSerializer,
    DiscussionSerializer,
    HelpfulSerializer,
    NewDiscussionSerializer,
    NewPollSerializer,
    NewReplySerializer,
    PollSerializer,
    ReplyChangeSerializer,
    ReplySerializer,
    VoteSerializer,
)
from tenant_apps.members.models import Member


class NewestActivityFirst(SignedCursorPagination):
    """In the order of the page."""

    ordering = ("-last_activity_at", "-id")


class DiscussionResource(Resource):
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
            _member(request),
            show=asked.get("show", ""),
            category=asked.get("category", ""),
            tag=asked.get("tag", ""),
            search=asked.get("q", "")[:200],
        )
        return self.get_paginated_response(self._data(self.paginate_queryset(found), many=True))

    def retrieve(self, request: Request, pk: UUID) -> Response:
        """Show one discussion."""
        return Response(self._data(_discussion_or_404(request, pk)))

    @extend_schema(request=NewDiscussionSerializer, responses={201: DiscussionSerializer})
    def create(self, request: Request) -> Response:
        """Ask or discuss."""
        values = _valid(NewDiscussionSerializer, request)
        category = _category(values.pop("category", None))
        made = _refusing(services.start_discussion, **values, category=category, by=request.member)
        return Response(self._data(made), status=201)

    @extend_schema(request=DiscussionChangeSerializer, responses=DiscussionSerializer)
    def partial_update(self, request: Request, pk: UUID) -> Response:
        """Change what was asked; the publication follows."""
        discussion, values = _discussion_or_404(request, pk), _valid(DiscussionChangeSerializer, request)
        moderate(discussion, values, by=request.member)
        if values:
            _refusing(
                services.edit_discussion,
                discussion,
                title=values.get("title", discussion.title),
                body=values.get("body", discussion.body),
                category=_category(values.get("category")),
                tags=values.get("tags"),
                by=request.member,
            )
        return Response(self._data(_discussion_or_404(request, pk)))

    def _data(self, found: Discussion | Sequence[Discussion], *, many: bool = False) -> dict:
        return DiscussionSerializer(found, many=many, context=self.get_serializer_context()).data


class ReplyResource(Resource):
    """Replies to one discussion, those of other networks among them."""

    serializer_class = ReplySerializer
    pagination_class = SignedOffsetPagination

    def list(self, request: Request, discussion_id: UUID) -> Response:
        """List replies, oldest first."""
        pager = SignedOffsetPagination()
        offset, limit = pager.window(request)
        found = selectors.posts(_discussion_or_404(request, discussion_id), request.member)
        page = found[offset : offset + limit]
        return pager.answer(ReplySerializer(page, many=True).data, more=len(found) > offset + limit)

    @extend_schema(request=NewReplySerializer, responses={201: ReplySerializer})
    def create(self, request: Request, discussion_id: UUID) -> Response:
        """Reply."""
        discussion, values = _discussion_or_404(request, discussion_id), _valid(NewReplySerializer, request)
        made = _refusing(services.post_reply, discussion, body=values["body"], by=request.member)
        return Response(ReplySerializer(_post_or_404(request, discussion, made.id)).data, status=201)

    @extend_schema(request=ReplyChangeSerializer, responses=ReplySerializer)
    def partial_update(self, request: Request, discussion_id: UUID, pk: UUID) -> Response:
        """Mark or unmark an answer, or change one's own words."""
        discussion, values = _discussion_or_404(request, discussion_id), _valid(ReplyChangeSerializer, request)
        if "body" in values:
            reply = selectors.get_reply(pk, discussion_id, request.member)
            if reply is None:
                raise Http404
            _refusing(services.edit_reply, reply, body=values["body"], by=request.member)
        if "hidden" in values:
            _hide_reply(request, discussion_id, pk, values)
        if "is_answer" in values:
            _refusing(services.mark_reply, discussion, pk, is_answer=values["is_answer"], by=request.member)
        return Response(ReplySerializer(_post_or_404(request, _discussion_or_404(request, discussion_id), pk)).data)


class HelpfulResource(Resource):
    """Whether a discussion's opening, or a reply, helped."""

    serializer_class = HelpfulSerializer
    pagination_class = None

    def create(self, request: Request, discussion_id: UUID, reply_id: UUID | None = None) -> Response:
        """Say that it helped; saying it twice is once."""
        return self._say(request, discussion_id, reply_id, is_helpful=True)

    @extend_schema(responses=HelpfulSerializer)
    def destroy(self, request: Request, discussion_id: UUID, reply_id: UUID | None = None) -> Response:
        """Take that back."""
        return self._say(request, discussion_id, reply_id, is_helpful=False)

    def _say(self, request: Request, discussion_id: UUID, reply_id: UUID | None, *, is_helpful: bool) -> Response:
        discussion = _discussion_or_404(request, discussion_id)
        reply = selectors.get_reply(reply_id, discussion_id, request.member) if reply_id else None
        if reply_id and reply is None:
            raise Http404
        count = _refusing(services.find_helpful, discussion, reply, is_helpful=is_helpful, by=request.member)
        return Response({"helpful": is_helpful, "count": count})


class PollResource(Resource):
    """The poll of one discussion."""

    serializer_class = PollSerializer

    def retrieve(self, request: Request, discussion_id: UUID) -> Response:
        """Show the poll and its votes so far."""
        return self._answer(request, discussion_id)

    @extend_schema(request=NewPollSerializer, responses={201: PollSerializer})
    def create(self, request: Request, discussion_id: UUID) -> Response:
        """Ask members to choose; for who started the discussion, and moderators."""
        discussion, values = _discussion_or_404(request, discussion_id), _valid(NewPollSerializer, request)
        _refusing(services.add_poll, discussion, **values, by=request.member)
        return self._answer(request, discussion_id, status=201)

    @extend_schema(request=VoteSerializer, responses=PollSerializer)
    def update(self, request: Request, discussion_id: UUID) -> Response:
        """Vote, or vote anew."""
        discussion, values = _discussion_or_404(request, discussion_id), _valid(VoteSerializer, request)
        if not hasattr(discussion, "poll"):
            raise Http404
        _refusing(services.vote, discussion.poll, values["options"], by=request.member)
        return self._answer(request, discussion_id)

    def _answer(self, request: Request, discussion_id: UUID, status: int = 200) -> Response:
        discussion = _discussion_or_404(request, discussion_id)
        found = selectors.poll_results(discussion, _member(request), now=timezone.now())
        if found is None:
            raise Http404
        return Response(PollSerializer(found).data, status=status)


POLL_METHODS = {"get": "retrieve", "post": "create", "put": "update"}
HELPFUL_METHODS = {"post": "create", "delete": "destroy"}


def _member(request: Request) -> Member:
    if request.member is None:
        raise PermissionDenied("Only members can use this.")
    return request.member


def _discussion_or_404(request: Request, discussion_id: UUID) -> Discussion:
    discussion = selectors.get_discussion(discussion_id, _member(request))
    if discussion is None:
        raise Http404
    return discussion


def _post_or_404(request: Request, discussion: Discussion, reply_id: UUID) -> selectors.Post:
    for post in selectors.posts(discussion, request.member):
        if post.id == reply_id:
            return post
    raise Http404


def moderate(discussion: Discussion, values: dict, *, by: Member) -> None:
    """Do what of a change is for moderators, and take it out of the values."""
    locked, pinned, hidden = (values.pop(name, None) for name in ("locked", "pinned", "hidden"))
    reason = values.pop("reason", "")
    if locked is not None:
        _refusing(services.lock_discussion, discussion, is_locked=locked, by=by)
    if pinned is not None:
        _refusing(services.pin_discussion, discussion, is_pinned=pinned, by=by)
    if hidden:
        _refusing(services.hide_discussion, discussion, reason=reason, by=by)
    elif hidden is not None:
        _refusing(services.show_discussion, discussion, by=by)


def _hide_reply(request: Request, discussion_id: UUID, reply_id: UUID, values: dict) -> None:
    reply = selectors.get_reply(reply_id, discussion_id, request.member)
    if reply is None:
        raise Http404
    if values["hidden"]:
        _refusing(services.hide_reply, reply, reason=values.get("reason", ""), by=request.member)
    else:
        _refusing(services.show_reply, reply, by=request.member)


def _category(name: str | None) -> Category | None:
    if name is None:
        return None
    for category in selectors.categories():
        if category.name.casefold() == name.strip().casefold():
            return category
    raise ValidationError({"category": ["There is no such category here."]})


def _valid(serializer: type, request: Request) -> dict:
    _member(request)
    given = serializer(data=request.data)
    given.is_valid(raise_exception=True)
    return given.validated_data


def _refusing(act, *args, **kwargs):  # noqa: ANN001 - any service and what it returns
    """Call a service and tell its refusals as the API does."""
    try:
        return act(*args, **kwargs)
    except services.NotAllowedError as error:
        raise PermissionDenied(str(error)) from error
    except PublicationGoneError as error:
        raise Http404 from error
    except services.TooSoonError as error:
        raise Throttled(error.seconds, str(error)) from error
    except services.DiscussionError as error:
        raise ValidationError({"non_field_errors": [str(error)]}) from error
