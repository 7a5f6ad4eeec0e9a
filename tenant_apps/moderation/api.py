"""Moderation for programs: report, see what waits, decide, take back, appeal."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import Throttled, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from shared_apps.api.rest.pagination import SignedCursorPagination, SignedOffsetPagination
from shared_apps.api.rest.problems import ConflictError
from shared_apps.api.rest.resources import Resource, valid_body
from shared_apps.core.finding import found_or_404
from tenant_apps.members.models import Member
from tenant_apps.members.permissions import caller
from tenant_apps.moderation import selectors, services
from tenant_apps.moderation.enums import QueueView
from tenant_apps.moderation.permissions import can_moderate, can_report
from tenant_apps.moderation.serializers import (
    ActSerializer,
    AppealDecisionSerializer,
    AppealSerializer,
    CaseSerializer,
    NewActSerializer,
    NewReportSerializer,
    ReportElsewhereSerializer,
    ReportSerializer,
    TakeBackSerializer,
    WholeAppealSerializer,
    WholeCaseSerializer,
)


class NewestReportFirst(SignedCursorPagination):
    """What was reported last comes first."""

    ordering = ("-created_at", "-id")


class OldestCaseFirst(SignedCursorPagination):
    """What has waited longest comes first."""

    ordering = ("opened_at", "id")


class NewestActFirst(SignedCursorPagination):
    """What was done last comes first."""

    ordering = ("-at", "-id")


class OldestAppealFirst(SignedCursorPagination):
    """What has waited longest comes first."""

    ordering = ("created_at", "id")


class ReportResource(Resource):
    """What the token's member reported."""

    serializer_class = ReportSerializer
    pagination_class = NewestReportFirst

    def list(self, request: Request) -> Response:
        """List one's own reports and how they ended, newest first."""
        page = self.paginate_queryset(selectors.own_reports(caller(request)))
        return self.get_paginated_response(ReportSerializer(page, many=True).data)

    @extend_schema(request=NewReportSerializer, responses={201: ReportSerializer})
    def create(self, request: Request) -> Response:
        """Tell the moderators of something; who wrote it never learns who reported it."""
        member, values = caller(request), valid_body(NewReportSerializer, request)
        kind, object_id = values.pop("kind"), values.pop("id")
        thing = selectors.reportable(kind, object_id)
        if thing is None or not can_report(member, thing):
            raise Http404
        made = _refusing(services.report, kind, object_id, **values, by=member)
        return Response(ReportSerializer(made).data, status=201)

    def replay(self, request: Request, made: UUID | None, **address: UUID) -> Response:
        """Answer a report that was made before."""
        found = selectors.own_reports(caller(request)).filter(id=made).first()
        return Response(ReportSerializer(found_or_404(found)).data)


class CaseResource(Resource):
    """What was reported, for moderators."""

    serializer_class = CaseSerializer
    pagination_class = OldestCaseFirst

    @extend_schema(parameters=[OpenApiParameter("show", str, enum=["appeals", "decided"])])
    def list(self, request: Request) -> Response:
        """List the cases that wait, or those with an appeal, or those that are decided; the oldest first."""
        _moderator(request)
        show = request.query_params.get("show", "")
        found = selectors.cases(show if show in (QueueView.APPEALS, QueueView.CLOSED) else QueueView.OPEN)
        page = self.paginate_queryset(found)
        return self.get_paginated_response(CaseSerializer(page, many=True).data)

    @extend_schema(responses=WholeCaseSerializer)
    def retrieve(self, request: Request, pk: UUID) -> Response:
        """Show one case with its reports and what was done."""
        _moderator(request)
        return Response(WholeCaseSerializer(found_or_404(selectors.get_case(pk))).data)

    @extend_schema(request=NewActSerializer, responses={201: ActSerializer})
    @action(detail=True, methods=["post"], url_path="acts")
    def decide(self, request: Request, pk: UUID) -> Response:
        """Decide a case; the author and who reported it are told."""
        moderator, values = _moderator(request), valid_body(NewActSerializer, request)
        act = _refusing(services.decide, found_or_404(selectors.get_case(pk)), **values, by=moderator)
        return Response(ActSerializer(act).data, status=201)

    def replay(self, request: Request, made: UUID | None, **address: UUID) -> Response:
        """Answer what was decided before."""
        _moderator(request)
        return Response(ActSerializer(found_or_404(selectors.get_act(made) if made else None)).data)


