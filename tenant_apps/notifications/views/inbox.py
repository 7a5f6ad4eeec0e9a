"""The inbox of one network, with the way to the others', and the number on the bell."""

from collections.abc import Iterable
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.text import Truncator
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition, require_POST, require_safe

from shared_apps.mail.selectors import paused_addresses
from tenant_apps.members.permissions import member_required
from tenant_apps.notifications import selectors, services
from tenant_apps.notifications.enums import Kind
from tenant_apps.notifications.models import Notification

_PAGE = 30
_ICONS = {Kind.MENTION: "at", Kind.ANSWER: "check-lg", Kind.MODERATION: "flag", Kind.SHARING: "share"}


@require_safe
@member_required
def inbox(request: HttpRequest) -> HttpResponse:
    """List what this network has for the member, the unseen first; of other networks only how much waits there."""
    page = Paginator(selectors.inbox_of(request.member), _PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "notifications/inbox.html",
        {
            "groups": _groups(page),
            "page": page,
            "unseen": selectors.unseen_here(request),
            "elsewhere": selectors.elsewhere(request),
            "paused": paused_addresses([request.member.email]),
        },
    )


@require_POST
@member_required
def inbox_seen(request: HttpRequest) -> HttpResponse:
    """Mark some things in the inbox as seen, or everything."""
    if wanted := request.POST.getlist("notification"):
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


def _groups(notifications: Iterable[Notification]) -> list[dict]:
    """Put what was said of one thing under its title once, where the newest of it stands; seen and unseen apart."""
    groups: dict[tuple[bool, UUID], list[dict]] = {}
    for each in notifications:
        groups.setdefault((each.seen_at is None, each.news.about_id or each.news.id), []).append(_row(each))
    return [
        {"is_unseen": is_unseen, "rows": rows, "title": rows[0]["title"], "url": rows[-1]["url"]}
        for (is_unseen, _), rows in groups.items()
    ]


def _row(notification: Notification) -> dict:
    news = notification.news
    return {
        "id": notification.id,
        "icon": _ICONS.get(notification.kind, ""),
        "title": news.title,
        "line": news.by_name,
        "text": Truncator(news.text).chars(160),
        "url": news.path,
        "at": notification.created_at,
    }


def _ids(texts: list[str]) -> list[UUID]:
    try:
        return [UUID(text) for text in texts]
    except ValueError:
        return []
