"""Measures the quality of the ranking on a collection in BEIR's layout, with the product's own code.

nDCG (Järvelin and Kekäläinen, 2002) with linear gains and a logarithmic discount, as trec_eval and BEIR compute it.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import log2
from pathlib import Path
from statistics import fmean, quantiles
from time import perf_counter
from typing import Any
from uuid import UUID

from collective.index import services
from collective.index.matching import CAP, rank
from collective.index.models import PublicationEntry
from collective.index.questions import read_question
from collective.index.selectors import search
from tenants.ids import new_id

BATCH = 200
SHOWN = 20

Progress = Callable[[str], None]


class CollectionError(Exception):
    """A collection cannot be read; the message names the file and the line."""


@dataclass(frozen=True, slots=True)
class Collection:
    """Documents, queries by their ids, and how relevant (1 and more) each document is to each query."""

    documents: Sequence[Mapping[str, str]]
    queries: Mapping[str, str]
    relevant: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Means over the queries; times in milliseconds are those of a whole page of results."""

    ndcg: float
    mean_average_precision: float
    recall: float
    p50: float
    p95: float
    queries: int

    def __str__(self) -> str:
        """Return the one line that scripts read."""
        return (
            f"ndcg@10={self.ndcg:.4f} map={self.mean_average_precision:.4f} recall@100={self.recall:.4f} "
            f"p50_ms={self.p50:.1f} p95_ms={self.p95:.1f} queries={self.queries}"
        )


def read_collection(folder: Path) -> Collection:
    """Read corpus.jsonl, queries.jsonl and qrels.tsv; raises CollectionError."""
    if not folder.is_dir():
        raise CollectionError(f"{folder} is not a folder.")
    documents = list(_json_lines(folder / "corpus.jsonl"))
    queries = {row["_id"]: row["text"] for row in _json_lines(folder / "queries.jsonl")}
    return Collection(documents, queries, _judgements(_relevance_file(folder)))


def evaluate(collection: Collection, *, on_progress: Progress = lambda _: None) -> Evaluation:
    """Index a collection in the current schema, which must be empty, and ask every query that has judgements."""
    names = _index(collection.documents, on_progress)
    asked = [
        (text, judged)
        for query, text in collection.queries.items()
        if (judged := {doc: grade for doc, grade in collection.relevant.get(query, {}).items() if grade > 0})
    ]
    if not asked:
        raise CollectionError("No query has a relevant document.")
    scores, times = [], []
    for number, (text, judged) in enumerate(asked, start=1):
        times.append(_page_time(text))
        ranked = rank(read_question(text, model=PublicationEntry), model=PublicationEntry, limit=CAP)
        found = [names[each] for each, _ in ranked.best]
        scores.append((ndcg(found, judged), average_precision(found, judged), recall(found, judged)))
        if number % 100 == 0 or number == len(asked):
            on_progress(f"asked {number:,} of {len(asked):,} queries")
    ndcgs, precisions, recalls = zip(*scores, strict=True)
    p50, p95 = _percentiles(times)
    return Evaluation(fmean(ndcgs), fmean(precisions), fmean(recalls), p50, p95, len(asked))


def ndcg(found: Sequence[str], judged: Mapping[str, int], *, depth: int = 10) -> float:
    """Return the discounted gain of the first documents, divided by the best possible."""
    gains = [judged.get(document, 0) for document in found[:depth]]
    return _discounted(gains) / _discounted(sorted(judged.values(), reverse=True)[:depth])


def average_precision(found: Sequence[str], judged: Mapping[str, int]) -> float:
    """Return the mean, over the relevant documents, of the precision where each is found."""
    places = [place for place, document in enumerate(found, start=1) if document in judged]
    return sum(number / place for number, place in enumerate(places, start=1)) / len(judged)


def recall(found: Sequence[str], judged: Mapping[str, int], *, depth: int = 100) -> float:
    """Return the share of the relevant documents among the first."""
    return len(judged.keys() & set(found[:depth])) / len(judged)


def _discounted(gains: Sequence[int]) -> float:
    return sum(gain / log2(place + 1) for place, gain in enumerate(gains, start=1))


def _index(documents: Sequence[Mapping[str, str]], on_progress: Progress) -> dict[UUID, str]:
    """Index the documents and return their names in the collection by their ids in the index."""
    names: dict[UUID, str] = {}
    for start in range(0, len(documents), BATCH):
        batch = [(new_id(), row) for row in documents[start : start + BATCH]]
        names.update((document_id, row["_id"]) for document_id, row in batch)
        services.index_documents([_document(*each) for each in batch], model=PublicationEntry)
        if start % (BATCH * 5) == 0 or len(names) == len(documents):
            on_progress(f"indexed {len(names):,} of {len(documents):,} documents")
    services.fold_statistics(model=PublicationEntry)
    services.analyse_tables(model=PublicationEntry)
    return names


def _document(document_id: UUID, row: Mapping[str, str]) -> services.Document:
    return services.Document(
        id=document_id,
        title=row.get("title") or "",
        body=row["text"],
        published_at=datetime(2026, 1, 1, tzinfo=UTC),
        facets={"kind": "discussion", "origin_id": document_id},
    )


def _page_time(text: str) -> float:
    started = perf_counter()
    search(text, limit=SHOWN)
    return 1_000 * (perf_counter() - started)


def _percentiles(times: Sequence[float]) -> tuple[float, float]:
    cuts = quantiles(times, n=100, method="inclusive") if len(times) > 1 else [times[0]] * 99
    return cuts[49], cuts[94]


def _json_lines(path: Path) -> Iterator[dict[str, Any]]:
    for number, line in _lines(path):
        try:
            row = json.loads(line)
        except ValueError:
            raise CollectionError(f"{path.name}, line {number}: this is not JSON.") from None
        if not isinstance(row, dict) or not isinstance(row.get("_id"), str) or not isinstance(row.get("text"), str):
            raise CollectionError(f"{path.name}, line {number}: expected an object with the texts _id and text.")
        if not isinstance(row.get("title") or "", str):
            raise CollectionError(f"{path.name}, line {number}: the title is not a text.")
        yield row


def _relevance_file(folder: Path) -> Path:
    """Return qrels.tsv, or where BEIR's own archives keep it."""
    return next(
        (path for path in (folder / "qrels.tsv", folder / "qrels" / "test.tsv") if path.is_file()), folder / "qrels.tsv"
    )


def _judgements(path: Path) -> dict[str, dict[str, int]]:
    judged: dict[str, dict[str, int]] = {}
    for number, line in _lines(path):
        columns = line.split("\t")
        if number == 1 and not columns[-1].strip().lstrip("-").isdigit():
            continue  # the header
        try:
            query, document, grade = columns[0], columns[-2], int(columns[-1])
        except (IndexError, ValueError):
            raise CollectionError(f"{path.name}, line {number}: expected query, document and a whole number.") from None
        judged.setdefault(query, {})[document] = grade
    return judged


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the lines that are not empty, with their numbers."""
    try:
        with path.open(encoding="utf-8-sig") as lines:
            yield from ((number, line.rstrip("\r\n")) for number, line in enumerate(lines, start=1) if line.strip())
    except OSError as error:
        raise CollectionError(f"{path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise CollectionError(f"{path} is not UTF-8 text.") from None
