"""Queries that Django writes once in a process: to write one takes it longer than PostgreSQL to answer it.

A statement is an ordinary queryset of named values. What it reads, it reads in the schema in which it is run.
"""

from collections.abc import Callable
from copy import copy
from functools import cached_property, partial
from typing import Any, NamedTuple

from django.db import connections
from django.db.models import QuerySet
from django.db.models.sql.compiler import SQLCompiler

from tenants.context import current_schema


class Statement[Row]:
    """A queryset to be run often. `write` makes it of stand-ins, one for each value, unlike all else in it.

    Only values that are compared belong in it: what decides which conditions there are, such as None, is another
    statement. The rows are those of the queryset: instances, dictionaries or tuples.
    """

    def __init__(self, write: Callable[..., "QuerySet[Any, Row]"], **stand_ins: Any) -> None:
        self._write, self._stand_ins = write, stand_ins

    def rows(self, **values: Any) -> list[Row]:
        """Return the rows, read with these values in place of the stand-ins."""
        queryset, compiler, sql, parameters = self._written
        found = tuple(values[each.name] if isinstance(each, _Named) else each for each in parameters)
        compiler, fresh = copy(compiler), queryset.all()
        vars(compiler).update(connection=connections[fresh.db], as_sql=lambda *_, **__: (sql, found))
        vars(fresh.query).update(schema=current_schema(), get_compiler=lambda *_, **__: compiler)
        return list(fresh)

    def first(self, **values: Any) -> Row | None:
        """Return the first row, or None."""
        return next(iter(self.rows(**values)), None)

    @cached_property
    def _written(self) -> tuple["QuerySet[Any, Row]", SQLCompiler, str, tuple[Any, ...]]:
        queryset = self._write(**self._stand_ins)
        compiler = queryset.query.get_compiler(queryset.db)
        sql, written = compiler.as_sql()
        parameters = tuple(map(partial(_named, stand_ins=self._stand_ins), written))
        missing = self._stand_ins.keys() - {each.name for each in parameters if isinstance(each, _Named)}
        if missing:
            raise UnusedValueError(f"{', '.join(sorted(missing))} is nowhere in {sql}")
        return queryset, compiler, sql, parameters


class UnusedValueError(Exception):
    """A statement is written without one of its values, which would then mean nothing."""


class _Named(NamedTuple):
    name: str


def _named(written: Any, stand_ins: dict[str, Any]) -> Any:
    found = (name for name, value in stand_ins.items() if type(value) is type(written) and value == written)
    name = next(found, None)
    return written if name is None else _Named(name)
