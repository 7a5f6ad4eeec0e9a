"""What a member is writing, for programs: the drafts that the pages keep and go on with."""

from dataclasses import replace
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from shared_apps.api.rest.pagination import SignedCursorPagination
from shared_apps.api.rest.resources import Resource, valid_body
from shared_apps.core.finding import found_or_404
from tenant_apps.discussions import selectors, services
from tenant_apps.discussions.api.loading import category_named, deciding
from tenant_apps.discussions.models import Discussion, Draft
from tenant_apps.discussions.serializers.drafts import DraftSerializer, NewDraftSerializer, written
from tenant_apps.members.models import Member
from tenant_apps.members.permissions import caller


class LastSavedFirst(SignedCursorPagination):
    """What was saved last comes first."""

    ordering = ("-saved_at", "-id")


class DraftResource(Resource):
    """What you are writing: one draft of a new discussion, one of a reply to each discussion. Nobody else sees them."""

    serializer_class = DraftSerializer
    pagination_class = LastSavedFirst

    def list(self, request: Request) -> Response:
        """List your drafts, the last saved first; replies only to what you may still open."""
        page = self.paginate_queryset(selectors.drafts(caller(request))) or []
        return self.get_paginated_response([self._data(each) for each in page])

    def retrieve(self, request: Request, pk: UUID) -> Response:
        """Show one of your drafts."""
        return Response(self._data(found_or_404(selectors.get_draft(pk, caller(request)))))

    @extend_schema(request=NewDraftSerializer, responses={200: DraftSerializer, 201: DraftSerializer})
    def create(self, request: Request) -> Response:
        """Save what you are writing; what you saved of the same before is replaced, which is a 200.

        A draft that was saved meanwhile, in another window or by another program, is not written over: that is a 409.
        """
        by, values = caller(request), valid_body(NewDraftSerializer, request)
        discussion, saved_at = _discussion_in(values, by), values["saved_at"]
        before = selectors.draft_about(discussion, by)
        deciding(
            services.save_draft,
            _written_in(values),
            discussion=discussion,
            last_saved_at=saved_at,
            began_without=saved_at is None,
            by=by,
        )
        now = found_or_404(selectors.draft_about(discussion, by))
        return Response(self._data(now), status=200 if before else 201)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: UUID) -> Response:
        """Throw a draft away."""
        by = caller(request)
        services.drop_draft(found_or_404(selectors.get_draft(pk, by)).discussion, by=by)
        return Response(status=204)

    def _data(self, draft: Draft) -> dict:
        return DraftSerializer(draft, context=self.get_serializer_context()).data


def _discussion_in(values: dict, by: Member) -> Discussion | None:
    if values["discussion"] is None:
        return None
    found = selectors.get_discussion(values["discussion"], by)
    if found is None:
        raise ValidationError({"discussion": ["There is no discussion with this id here."]})
    return found


def _written_in(values: dict) -> services.Written:
    found = written(values)
    if found.is_blank:
        raise ValidationError({"non_field_errors": ["There are no words to keep. Delete the draft instead."]})
    return replace(found, category=category_named(values["category"]) if values["category"] else None)
