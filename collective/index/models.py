"""What a search index stores. The abstract models know no schema; the concrete ones are the Collective's.

An index is three tables: the documents with their terms, how many documents each term stands in, and the changes to
those figures that are not yet added up. Writers only ever add changes, so two of them never wait for each other over a
common word; reading adds up both tables and is exact.
"""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import connection, models

from tenants.models import SchemaBoundModel


class TermFigures(SchemaBoundModel):
    """How many documents have a term in a band, and how often it stands in them.

    The term "" stands for the documents themselves: their number, and the sum of their lengths.
    """

    id: Any = None
    term = models.TextField(db_collation="C")
    band = models.SmallIntegerField()
    documents = models.BigIntegerField()
    occurrences = models.BigIntegerField()

    class Meta(SchemaBoundModel.Meta):
        abstract = True


class TermStatistic(TermFigures):
    """Figures that have been added up."""

    pk = models.CompositePrimaryKey("term", "band")

    class Meta(TermFigures.Meta):
        abstract = True


class TermChange(TermFigures):
    """What one write adds to the figures, or takes away; `change_id` is one for all rows of a write."""

    pk = models.CompositePrimaryKey("term", "band", "change_id")
    change_id = models.UUIDField()

    class Meta(TermFigures.Meta):
        abstract = True


class IndexedDocument(SchemaBoundModel):
    """A document as it is found; `id` is the document's own.

    `tokens` are sorted and hold each term with its band (collective/index/text.py), `frequencies` says how often each
    stands in the document, a title's words counting more. `words` serves phrases, and says what the document
    adds to the figures.
    """

    statistics: ClassVar[type[TermStatistic]]
    changes: ClassVar[type[TermChange]]
    facets: ClassVar[dict[str, str]]
    """What results can be counted and narrowed by: a name, and the SQL of its value."""

    title = models.TextField()
    body = models.TextField(blank=True)
    extra_text = models.TextField(blank=True)
    tokens = ArrayField(models.BigIntegerField(), default=list)
    frequencies = ArrayField(models.SmallIntegerField(), default=list)
    length = models.IntegerField(default=0)
    words = SearchVectorField(null=True)
    published_at = models.DateTimeField()
    visible = models.BooleanField(default=True)

    class Meta(SchemaBoundModel.Meta):
        abstract = True

    @classmethod
    def tables(cls) -> dict[str, str]:
        """Return the names of the three tables, quoted."""
        models = {"documents": cls, "statistics": cls.statistics, "changes": cls.changes}
        return {name: connection.ops.quote_name(each._meta.db_table) for name, each in models.items()}


class PublicationTermStatistic(TermStatistic):
    """Figures of the terms of publications."""


class PublicationTermChange(TermChange):
    """Changes to the figures of the terms of publications."""


class PublicationEntry(IndexedDocument):
    """A publication as the portal finds it.

    `origin_id` is where it came from, for blocks, and is never shown; `network_id` is the network it is shown under,
    None when it is anonymous.
    """

    statistics = PublicationTermStatistic
    changes = PublicationTermChange
    facets: ClassVar[dict[str, str]] = {
        "kind": "kind",
        "network": "network_id",
        "category": "category",
        "answered": "CASE WHEN kind = 'question' OR is_answered THEN is_answered END",
        "phase": "phase",
        "year": "EXTRACT(year FROM published_at)::int",
    }

    kind = models.CharField(max_length=16)
    origin_id = models.UUIDField()
    network_id = models.UUIDField(null=True)
    category = models.CharField(max_length=60, blank=True)
    is_answered = models.BooleanField(default=False)
    phase = models.CharField(max_length=40, blank=True)

    class Meta(IndexedDocument.Meta):
        indexes = (
            GinIndex(fields=["tokens"], name="entry_tokens", fastupdate=False),
            models.Index(fields=["-published_at", "id"], name="entry_newest"),
            models.Index(fields=["network_id"], name="entry_by_network"),
            models.Index(fields=["origin_id"], name="entry_by_origin"),
            models.Index(fields=["category"], name="entry_by_category"),
        )

    def __str__(self) -> str:
        return self.title
