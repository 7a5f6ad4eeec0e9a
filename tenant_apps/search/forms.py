"""What an address asks for; what cannot be read narrows nothing."""

from uuid import UUID

from django.http import QueryDict

from tenant_apps.search.enums import EntryKind
from tenant_apps.search.selectors import Filters

FACETS = ("kind", "answered", "category", "year", "author")


def chosen_filters(chosen: QueryDict) -> Filters:
    """Return what to narrow by."""
    return Filters(
        kind=[each for each in chosen.getlist("kind") if each in EntryKind],
        answered=[each == "yes" for each in chosen.getlist("answered") if each in ("yes", "no")],
        category=_uuids(chosen.getlist("category")),
        author=_uuids(chosen.getlist("author")),
        year=[int(each) for each in chosen.getlist("year") if each.isascii() and each.isdecimal() and len(each) == 4],
    )


def _uuids(texts: list[str]) -> list[UUID]:
    found = []
    for text in texts[:100]:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found
