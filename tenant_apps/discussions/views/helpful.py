"""Saying that something helped."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from tenant_apps.discussions import services
from tenant_apps.discussions.selectors import place_of_reply
from tenant_apps.discussions.views.loading import discussion_or_404, reply_or_404
from tenant_apps.members.permissions import member_required


@require_POST
@member_required
def post_helpful(request: HttpRequest, discussion_id: UUID, reply_id: UUID | None = None) -> HttpResponse:
    """Say that a discussion's opening or a reply helped, or take it back."""
    discussion = discussion_or_404(request, discussion_id)
    reply = reply_or_404(request, discussion_id, reply_id) if reply_id else None
    try:
        is_helpful = request.POST.get("helpful") == "true"
        services.find_helpful(discussion, reply, is_helpful=is_helpful, by=request.member)
    except services.NotAllowedError as error:
        raise Http404 from error
    place = place_of_reply(discussion, reply_id) if reply_id else "#question"
    return redirect(f"{reverse('discussions:discussion_detail', args=[discussion_id])}{place}")
