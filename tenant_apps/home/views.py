"""The front page of a network."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from collective.portal.selectors import way_here
from collective.publications.models import Publication
from shared_apps.core.when import WEEKDAYS, long_day
from tenant_apps.discussions.models import Discussion
from tenant_apps.discussions.selectors import LATEST
from tenant_apps.home.selectors import Front, front
from tenant_apps.members.models import Member
from tenant_apps.members.permissions import is_owner, member_required
from tenant_apps.setup.selectors import tasks_of

TASKS_SHOWN = 3


@require_safe
@member_required
def home(request: HttpRequest) -> HttpResponse:
    """Show what is new, what waits, and what other networks ask."""
    shown, now = front(request.member), timezone.localtime()
    tasks = tasks_of(request.member, request.network) if is_owner(request.member) else []
    context = {
        "tasks": [task for task in tasks if not task.done][:TASKS_SHOWN],
        "tasks_done": (done := sum(task.done for task in tasks)),
        "tasks_all": len(tasks),
        "tasks_words": f"{done} of {len(tasks)} done",
        "greeting": _greeting(now.hour, request.member.name),
        "sub": _state(now.date(), shown),
        "newest": [_row(each, request) for each in shown.newest],
        "unanswered": [_waiting(each, now.date()) for each in shown.unanswered],
        "elsewhere": [_away_row(each, request) for each in shown.elsewhere],
        "newcomers": [_person(each) for each in shown.newcomers],
        "member_words": "1 member" if shown.member_count == 1 else f"{shown.member_count:,} members",
        "collective": way_here(request),
    }
    return render(request, "home/home.html", context)


def _greeting(hour: int, name: str) -> str:
    part = "morning" if hour < 12 else "afternoon" if hour < 18 else "evening"
    return f"Good {part}, {name.split()[0]}"


def _state(today: date, shown: Front) -> str:
    """Return the line under the greeting: the day, what is new, and how much waits."""
    new = _counted(shown.unread_count, "discussion has something new", "discussions have something new")
    waits = _counted(shown.unanswered_count, "question waits for an answer", "questions wait for an answer")
    return " ".join(filter(None, (f"{WEEKDAYS[today.weekday()]} {long_day(today, today)}.", new, waits)))


def _counted(count: int, one: str, many: str) -> str:
    more = "+" if count >= LATEST else ""  # as far as they are counted
    return f"{count:,}{more} {one if count == 1 else many}." if count else ""


def _row(discussion: Discussion, request: HttpRequest) -> dict:
    return {
        "url": reverse("discussions:discussion_detail", args=[discussion.id]),
        "title": discussion.title,
        "state": {"answered": "answered", "unanswered": "question"}.get(discussion.state, "discussion"),
        "who": "You" if discussion.author_id == request.member.id else discussion.author_name,
        "category": discussion.category.name,
        "shared": discussion.is_shared,
        "replies": discussion.total_replies,
        "new": max(discussion.new_count, 1) if discussion.is_unread else 0,
        "at": discussion.last_activity_at,
    }


def _waiting(discussion: Discussion, today: date) -> dict:
    days = (today - timezone.localdate(discussion.created_at)).days
    waited = {0: "Asked today", 1: "Waiting since yesterday"}.get(days, f"Waiting {days} days")
    return {
        "url": reverse("discussions:discussion_detail", args=[discussion.id]),
        "title": discussion.title,
        "waited": waited,
        "replies": discussion.total_replies,
    }


def _away_row(publication: Publication, request: HttpRequest) -> dict:
    return {
        "url": way_here(request, f"/publications/{publication.id}/"),
        "title": publication.title,
        "state": "question",
        "origin": publication.shown_network or "Another network",
        "colour": publication.origin.colour if publication.shown_network else "",
        "category": publication.category,
        "replies": publication.shown_replies,
        "at": publication.shown_when,
    }


def _person(member: Member) -> dict:
    return {
        "name": member.shown_name,
        "line": member.headline_school or member.headline_job or "New here",
        "url": reverse("members:member_detail", args=[member.id]),
    }
