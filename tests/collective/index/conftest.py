"""The Collective's schema, and documents of three networks in it."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from collective.index import services
from collective.index.models import PublicationEntry
from tenants.context import in_collective
from tenants.ids import new_id

ALDER, BIRCH, CEDAR = (UUID(int=number) for number in (1, 2, 3))
DAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def collective(db):
    """Be in the Collective's schema."""
    with in_collective():
        yield


@pytest.fixture
def put(collective):
    """Put a document into the index and return its id."""

    def put(title: str, body: str = "", **given):
        document_id = given.pop("document_id", None) or new_id()
        facts = {
            "kind": "discussion",
            "origin_id": ALDER,
            "network_id": given.get("origin_id", ALDER),
            "published_at": DAY,
        }
        services.index_document(
            model=PublicationEntry, document_id=document_id, title=title, body=body, **{**facts, **given}
        )
        return document_id

    return put
