"""Finding what an address names."""

from uuid import UUID

from django.http import HttpRequest

from shared_apps.core.finding import found_or_404
from tenant_apps.discussions import selectors
from tenant_apps.discussions.models import Discussion, Reply


def discussion_or_404(request: HttpRequest, discussion_id: UUID) -> Discussion:
    return found_or_404(selectors.get_discussion(discussion_id, request.member))


def reply_or_404(request: HttpRequest, discussion_id: UUID, reply_id: UUID) -> Reply:
    return found_or_404(selectors.get_reply(reply_id, discussion_id, request.member))
