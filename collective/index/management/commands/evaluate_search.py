"""manage.py evaluate_search DIR"""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from collective.index.evaluation import CollectionError, evaluate, read_collection
from collective.index.scratch import scratch_index


class Command(BaseCommand):
    """Indexes a collection in a schema of its own, asks its queries, and drops the schema again."""

    help = (
        "Measure the search on a collection in BEIR's layout: a folder with corpus.jsonl (_id, title, text), "
        "queries.jsonl (_id, text) and qrels.tsv (query, document, grade). No existing data is read or changed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", metavar="DIR", type=Path, help="the folder of the collection")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        try:
            collection = read_collection(folder)
            self._report(f"read {len(collection.documents):,} documents and {len(collection.queries):,} queries")
            with scratch_index():
                evaluation = evaluate(collection, on_progress=self._report)
        except CollectionError as error:
            raise CommandError(str(error)) from None
        except KeyboardInterrupt:
            raise CommandError("Stopped; the scratch schema is gone.", returncode=130) from None
        self.stdout.write(str(evaluation))

    def _report(self, line: str) -> None:
        self.stderr.write(line)
        self.stderr.flush()
