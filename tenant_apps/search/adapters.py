"""What search tells discussions: what is like the question that somebody is about to ask."""

from collective.publications.models import Publication
from tenant_apps.discussions.adapters import Similar
from tenant_apps.discussions.models import Discussion
from tenant_apps.search.selectors import similar_elsewhere, similar_here


def similar_to(words: str) -> list[Similar]:
    """Return what members of this network asked, then what other networks shared."""
    here = [_here(each) for each in similar_here(words)]
    return [*here, *(_elsewhere(each) for each in similar_elsewhere(words))]


def _here(discussion: Discussion) -> Similar:
    return Similar(
        id=discussion.id,
        title=discussion.title,
        is_answered=discussion.is_answered,
        replies=discussion.total_replies,
    )


def _elsewhere(publication: Publication) -> Similar:
    return Similar(
        id=publication.id,
        title=publication.title,
        is_answered=publication.is_answered,
        replies=publication.shown_replies,
        origin=publication.shown_network or publication.shown_region or "Another network",
        colour=publication.origin.colour if publication.shown_network else "",
    )
