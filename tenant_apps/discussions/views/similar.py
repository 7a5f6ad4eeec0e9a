"""What is like a question that is being written: part of a page, asked for while somebody types its title."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import get_conditional_response, set_response_etag
from django.views.decorators.http import require_safe

from collective.portal.selectors import way_here
from tenant_apps.discussions import services
from tenant_apps.discussions.adapters import Similar, similar_to
from tenant_apps.members.permissions import member_required


@require_safe
@member_required
def discussion_similar(request: HttpRequest) -> HttpResponse:
    """Show what is like a title; nothing while the title is short, or for who asks faster than people type.

    Typing on seldom changes what is like it: then 304 leaves the page and who reads it in peace.
    """
    try:
        services.check_comparing(by=request.member)
    except services.TooSoonError:
        return HttpResponse("", status=429)
    answer = render(request, "discussions/_similar.html", {"similar": like(request.GET.get("q", ""), request)})
    answer["Cache-Control"] = "private, no-store"
    set_response_etag(answer)
    return get_conditional_response(request, etag=answer.get("ETag"), response=answer)


def like(title: str, request: HttpRequest) -> list[dict]:
    """Return what the pages draw of what is like a title."""
    return [{"url": _url(each, request), "found": each} for each in similar_to(title)]


def _url(found: Similar, request: HttpRequest) -> str:
    if found.origin:
        return way_here(request, f"/publications/{found.id}/")
    return reverse("discussions:discussion_detail", args=[found.id])
