"""Running `manage.py evaluate_search` and reading what it prints."""

import re
from io import StringIO
from pathlib import Path

from django.core.management import call_command

OWN = Path(__file__).parent / "collection"
SHARED = Path(__file__).parents[4] / "shared" / "data" / "search"
LINE = re.compile(
    r"ndcg@10=(0\.\d{4}) map=(0\.\d{4}) recall@100=([01]\.\d{4}) p50_ms=\d+\.\d p95_ms=\d+\.\d queries=(\d+)"
)


def evaluate(folder: Path) -> tuple[str, str]:
    """Run the command and return what it printed to each stream."""
    out, progress = StringIO(), StringIO()
    call_command("evaluate_search", str(folder), stdout=out, stderr=progress)
    return out.getvalue(), progress.getvalue()
