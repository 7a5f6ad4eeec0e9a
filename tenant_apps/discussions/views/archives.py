"""The pages of mailing lists, for organisers: upload, see what would happen, bring it in, take it out again."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shared_apps.core.fields import status_of
from shared_apps.core.finding import found_or_404
from shared_apps.core.flash import say
from tenant_apps.discussions import selectors, services
from tenant_apps.discussions.enums import ArchiveState, DiscussionKind, Fate
from tenant_apps.discussions.forms import ArchiveForm
from tenant_apps.discussions.views.drawing import manage_crumb
from tenant_apps.members.permissions import organiser_required

_BADGES = {
    ArchiveState.PLANNED: "warn",
    ArchiveState.BROUGHT: "good",
    ArchiveState.FAILED: "bad",
    ArchiveState.UNDONE: "plain",
}
_MOVING = {
    ArchiveState.PLANNING: "Messages read",
    ArchiveState.BRINGING: "Messages brought in",
    ArchiveState.UNDOING: "Messages taken out",
}


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_required
def archive_list(request: HttpRequest) -> HttpResponse:
    """Upload an archive, and see those that were."""
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ArchiveForm(*posted, categories=selectors.categories())
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        archive = services.receive_archive(file.chunks(), name=file.name, category=form.chosen(), by=request.member)
        return redirect("discussions:archive_detail", archive.id)
    context = {
        "form": form,
        "archives": [(each, _BADGES.get(ArchiveState(each.state), "note")) for each in selectors.archives()],
        "crumbs": [manage_crumb()],
    }
    return render(request, "discussions/archive_list.html", context, status=status_of(form))


@require_safe
@organiser_required
def archive_detail(request: HttpRequest, archive_id: UUID) -> HttpResponse:
    """What would happen, how far it is, or what happened."""
    archive = found_or_404(selectors.get_archive(archive_id))
    context = {
        "archive": archive,
        "moving": _MOVING.get(ArchiveState(archive.state), ""),
        "badge": _BADGES.get(ArchiveState(archive.state), "note"),
        "crumbs": [manage_crumb(), ("Mailing lists", reverse("discussions:archive_list"))],
        **_drawn(archive.report),
    }
    return render(request, "discussions/archive_detail.html", context)


@require_POST
@organiser_required
def archive_bring(request: HttpRequest, archive_id: UUID) -> HttpResponse:
    """Bring in what was shown."""
    archive = found_or_404(selectors.get_archive(archive_id))
    try:
        services.start_bringing(archive, by=request.member)
    except services.DiscussionError as error:
        say(request, str(error), level=messages.ERROR)
    return redirect("discussions:archive_detail", archive_id)


@require_POST
@organiser_required
def archive_discard(request: HttpRequest, archive_id: UUID) -> HttpResponse:
    """Forget a file that was not brought in."""
    archive = found_or_404(selectors.get_archive(archive_id))
    try:
        services.discard_archive(archive, by=request.member)
    except services.DiscussionError as error:
        say(request, str(error), level=messages.ERROR)
        return redirect("discussions:archive_detail", archive_id)
    say(request, f"{archive.name} is deleted. Nothing of it was brought in.")
    return redirect("discussions:archive_list")


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_required
def archive_undo(request: HttpRequest, archive_id: UUID) -> HttpResponse:
    """Ask, then take out what an archive brought."""
    archive = found_or_404(selectors.get_archive(archive_id))
    if request.method != "POST":
        brought, kept = selectors.count_brought(archive), selectors.kept_of(archive).count()
        return render(request, "discussions/archive_undo.html", {"archive": archive, "brought": brought, "kept": kept})
    try:
        services.start_undoing(archive, by=request.member)
    except services.DiscussionError as error:
        say(request, str(error), level=messages.ERROR)
    return redirect("discussions:archive_detail", archive_id)


def _drawn(report: dict) -> dict:
    """What the page draws of a report."""
    if not report:
        return {"report": {}}
    counts = [(Fate(fate).label, count) for fate, count in report["counts"].items() if fate != Fate.BRINGS]
    return {
        "report": report,
        "begins": _time(report["from"]),
        "ends": _time(report["until"]),
        "left_out": counts,
        "examples": [each | {"why": Fate(each["fate"]).label} for each in report["left_out"]],
        "threads": [
            each | {"at": _time(each["date"]), "kind": DiscussionKind(each["kind"]).label} for each in report["threads"]
        ],
        "more_unmatched": report["unmatched_count"] - len(report["unmatched"]),
    }


def _time(iso: str) -> datetime | None:
    return datetime.fromisoformat(iso) if iso else None