class ActResource(Resource):
    """What moderators did: the whole log for moderators, what is about oneself for everybody else."""

    serializer_class = ActSerializer
    pagination_class = NewestActFirst

    @extend_schema(parameters=[OpenApiParameter("about", str, enum=["me"], description="Only what is about oneself.")])
    def list(self, request: Request) -> Response:
        """List what was done, newest first."""
        member = caller(request)
        is_all = can_moderate(member) and request.query_params.get("about") != "me"
        found = selectors.log() if is_all else selectors.acts_about(member)
        return self.get_paginated_response(ActSerializer(self.paginate_queryset(found), many=True).data)

    def retrieve(self, request: Request, pk: UUID) -> Response:
        """Show one entry: any for moderators, what is about oneself for everybody else."""
        member, act = caller(request), found_or_404(selectors.get_act(pk))
        if act.about_id != member.id and not can_moderate(member):
            raise Http404
        return Response(ActSerializer(act).data)

    @extend_schema(request=TakeBackSerializer, responses={201: ActSerializer})
    @action(detail=True, methods=["post"], url_path="take-back")
    def take_back(self, request: Request, pk: UUID) -> Response:
        """Undo an act, for moderators."""
        moderator, values = _moderator(request), valid_body(TakeBackSerializer, request)
        undone = _refusing(services.take_back, found_or_404(selectors.get_act(pk)), **values, by=moderator)
        return Response(ActSerializer(undone).data, status=201)

    @extend_schema(request=AppealSerializer, responses={201: AppealSerializer})
    @action(detail=True, methods=["post"], url_path="appeal")
    def appeal(self, request: Request, pk: UUID) -> Response:
        """Appeal once against what was done about something one wrote."""
        member, act = caller(request), found_or_404(selectors.get_act(pk))
        if act.about_id != member.id:
            raise Http404
        made = _refusing(services.appeal, act, **valid_body(AppealSerializer, request), by=member)
        return Response(AppealSerializer(made).data, status=201)

    def replay(self, request: Request, made: UUID | None, **address: UUID) -> Response:
        """Answer what was undone, or how the appeal stands."""
        if self.action != "appeal":
            return super().replay(request, made, **address)
        member, act = caller(request), found_or_404(selectors.get_act(address["pk"]))
        found = selectors.appeal_against(act) if act.about_id == member.id else None
        return Response(AppealSerializer(found_or_404(found)).data)


class AppealResource(Resource):
    """Appeals against what was done; for moderators, and each for who made it."""

    serializer_class = WholeAppealSerializer
    pagination_class = OldestAppealFirst

    @extend_schema(parameters=[OpenApiParameter("show", str, enum=["decided"])])
    def list(self, request: Request) -> Response:
        """List the appeals that wait, or those that are decided; the oldest first. For moderators."""
        _moderator(request)
        found = selectors.appeals(decided=request.query_params.get("show") == "decided")
        page = self.paginate_queryset(found)
        return self.get_paginated_response(WholeAppealSerializer(page, many=True).data)

    def retrieve(self, request: Request, pk: UUID) -> Response:
        """Show one appeal, to moderators and to who made it."""
        member, appeal = caller(request), found_or_404(selectors.get_appeal(pk))
        if appeal.act.about_id != member.id and not can_moderate(member):
            raise Http404
        return Response(WholeAppealSerializer(appeal).data)

    @extend_schema(request=AppealDecisionSerializer, responses=WholeAppealSerializer)
    @action(detail=True, methods=["post"], url_path="decision")
    def decide(self, request: Request, pk: UUID) -> Response:
        """End an appeal; another moderator than the one who acted, where there is one."""
        moderator, appeal = _moderator(request), found_or_404(selectors.get_appeal(pk))
        _refusing(services.decide_appeal, appeal, **valid_body(AppealDecisionSerializer, request), by=moderator)
        return Response(WholeAppealSerializer(found_or_404(selectors.get_appeal(pk))).data)


class ReportElsewhereResource(Resource):
    """What was reported in the Collective from this network, and how the networks concerned ended it."""

    serializer_class = ReportElsewhereSerializer
    pagination_class = SignedOffsetPagination

    def list(self, request: Request) -> Response:
        """List everybody's for moderators, one's own for everybody else; the newest first."""
        member, pager = caller(request), SignedOffsetPagination()
        offset, limit = pager.window(request)
        is_all = can_moderate(member)
        found = selectors.reports_elsewhere() if is_all else selectors.own_reports_elsewhere(member)
        data = ReportElsewhereSerializer(found[offset : offset + limit], many=True).data
        return pager.answer(data, more=len(found) > offset + limit)


def _moderator(request: Request) -> Member:
    if not can_moderate(caller(request)):
        raise PermissionDenied("Only moderators can use this.")
    return request.member


def _refusing(act: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Call a service and tell its refusals as the API does."""
    try:
        return act(*args, **kwargs)
    except services.LimitError as error:
        raise Throttled(error.seconds, str(error)) from error
    except services.NotAllowedError as error:
        raise PermissionDenied(str(error)) from error
    except services.MissingWordsError as error:
        raise ValidationError({"non_field_errors": [str(error)]}) from error
    except services.ModerationError as error:
        raise ConflictError(str(error)) from error
