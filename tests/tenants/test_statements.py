"""A statement is written once, and reads what its queryset would, in the schema where it is run."""

from uuid import UUID

import pytest

from tenant_apps.discussions.models import Discussion
from tenants.context import WrongSchemaError, in_network
from tenants.statements import Statement, UnusedValueError
from tests.builders.discussions import make_discussion
from tests.builders.members import make_member

ANY = UUID(int=1)


def of_author(author_id: UUID):
    return Discussion.objects.filter(author_id=author_id, kind="question").select_related("author").order_by("title")


def test_rows_are_those_of_the_queryset(alder, django_assert_num_queries):
    statement = Statement(of_author, author_id=ANY)
    first, second = make_member(alder, name="First"), make_member(alder, name="Second")
    with in_network(alder):
        for title in ("Boilers", "Awnings"):
            make_discussion(first, title=title)
        make_discussion(second, title="Catering")

        with django_assert_num_queries(2):
            found = [statement.rows(author_id=each.id) for each in (first, second)]
            names = [(each.title, each.author.name) for rows in found for each in rows]

        assert found == [list(of_author(first.id)), list(of_author(second.id))]
        assert names == [("Awnings", "First"), ("Boilers", "First"), ("Catering", "Second")]
        assert statement.first(author_id=ANY) is None


def test_rows_of_tuples_and_dictionaries(alder):
    reader = make_member(alder)
    with in_network(alder):
        make_discussion(reader, title="Boilers")
        titles = Statement(lambda author_id: of_author(author_id).values_list("title", flat=True), author_id=ANY)
        named = Statement(lambda author_id: of_author(author_id).values("title", "author__name"), author_id=ANY)

        assert titles.rows(author_id=reader.id) == ["Boilers"]
        assert named.rows(author_id=reader.id) == [{"title": "Boilers", "author__name": reader.name}]


def test_rows_are_of_the_schema_where_it_is_run(alder, birch):
    statement = Statement(lambda kind: Discussion.objects.filter(kind=kind), kind="any kind")
    for network in (alder, birch):
        writer = make_member(network)
        with in_network(network):
            make_discussion(writer, title=f"Of {network.subdomain}")

    found = {}
    for network in (alder, birch):
        with in_network(network):
            found[network.subdomain] = statement.rows(kind="question")

    assert {name: [each.title for each in rows] for name, rows in found.items()} == {
        "alder": ["Of alder"],
        "birch": ["Of birch"],
    }
    with in_network(alder), pytest.raises(WrongSchemaError):
        found["birch"][0].save()


def test_a_value_that_is_nowhere_in_the_sql_is_refused(alder):
    statement = Statement(lambda kind: Discussion.objects.all(), kind="any kind")

    with in_network(alder), pytest.raises(UnusedValueError, match="kind"):
        statement.rows(kind="question")
