"""The inbox of one network, with the way to the others', and the number on the bell."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition, require_POST, require_safe

from shared_apps.mail.selectors import paused_addresses
from tenant_apps.members.permissions import member_required
from tenant_apps.notifications import selectors, services
from tenant_apps.notifications.models import Notification

_PAGE = 30


@require_safe
@member_required
def inbox(request: HttpRequest) -> HttpResponse:
    """List what this network has for the member, the unseen first; of other networks only how much waits there."""
    page = Paginator(selectors.inbox_of(request.member), _PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "notifications/inbox.html",
        {
            "rows": [_row(each) for each in page],
            "page": page,
            "unseen": selectors.unseen_here(request),
            "elsewhere": selectors.elsewhere(request),
            "paused": paused_addresses([request.member.email]),
        },
    )


@require_POST
@member_required
def inbox_seen(request: HttpRequest) -> HttpResponse:
    """Mark one thing in the inbox as seen, or everything."""
    if wanted := request.POST.get("notification"):
        services.mark_seen(request.member, _ids(wanted))
    else:
        services.mark_all_seen(request.member)
    return redirect("notifications:inbox")


@require_safe
@member_required
@cache_control(private=True, no_cache=True)
@condition(etag_func=lambda request: f'W/"{selectors.unseen_everywhere(request)}"')
def inbox_count(request: HttpRequest) -> HttpResponse:
    """Say how much waits, in all the person's networks; who asks with the last answer's ETag gets 304."""
    return JsonResponse({"unseen": selectors.unseen_everywhere(request)})


def _row(notification: Notification) -> dict:
    news = notification.news
    return {
        "id": notification.id,
        "kind": notification.kind,
        "title": news.title,
        "line": news.by_name,
        "text": news.text[:200],
        "url": news.path,
        "at": notification.created_at,
        "is_unseen": notification.seen_at is None,
    }


def _ids(text: str) -> list[UUID]:
    try:
        return [UUID(text)]
    except ValueError:
        return []
