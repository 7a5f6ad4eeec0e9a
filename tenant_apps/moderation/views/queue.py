"""The moderators' pages: what waits, one case, taking back, an appeal, and the log."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from shared_apps.core.fields import status_of
from shared_apps.core.finding import found_or_404
from shared_apps.core.flash import say
from tenant_apps.members.permissions import is_organiser, member_required
from tenant_apps.members.selectors import members_by_account_ids
from tenant_apps.moderation import selectors, services
from tenant_apps.moderation.enums import ActKind, QueueView
from tenant_apps.moderation.forms import AppealDecisionForm, DecisionForm, TakeBackForm
from tenant_apps.moderation.models import Act, Case
from tenant_apps.moderation.permissions import can_decide, can_moderate, can_suspend
from tenant_apps.moderation.views.drawing import (
    act_row,
    act_rows,
    author_of,
    case_row,
    elsewhere_row,
    other_side,
    report_row,
    thing_of,
)

PAGE_SIZE = 25


def moderator_required(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """As `member_required`, and answer 403 to a member who is no moderator."""

    @wraps(view)
    @member_required
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not can_moderate(request.member):
            raise PermissionDenied("Only moderators see this.")
        return view(request, *args, **kwargs)

    return checked


@require_safe
@moderator_required
def queue(request: HttpRequest) -> HttpResponse:
    """Show the cases that wait, the oldest first, or those with an appeal, or those that are decided."""
    asked = request.GET.get("show", "")
    show = QueueView(asked) if asked in QueueView.values else QueueView.OPEN
    if show == QueueView.ELSEWHERE:
        return _elsewhere(request)
    page = Paginator(selectors.cases(show), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [case_row(each) for each in page],
        "show": show.value,
        "views": _views(show, page.paginator.count),
        "crumbs": _crumbs(request)[:-1],
    }
    return render(request, "moderation/queue.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@moderator_required
def case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Show what was said, what was reported and what was done; take a decision."""
    found = found_or_404(selectors.get_case(case_id))
    thing = selectors.reportable(found.kind, found.object_id)
    form = DecisionForm(request.POST or None, allowed=_allowed(request, found, is_gone=thing is None))
    if request.method == "POST" and form.is_valid() and _decided(request, found, form):
        return redirect("moderation:queue")
    history = selectors.recent_of(found.author_id) if found.author_id and not found.is_anonymous else []
    context = {
        "case": found,
        "noun": selectors.noun_of(found.kind),
        "author": author_of(found),
        "thing": thing_of(found, thing),
        "reports": [report_row(each) for each in selectors.reports_of(found)],
        "acts": act_rows(selectors.acts_of(found), request.member),
        "earlier": _earlier(request, found),
        "history": [each for each in history if each.object_id != found.object_id],
        "elsewhere": other_side(selectors.shared_reports_of(found), request.network.id),
        "may_decide": _may_decide(request, found),
        "form": form,
        "crumbs": _crumbs(request),
    }
    return render(request, "moderation/case.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@moderator_required
def take_back(request: HttpRequest, act_id: UUID) -> HttpResponse:
    """Ask why, then undo an act; a POST without a reason, as the button of a message is, only asks."""
    act = found_or_404(selectors.get_act(act_id))
    form = TakeBackForm(request.POST if "reason" in request.POST else None)
    if form.is_valid() and _taken_back(request, act, form):
        return redirect("moderation:case", act.case_id)
    context = {"form": form, "row": act_row(act, request.member), "crumbs": _crumbs(request, act.case)}
    return render(request, "moderation/take_back.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@moderator_required
def appeal(request: HttpRequest, appeal_id: UUID) -> HttpResponse:
    """Show an appeal with what it is about, and decide it."""
    found = found_or_404(selectors.get_appeal(appeal_id))
    form = AppealDecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _appeal_decided(request, found, form):
        return redirect("moderation:case", found.act.case_id)
    act = found_or_404(selectors.get_act(found.act_id))
    row = act_row(act, request.member)
    context = {
        "form": form,
        "row": row,
        "rows": [row],
        "thing": thing_of(act.case, selectors.reportable(act.case.kind, act.case.object_id)),
        "crumbs": _crumbs(request, act.case),
    }
    return render(request, "moderation/appeal.html", context, status=status_of(form))


@require_safe
@moderator_required
def log(request: HttpRequest) -> HttpResponse:
    """Show everything that moderators did, newest first."""
    page = Paginator(selectors.log(), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "rows": act_rows(page, request.member), "crumbs": _crumbs(request)}
    return render(request, "moderation/log.html", context)


def _elsewhere(request: HttpRequest) -> HttpResponse:
    """Show what members reported in the Collective, and how the networks concerned ended it."""
    reports = selectors.reports_elsewhere()
    people = members_by_account_ids([each.account_id for each in reports])
    context = {
        "rows": [elsewhere_row(each, people.get(each.account_id)) for each in reports],
        "views": _views(QueueView.ELSEWHERE, len(reports)),
        "crumbs": _crumbs(request)[:-1],
    }
    return render(request, "moderation/elsewhere.html", context)


def _decided(request: HttpRequest, found: Case, form: DecisionForm) -> bool:
    try:
        act = services.decide(found, **form.values(), by=request.member)
    except services.ModerationError as error:
        form.add_error(None, str(error))
        return False
    case_url = reverse("moderation:take_back", args=[act.id])
    say(
        request, f"{act.get_kind_display()}. The author and who reported it are told.", undo=case_url, label="Take back"
    )
    return True


def _taken_back(request: HttpRequest, act: Act, form: TakeBackForm) -> bool:
    try:
        undone = services.take_back(act, **form.cleaned_data, by=request.member)
    except services.ModerationError as error:
        form.add_error(None, str(error))
        return False
    say(request, f"{undone.get_kind_display()}. The author is told.")
    return True


def _appeal_decided(request: HttpRequest, found: Any, form: AppealDecisionForm) -> bool:
    is_granted = form.cleaned_data["decision"] == "grant"
    try:
        services.decide_appeal(found, is_granted=is_granted, reason=form.cleaned_data["reason"], by=request.member)
    except services.ModerationError as error:
        form.add_error(None, str(error))
        return False
    say(request, "Decided. The author and who acted are told.")
    return True


def _allowed(request: HttpRequest, found: Case, *, is_gone: bool) -> list[ActKind]:
    """Return the acts that this case leaves open."""
    allowed = [ActKind.LEFT] if is_gone else [ActKind.LEFT, ActKind.HIDDEN]
    if found.author is not None:
        allowed += [ActKind.EDIT_ASKED, ActKind.WARNED]
    return [*allowed, ActKind.SUSPENDED] if can_suspend(request.member, found.author) else allowed


def _may_decide(request: HttpRequest, found: Case) -> bool:
    others = selectors.has_other_moderators(request.member.id, found.author_id)
    return can_decide(request.member, found, has_others=others)


def _earlier(request: HttpRequest, found: Case) -> list[dict[str, Any]]:
    """Return what was done about the author before, in other cases."""
    if found.author is None or found.is_anonymous:
        return []
    acts = selectors.acts_about(found.author).exclude(case=found).exclude(case__is_anonymous=True)
    return act_rows(acts[:5], request.member)


def _views(show: QueueView, count: int) -> list[dict[str, Any]]:
    url = reverse("moderation:queue")
    return [
        {
            "label": view.label,
            "url": f"{url}?show={view.value}" if view.value else url,
            "current": view == show,
            "count": count if view == show else 0,
        }
        for view in QueueView
    ]


def _crumbs(request: HttpRequest, found: Case | None = None) -> list[tuple[str, str]]:
    desk = [("Organise", reverse("members:manage"))] if is_organiser(request.member) else []
    way = [*desk, ("Moderation", reverse("moderation:queue"))]
    return [*way, (found.title, reverse("moderation:case", args=[found.id]))] if found else way
