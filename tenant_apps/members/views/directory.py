"""The directory of members, and one member."""

from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from tenant_apps.members import permissions, selectors
from tenant_apps.members.forms import DirectoryForm
from tenant_apps.members.permissions import member_required

PAGE_SIZE = 30


@require_safe
@member_required
def member_list(request: HttpRequest) -> HttpResponse:
    """Everybody who is active, searched and filtered."""
    wanted = DirectoryForm(request.GET).wanted()
    page = Paginator(selectors.directory(**wanted), PAGE_SIZE).get_page(request.GET.get("page"))
    context = wanted | {
        "page": page,
        "keep": [("phase", wanted["phase"])] if wanted["phase"] else [],
        "phase_views": _phase_views(**wanted),
    }
    return render(request, "members/member_list.html", context)


@require_safe
@member_required
def member_detail(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """One member who is active."""
    member = selectors.get_member(member_id)
    if not permissions.is_active(member):
        raise Http404
    context = {
        "crumbs": [("Members", reverse("members:member_list"))],
        "headline": ", ".join(filter(None, (member.job_title, member.school_name))),
        "member": member,
        "postings": selectors.postings_of(member),
        "is_me": permissions.can_edit_profile(request.member, member),
    }
    return render(request, "members/member_detail.html", context)


def _phase_views(*, search: str, phase: str) -> list[dict[str, object]]:
    """Return the phases as views of the list; one phase alone is nothing to choose from."""
    phases = selectors.phases()
    views = ["", *phases] if len(phases) > 1 else []
    return [{"label": each or "All", "url": _address(search, each), "current": each == phase} for each in views]


def _address(search: str, phase: str) -> str:
    query = {key: value for key, value in (("q", search), ("phase", phase)) if value}
    return f"?{urlencode(query)}"
