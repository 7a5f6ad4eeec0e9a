"""How well search finds in the larger collections; the smaller ones are asked in every run of the tests."""

import pytest

from tests.benchmarks.reports import Table
from tests.collective.index.evaluating import LINE, SHARED, evaluate

pytestmark = [pytest.mark.benchmark, pytest.mark.django_db]

REACHED = {"se-beer": 0.52, "se-bicycles-meta": 0.38}


@pytest.mark.parametrize("name", [name for name in REACHED if (SHARED / name).is_dir()])
def test_search_reaches_what_it_has_reached(name, report):
    """The ratio is to what this ranking reached when it was measured, less a little."""
    printed, _ = evaluate(SHARED / name)

    ndcg = float(LINE.fullmatch(printed.strip())[1])
    table = Table(f"search in {name}", ["", "ndcg@10", "of what it reached"])
    table.add("BM25 in PostgreSQL", f"{ndcg:.4f}", f"{ndcg / REACHED[name]:.2f} ×")
    report(table)
    assert ndcg >= REACHED[name]
