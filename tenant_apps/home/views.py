"""The front page of a network."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from collective.publications.models import Publication
from tenant_apps.discussions.models import Discussion
from tenant_apps.home.selectors import front
from tenant_apps.members.permissions import member_required
from tenant_apps.members.selectors import branding_of
from tenants.models import Network
from tenants.selectors import to_collective


@require_GET
@member_required
def home(request: HttpRequest) -> HttpResponse:
    """Show what is new, what waits, and what other networks ask."""
    shown = front(request.member)
    context = {
        "greeting": _greeting(timezone.localtime().hour, request.member.name),
        "branding": branding_of(request.network),
        "newest": [_row(each) for each in shown.newest],
        "unanswered": [_row(each) for each in shown.unanswered],
        "elsewhere": [_away_row(each, request.network) for each in shown.elsewhere],
        "collective": to_collective(request.network),
    }
    return render(request, "home/home.html", context)


def _greeting(hour: int, name: str) -> str:
    part = "morning" if hour < 12 else "afternoon" if hour < 18 else "evening"
    return f"Good {part}, {name.split()[0]}"


def _row(discussion: Discussion) -> dict:
    return {
        "url": reverse("discussions:discussion_detail", args=[discussion.id]),
        "title": discussion.title,
        "state": {"answered": "answered", "unanswered": "question"}.get(discussion.state, "discussion"),
        "who": discussion.author.shown_name,
        "category": discussion.category.name,
        "shared": discussion.is_shared,
        "replies": discussion.total_replies,
        "new": max(discussion.new_count, 1) if discussion.is_unread else 0,
        "at": discussion.last_activity_at,
    }


def _away_row(publication: Publication, network: Network) -> dict:
    return {
        "url": to_collective(network, f"/publications/{publication.id}/"),
        "title": publication.title,
        "state": "question",
        "origin": publication.shown_network or "Another network",
        "colour": publication.origin.colour if publication.shown_network else "",
        "category": publication.category,
        "replies": publication.reply_count,
        "at": publication.shown_at,
    }
