"""Finding what an address names."""

from uuid import UUID

from django.http import Http404, HttpRequest

from tenant_apps.discussions import selectors
from tenant_apps.discussions.models import Discussion, Reply


def discussion_or_404(request: HttpRequest, discussion_id: UUID) -> Discussion:
    discussion = selectors.get_discussion(discussion_id, request.member)
    if discussion is None:
        raise Http404
    return discussion


def reply_or_404(request: HttpRequest, discussion_id: UUID, reply_id: UUID) -> Reply:
    reply = selectors.get_reply(reply_id, discussion_id, request.member)
    if reply is None:
        raise Http404
    return reply
