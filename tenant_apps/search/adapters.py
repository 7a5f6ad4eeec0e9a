"""What search tells discussions: what is like the question that somebody is about to ask."""

from django.http import HttpRequest
from django.urls import reverse

from collective.portal.selectors import way_here
from collective.publications.models import Publication
from tenant_apps.discussions.adapters import Similar
from tenant_apps.discussions.models import Discussion
from tenant_apps.search.selectors import similar_elsewhere, similar_here


def similar_to(words: str, request: HttpRequest) -> list[Similar]:
    """Return what members of this network asked, then what other networks shared."""
    here = [_here(each) for each in similar_here(words)]
    return [*here, *(_elsewhere(each, request) for each in similar_elsewhere(words))]


def _here(discussion: Discussion) -> Similar:
    return Similar(
        title=discussion.title,
        url=reverse("discussions:discussion_detail", args=[discussion.id]),
        is_answered=discussion.is_answered,
        replies=discussion.total_replies,
    )


def _elsewhere(publication: Publication, request: HttpRequest) -> Similar:
    return Similar(
        title=publication.title,
        url=way_here(request, f"/publications/{publication.id}/"),
        is_answered=publication.is_answered,
        replies=publication.shown_replies,
        origin=publication.shown_network or publication.shown_region or "Another network",
        colour=publication.origin.colour if publication.shown_network else "",
    )
