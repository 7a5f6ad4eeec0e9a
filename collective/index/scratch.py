"""An empty index in a schema of its own, for measuring: made by the app's own migrations, dropped whatever happens."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.db.migrations.loader import MigrationLoader

from tenants.context import in_scratch_schema
from tenants.roles import as_owner


@contextmanager
def scratch_index() -> Iterator[None]:
    """Work in a schema that holds the tables of this app and nothing else."""
    with as_owner(), in_scratch_schema():
        _make_tables()
        yield


def _make_tables() -> None:
    loader = MigrationLoader(None)
    state = loader.project_state([])
    for key in loader.graph.forwards_plan(loader.graph.leaf_nodes("index")[0]):
        with connection.schema_editor(atomic=True) as editor:
            state = loader.graph.nodes[key].apply(state, editor)
