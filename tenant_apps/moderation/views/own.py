"""What was done about one's own posts, and what became of one's own reports."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from shared_apps.core.fields import status_of
from shared_apps.core.flash import say
from tenant_apps.members.permissions import member_required
from tenant_apps.moderation import selectors, services
from tenant_apps.moderation.forms import AppealForm
from tenant_apps.moderation.models import Act
from tenant_apps.moderation.permissions import can_appeal
from tenant_apps.moderation.views.drawing import act_row, act_rows, elsewhere_row, own_report_row, thing_of

PAGE_SIZE = 25


@require_safe
@member_required
def mine(request: HttpRequest) -> HttpResponse:
    """Show what moderators did about what one wrote, and how one's own reports ended."""
    page = Paginator(selectors.acts_about(request.member), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": act_rows(page, request.member),
        "reports": [own_report_row(each) for each in selectors.own_reports(request.member)[:50]],
        "elsewhere": [elsewhere_row(each, None) for each in selectors.own_reports_elsewhere(request.member)],
    }
    return render(request, "moderation/mine.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def own_act(request: HttpRequest, act_id: UUID) -> HttpResponse:
    """Show what was done about one thing one wrote, and take an appeal."""
    act = selectors.get_act(act_id)
    if act is None or act.about_id != request.member.id:
        raise Http404
    form = AppealForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _appealed(request, act, form):
        return redirect("moderation:own_act", act_id)
    row = act_row(act, request.member)
    context = {
        "form": form,
        "row": row,
        "rows": [row],
        "thing": thing_of(act.case, selectors.reportable(act.case.kind, act.case.object_id)),
        "may_appeal": can_appeal(request.member, act) and not row["is_undone"] and row["appeal"] is None,
        "crumbs": [("Your reports and appeals", reverse("moderation:mine"))],
    }
    return render(request, "moderation/own_act.html", context, status=status_of(form))


def _appealed(request: HttpRequest, act: Act, form: AppealForm) -> bool:
    try:
        services.appeal(act, words=form.cleaned_data["words"], by=request.member)
    except services.ModerationError as error:
        form.add_error(None, str(error))
        return False
    say(request, "Your appeal is with the moderators. You get an email when it is decided.")
    return True
