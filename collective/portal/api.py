"""The Collective for programs: search, publications and replies; a token acts for its own network."""

from collections.abc import Sequence
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from collective.index.selectors import Filters
from collective.portal import selectors, services
from collective.portal.selectors import plain_result
from collective.portal.serializers import (
    DecisionSerializer,
    NewPublicationReplySerializer,
    NewPublicationReportSerializer,
    PlatformReportSerializer,
    PublicationReplySerializer,
    PublicationReportSerializer,
    PublicationSerializer,
    ResultSerializer,
)
from collective.publications import selectors as publications
from collective.publications.enums import Decision, Identity, PublicationKind
from collective.publications.models import Publication, PublicationReply, PublicationReport
from collective.publications.services import PublicationGoneError, ReplyRefusedError, ReportRefusedError
from shared_apps.accounts.models import AccessibleNetwork
from shared_apps.accounts.selectors import acting_network
from shared_apps.api.rest.pagination import SignedCursorPagination, SignedOffsetPagination
from shared_apps.api.rest.problems import ConflictError, conflict_on
from shared_apps.api.rest.resources import Resource, valid_body
from shared_apps.core.finding import found_or_404
from tenants.context import in_collective


class NewestShownFirst(SignedCursorPagination):
    """In the order of the portal."""

    ordering = ("-shown_at", "id")


class SearchResource(Resource):
    """Search everything this network may see; a sentence finds its answer."""

    serializer_class = ResultSerializer
    pagination_class = SignedOffsetPagination

    @extend_schema(
        parameters=[
            OpenApiParameter("q", str, description="Words, a sentence, or a “phrase”; blank for the newest."),
            OpenApiParameter("kind", str, enum=PublicationKind.values, many=True),
            OpenApiParameter("category", str, many=True),
            OpenApiParameter("answered", bool),
        ]
    )
    def list(self, request: Request) -> Response:
        """Search, best match first."""
        acting, pager = _acting(request), SignedOffsetPagination()
        offset, limit = pager.window(request)
        found = selectors.find(
            request.query_params.get("q", ""),
            filters=_filters(request),
            network_id=acting.id,
            limit=limit,
            offset=offset,
        )
        return pager.answer(ResultSerializer(found.results, many=True).data, more=found.page.total > offset + limit)


class PublicationResource(Resource):
    """What networks chose to share."""

    serializer_class = PublicationSerializer
    pagination_class = NewestShownFirst

    def list(self, request: Request) -> Response:
        """List publications, newest first."""
        page = self.paginate_queryset(publications.visible_publications(_acting(request).id))
        return self.get_paginated_response(ResultSerializer(map(plain_result, page), many=True).data)

    def retrieve(self, request: Request, pk: UUID) -> Response:
        """Show one publication."""
        return Response(PublicationSerializer(plain_result(_publication_or_404(request, pk))).data)


class PublicationReplyResource(Resource):
    """Replies of other networks to one publication."""

    serializer_class = PublicationReplySerializer
    pagination_class = SignedOffsetPagination

    def list(self, request: Request, publication_id: UUID) -> Response:
        """List replies, answers first."""
        publication, pager = _publication_or_404(request, publication_id), SignedOffsetPagination()
        offset, limit = pager.window(request)
        found = publications.visible_replies(publication.id, network_id=_acting(request).id)
        page = found[offset : offset + limit]
        return pager.answer(PublicationReplySerializer(page, many=True).data, more=len(found) > offset + limit)

    @extend_schema(request=NewPublicationReplySerializer, responses={201: PublicationReplySerializer})
    def create(self, request: Request, publication_id: UUID) -> Response:
        """Answer from the token's network; the answer appears in the original discussion."""
        publication = _publication_or_404(request, publication_id)
        given = valid_body(NewPublicationReplySerializer, request)
        try:
            reply = services.reply(
                publication,
                body=given["body"],
                identity=Identity(given["identity"]),
                acting=_acting(request),
                by=request.actor,
            )
        except ReplyRefusedError as error:
            raise ConflictError(str(error)) from error
        except PublicationGoneError as error:
            raise Http404 from error
        return Response(PublicationReplySerializer(reply).data, status=201)

    def replay(self, request: Request, made: UUID | None, **address: UUID) -> Response:
        """Answer a reply that was given before."""
        publication = _publication_or_404(request, address["publication_id"])
        reply = _reply_or_404(request, publication, made) if made else None
        if reply is None:
            raise Http404
        return Response(PublicationReplySerializer(reply).data)


