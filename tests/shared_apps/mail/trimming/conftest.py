"""Nothing here needs the database."""

import pytest


@pytest.fixture(autouse=True)
def _empty_boxes() -> None:
    """Instead of the one that empties the tables of mail."""
