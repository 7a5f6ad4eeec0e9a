"""A network's own search index, over the engine of collective/index; its tables are in the network's schema."""

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models

from collective.index.models import IndexedDocument, TermChange, TermStatistic
from tenant_apps.search.enums import EntryKind


class SearchTermStatistic(TermStatistic):
    """Figures of the terms of this network alone: no ranking depends on what another network wrote."""


class SearchTermChange(TermChange):
    """Changes to the figures of the terms of this network."""


class SearchEntry(IndexedDocument):
    """A discussion with its replies and files, a member, or a supplier with its recommendations.

    Its id is that of the thing. Only what every member may see has an entry. `author_id` is None for a question asked
    without a name, so that no filter finds who asked.
    """

    statistics = SearchTermStatistic
    changes = SearchTermChange
    facets: ClassVar[dict[str, str]] = {
        "kind": "kind",
        "category": "category_id",
        "answered": "CASE WHEN kind = 'question' THEN is_answered END",
        "author": "author_id",
        "year": "CASE WHEN kind IN ('question', 'discussion') THEN EXTRACT(year FROM published_at)::int END",
    }

    kind = models.CharField(max_length=12, choices=EntryKind)
    category_id = models.UUIDField(null=True)
    author_id = models.UUIDField(null=True)
    is_answered = models.BooleanField(default=False)

    class Meta(IndexedDocument.Meta):
        verbose_name_plural = "search entries"
        indexes = (
            GinIndex(fields=["tokens"], name="search_tokens", fastupdate=False),
            models.Index(fields=["-published_at", "id"], name="search_newest"),
        )

    def __str__(self) -> str:
        return self.title
