"""Completing a name after @ while somebody writes."""

import time

from django.core.cache import caches
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from shared_apps.core.views import too_many
from tenant_apps.members import selectors
from tenant_apps.members.models import Member
from tenant_apps.members.permissions import member_required

MOST_IN_A_MINUTE = 120  # of one member in one process: a quick writer asks for some thirty


@require_safe
@member_required
def member_suggest(request: HttpRequest) -> HttpResponse:
    """Return up to eight people, schools and roles whose name begins with, or holds a word that begins with, `q`."""
    if _asks_too_often(request.member):
        return too_many(request)
    wanted = request.GET.get("q", "").replace("\x00", "")[:60]
    answer = JsonResponse({"results": selectors.names_like(wanted)})
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _asks_too_often(member: Member) -> bool:
    cache, key = caches["network"], f"members.suggest.{member.id}.{int(time.time() // 60)}"
    asked = cache.get(key, 0) + 1
    cache.set(key, asked, 60)
    return asked > MOST_IN_A_MINUTE
