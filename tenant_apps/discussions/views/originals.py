"""The email that a post was, as it came, with what the page leaves out."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from shared_apps.core.finding import found_or_404
from tenant_apps.discussions import selectors
from tenant_apps.discussions.views.drawing import crumbs_of
from tenant_apps.discussions.views.loading import discussion_or_404, reply_or_404
from tenant_apps.members.permissions import member_required


@require_safe
@member_required
def original(request: HttpRequest, discussion_id: UUID, reply_id: UUID | None = None) -> HttpResponse:
    """Show, as plain text, what was sent; to who sent it and to moderators."""
    discussion = discussion_or_404(request, discussion_id)
    post = reply_or_404(request, discussion_id, reply_id) if reply_id else discussion
    email = found_or_404(selectors.original_email(post, request.member))
    context = {"email": email, "is_mine": post.author_id == request.member.id, "crumbs": crumbs_of(discussion)}
    return render(request, "discussions/original.html", context)
