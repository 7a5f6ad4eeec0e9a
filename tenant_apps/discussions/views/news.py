"""Whether there is something new in a discussion that lies open; cheap, because open pages ask often."""

from http import HTTPStatus
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from tenant_apps.discussions.views.loading import discussion_or_404
from tenant_apps.members.permissions import member_required


@require_safe
@member_required
def discussion_news(request: HttpRequest, discussion_id: UUID) -> HttpResponse:
    """Say how many replies came after the first `after`: 204 for none, 304 for no more than it said before."""
    total = discussion_or_404(request, discussion_id).total_replies
    after = request.GET.get("after", "")
    new = total - int(after) if after.isascii() and after.isdigit() and len(after) < 9 else 0
    etag = f'"{total}"'
    headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
    if request.headers.get("If-None-Match") == etag:
        return HttpResponse(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    if new <= 0:
        return HttpResponse(status=HTTPStatus.NO_CONTENT, headers=headers)
    words = "1 new reply" if new == 1 else f"{new:,} new replies"
    return JsonResponse({"new": new, "total": total, "words": words}, headers=headers)
