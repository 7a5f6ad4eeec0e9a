"""What is like a question that is being written: part of a page, asked for while somebody types its title."""

from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response, set_response_etag
from django.views.decorators.http import require_safe

from tenant_apps.discussions.adapters import Similar, similar_to
from tenant_apps.discussions.services import MAX_TITLE_LENGTH
from tenant_apps.members.models import Member
from tenant_apps.members.permissions import member_required

SHORTEST = 8
"""Characters of a title that say something."""
MOST_IN_A_MINUTE = 40


@require_safe
@member_required
def discussion_similar(request: HttpRequest) -> HttpResponse:
    """Show what is like a title; nothing while the title is short, or for who asks faster than people type.

    Typing on seldom changes what is like it: then 304 leaves the page and who reads it in peace.
    """
    title = request.GET.get("q", "").replace("\x00", "").strip()[:MAX_TITLE_LENGTH]
    if len(title) >= SHORTEST and _asks_too_often(request.member):
        return HttpResponse("", status=429)
    answer = render(request, "discussions/_similar.html", {"similar": like(title, request)})
    answer["Cache-Control"] = "private, no-store"
    set_response_etag(answer)
    return get_conditional_response(request, etag=answer.get("ETag"), response=answer)


def like(title: str, request: HttpRequest) -> list[Similar]:
    """Return what is like a title that says something."""
    return similar_to(title, request) if len(title) >= SHORTEST else []


def _asks_too_often(member: Member) -> bool:
    cache, key = caches["network"], f"discussions.similar:{member.id}"
    cache.add(key, 0, timeout=60)
    try:
        return cache.incr(key) > MOST_IN_A_MINUTE
    except ValueError:  # the minute ended, or the cache made room, between the two
        return False
