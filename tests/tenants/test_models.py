"""A row remembers its schema: through no relation, query or write is it used in another."""

import copy
import pickle

import pytest
from django.apps import apps
from django.db import connection, models, transaction
from django.db.models import Exists, OuterRef, Prefetch, Subquery

from tenant_apps.discussions.models import Category, Discussion, Reply
from tenant_apps.suppliers.models import SupplierCategory
from tenants import context
from tenants.context import WrongSchemaError, in_network, in_public
from tenants.models import Network
from tests.builders.discussions import make_discussion
from tests.builders.members import make_member
from tests.builders.suppliers import make_supplier


def start(network: Network) -> Discussion:
    """Return a discussion that says where it is."""
    member = make_member(network)
    with in_network(network):
        return make_discussion(member, title=f"canary {network.subdomain}")


@pytest.fixture
def theirs(alder, birch) -> Discussion:
    """A discussion of alder; birch has one with the same key, so that a leak would show."""
    mine, other = start(alder), start(birch)
    with in_network(birch):
        Discussion(id=mine.id, title=other.title, author=other.author, category=other.category).save()
        assert Discussion.objects.get(id=mine.id).title == "canary birch"
    return mine


INSTANCE_USES = {
    "save": lambda item: item.save(),
    "save a field": lambda item: item.save(update_fields=["title"]),
    "delete": lambda item: item.delete(),
    "refresh": lambda item: item.refresh_from_db(),
    "a field that was deferred": lambda item: item.body,
    "follow a foreign key": lambda item: item.category,
    "a reverse manager": lambda item: list(item.replies.all()),
    "a reverse manager's count": lambda item: item.replies.count(),
    "a reverse manager's create": lambda item: item.replies.create(body="x", created_at="2026-01-01T00:00Z"),
    "prefetch": lambda item: models.prefetch_related_objects([item], "replies"),
    "relate to it": lambda item: Reply(discussion=item, body="x").save(),
    "a copy": lambda item: copy.copy(item).save(),
    "pickled": lambda item: pickle.loads(pickle.dumps(item)).save(),  # noqa: S301 - our own
    "bulk_create": lambda item: Discussion.objects.bulk_create([item], ignore_conflicts=True),
    "bulk_update": lambda item: Discussion.objects.bulk_update([item], ["title"]),
}


@pytest.mark.parametrize("use", INSTANCE_USES.values(), ids=list(INSTANCE_USES))
def test_an_instance_is_refused_elsewhere(theirs, alder, birch, use):
    with in_network(alder):
        item = Discussion.objects.defer("body").get(id=theirs.id)
    before = rows_of(birch)

    for place in (in_network(birch), in_public()):
        with place, pytest.raises(WrongSchemaError):
            use(item)

    assert rows_of(birch) == before
    with in_network(alder):
        assert Discussion.objects.get(id=theirs.id).title == "canary alder"


QUERY_USES = {
    "list": list,
    "bool": bool,
    "get": lambda q: q.get(),
    "first": lambda q: q.first(),
    "last": lambda q: q.last(),
    "latest": lambda q: q.latest("created_at"),
    "slice": lambda q: list(q[:1]),
    "count": lambda q: q.count(),
    "exists": lambda q: q.exists(),
    "aggregate": lambda q: q.aggregate(n=models.Count("id")),
    "values": lambda q: list(q.values("title")),
    "values_list": lambda q: list(q.values_list("title", flat=True)),
    "dates": lambda q: list(q.dates("created_at", "year")),
    "iterator": lambda q: list(q.iterator()),
    "in_bulk": lambda q: q.in_bulk(),
    "explain": lambda q: q.explain(),
    "contains": lambda q: q.contains(Discussion()),
    "update": lambda q: q.update(title="leak"),
    "delete": lambda q: q.delete(),
    "get_or_create": lambda q: q.get_or_create(title="leak"),
    "update_or_create": lambda q: q.update_or_create(title="leak"),
    "create": lambda q: q.create(title="leak"),
    "bulk_create": lambda q: q.bulk_create([Discussion(title="leak")]),
    "for update": lambda q: list(q.select_for_update()),
    "select related": lambda q: list(q.select_related("category")),
    "prefetch": lambda q: list(q.prefetch_related("replies")),
    "a subquery": lambda q: list(Reply.objects.filter(discussion__in=q)),
    "a scalar subquery": lambda q: list(Reply.objects.annotate(t=Subquery(q.values("title")[:1]))),
    "an EXISTS": lambda q: list(Reply.objects.filter(Exists(q.filter(pk=OuterRef("discussion_id"))))),
    "a UNION": lambda q: list(Discussion.objects.all().union(q)),
    "a prefetch's queryset": lambda q: list(Category.objects.prefetch_related(Prefetch("discussions", queryset=q))),
}