class PublicationReportResource(Resource):
    """Reports of one publication and of the replies to it."""

    serializer_class = PublicationReportSerializer
    pagination_class = None

    @extend_schema(request=NewPublicationReportSerializer, responses={201: PublicationReportSerializer})
    def create(self, request: Request, publication_id: UUID) -> Response:
        """Tell those who decide what is wrong; `reply` names a reply to it, or nothing what was shared itself."""
        publication = _publication_or_404(request, publication_id)
        values = valid_body(NewPublicationReportSerializer, request)
        reply = _reply_or_404(request, publication, values.pop("reply"))
        with conflict_on(ReportRefusedError):
            made = services.report(publication, reply=reply, **values, acting=_acting(request), by=request.actor)
        return Response(PublicationReportSerializer(made).data, status=201)

    def replay(self, request: Request, made: UUID | None, **address: UUID) -> Response:
        """Answer a report that was made before."""
        by_account = publications.reports_by_account(request.user.pk, network_id=_acting(request).id)
        found = [each for each in by_account if each.id == made]
        if not found:
            raise Http404
        return Response(PublicationReportSerializer(found[0]).data)


def _reply_or_404(request: Request, publication: Publication, reply_id: UUID | None) -> PublicationReply | None:
    if reply_id is None:
        return None
    for reply in publications.visible_replies(publication.id, network_id=_acting(request).id):
        if reply.id == reply_id:
            return reply
    raise Http404


def _acting(request: Request) -> AccessibleNetwork:
    acting = acting_network(request)
    if acting is None:
        raise PermissionDenied("This token acts for no live network.")
    return acting


def _filters(request: Request) -> Filters:
    asked = request.query_params
    answered = {"true": (True,), "false": (False,)}.get(asked.get("answered", "").lower(), ())
    return Filters(kind=asked.getlist("kind"), category=asked.getlist("category"), answered=answered)


def _publication_or_404(request: Request, publication_id: UUID) -> Publication:
    found = publications.get_visible_publication(publication_id, network_id=_acting(request).id)
    if found is None:
        raise Http404
    return found


DECISION_METHODS = {"post": "create"}


class PlatformReportResource(Resource):
    """For operators, on the platform's host: reports about what networks left that have closed."""

    serializer_class = PlatformReportSerializer

    def list(self, request: Request) -> Response:
        """List them, the latest first."""
        page = SignedCursorPagination()
        with in_collective():
            found = page.paginate_queryset(publications.reports_for_platform(), request, self)
            return page.get_paginated_response(_reports(found))

    def retrieve(self, request: Request, pk: UUID) -> Response:
        """Show one."""
        with in_collective():
            return Response(_reports([_platform_report_or_404(pk)])[0])


class ReportDecisionResource(PlatformReportResource):
    """Deciding about one."""

    enters_networks = True

    @extend_schema(request=DecisionSerializer, responses={200: PlatformReportSerializer})
    def create(self, request: Request, pk: UUID) -> Response:
        """Leave it, or take it down; 409 when it was decided otherwise, or is gone. Whoever reported it is told."""
        decision = Decision(valid_body(DecisionSerializer, request)["decision"])
        with in_collective():
            report = _platform_report_or_404(pk)
            if report.origin_outcome != decision:
                with conflict_on(services.AlreadyDecidedError):
                    services.decide_report(report, decision=decision, by=request.actor)
        return self.retrieve(request, pk)


def _platform_report_or_404(report_id: UUID) -> PublicationReport:
    return found_or_404(publications.reports_for_platform().filter(id=report_id).first())


def _reports(found: Sequence[PublicationReport]) -> list[dict]:
    texts = publications.texts_reported(found)
    return list(PlatformReportSerializer(found, many=True, context={"texts": texts}).data)