@pytest.mark.parametrize("use", QUERY_USES.values(), ids=list(QUERY_USES))
def test_a_query_is_refused_elsewhere(theirs, alder, birch, use):
    with in_network(alder):
        query = Discussion.objects.filter(id=theirs.id)
    before = rows_of(birch)

    with in_network(birch), transaction.atomic(), pytest.raises(WrongSchemaError):
        use(query.all())

    assert rows_of(birch) == before


def rows_of(network: Network) -> tuple:
    with in_network(network):
        return list(Discussion.objects.values_list("id", "title")), Reply.objects.count()


def test_a_many_to_many_is_refused_elsewhere(alder, birch):
    member = make_member(alder)
    with in_network(alder):
        supplier, category = make_supplier(member), SupplierCategory.objects.first()

    with in_network(birch):
        for use in (
            lambda: list(supplier.categories.all()),
            lambda: supplier.categories.add(category),
            supplier.categories.clear,
            lambda: supplier.categories.set([]),
        ):
            with pytest.raises(WrongSchemaError):
                use()


def test_relations_of_two_schemas_are_refused(alder, birch):
    with in_network(alder):
        category = Category.objects.first()

    with in_network(birch), pytest.raises(WrongSchemaError):
        Discussion(category=category)


def test_what_was_loaded_may_be_read_anywhere(theirs, alder):
    """Context outside, evaluate before leaving: then the values travel."""
    with in_network(alder):
        held = Discussion.objects.select_related("category").filter(id=theirs.id)
        loaded = list(held)

    with in_public():
        assert [(item.title, item.category.name != "") for item in held] == [("canary alder", True)]
        assert len(loaded) == held.count() == 1


def test_a_query_goes_on_where_it_was_built(theirs, alder, birch):
    with in_network(alder):
        query = Discussion.objects.filter(id=theirs.id)
    with in_network(birch):
        pass

    with in_network(alder):
        assert query.get().title == "canary alder"


def test_a_raw_query_is_refused_at_once(in_alder):
    with pytest.raises(NotImplementedError):
        Discussion.objects.raw("SELECT * FROM discussions_discussion")


def test_an_empty_query_is_harmless_anywhere(alder, birch):
    """`none()` reads nothing, and forms and templates hold it."""
    with in_network(alder):
        nothing = Discussion.objects.none()

    with in_network(birch):
        assert (list(nothing), nothing.count(), nothing.exists()) == ([], 0, False)


def test_constraints_hold_what_the_forms_check(db):
    for broken in ({"subdomain": "Rowan"}, {"subdomain": "a"}, {"subdomain": "a--b"}, {"colour": "red"}):
        row = {"name": "Rowan", "schema_name": "n_rowan", "subdomain": "rowan"} | broken
        with pytest.raises(Exception, match=r"network_(subdomain|colour)_form"), transaction.atomic():
            Network.objects.bulk_create([Network(**row)])


@pytest.mark.django_db(transaction=True)
def test_rolling_back_the_first_statement_stays_in_the_network(alder, birch):
    """A SET search_path is undone with its transaction; the next query must not run in the network before."""
    with in_network(birch):
        assert search_path() == "n_birch, public"

    with in_network(alder):
        with transaction.atomic():
            assert search_path() == "n_alder, public"
            transaction.set_rollback(True)
        assert search_path() == "n_alder, public"
    assert search_path() == "public"


@pytest.mark.django_db(transaction=True)
def test_rolling_back_a_savepoint_stays_in_the_network(alder, birch):
    with in_network(birch):
        search_path()

    with in_network(alder), transaction.atomic():
        with transaction.atomic():
            with context.in_collective(joining_transaction=True):
                assert search_path() == "collective, public"
            transaction.set_rollback(True)
        assert search_path() == "n_alder, public"


@pytest.mark.django_db(transaction=True)
def test_a_lost_connection_comes_back_in_the_network(alder, birch):
    with in_network(alder):
        search_path()
        connection.close()

        assert search_path() == "n_alder, public"


def search_path() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW search_path")
        return cursor.fetchone()[0]


def test_no_file_is_uploaded_yet():
    """The first FileField needs a storage under its network and a page that checks who reads; then this test goes."""
    fields = [str(field) for model in apps.get_models() for field in model._meta.get_fields()]
    files = [
        field for model in apps.get_models() for field in model._meta.fields if isinstance(field, models.FileField)
    ]

    assert files == []
    assert len(fields) > 100
