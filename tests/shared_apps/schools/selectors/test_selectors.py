"""Reads of the register by id, by link and by import."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from shared_apps.schools.enums import ImportState, LinkKind, RowChange
from shared_apps.schools.models import RegisterImport, School, SchoolLink
from shared_apps.schools.selectors import (
    get_school,
    import_rows,
    latest_import,
    predecessors,
    schools_by_ids,
    successors,
)
from tests.builders.schools import make_school

pytestmark = pytest.mark.django_db


def test_get_school_brings_authority_and_trust(django_assert_num_queries):
    school = make_school(authority="Kent")

    with django_assert_num_queries(1):
        found = get_school(school.id)
        assert (found, found.authority_name, found.trust) == (school, "Kent", None)


def test_get_school_raises_for_an_unknown_id():
    with pytest.raises(School.DoesNotExist):
        get_school(uuid4())


@pytest.mark.parametrize("schools", [1, 3])
def test_schools_by_ids_takes_one_query(django_assert_num_queries, schools):
    expected = {school.id: school for school in (make_school() for _ in range(schools))}

    with django_assert_num_queries(1):
        found = schools_by_ids([*expected, uuid4()])
        assert [school.authority_name for school in found.values()] == ["Birmingham"] * schools

    assert found == expected


@pytest.mark.parametrize("kind", [LinkKind.SUCCESSOR, LinkKind.PREDECESSOR])
def test_successors_and_predecessors_agree_whichever_side_says_so(kind):
    old, new, _ = make_school("Old"), make_school("New"), make_school("Other")
    here, there = (old, new) if kind == LinkKind.SUCCESSOR else (new, old)
    SchoolLink.objects.create(school=here, linked=there, kind=kind, link_type=kind.label)

    assert (successors(old), predecessors(old)) == ([new], [])
    assert (successors(new), predecessors(new)) == ([], [old])


def test_successors_are_named_once_when_both_sides_say_so():
    old, new = make_school("Old"), make_school("New")
    SchoolLink.objects.create(school=old, linked=new, kind=LinkKind.SUCCESSOR, link_type="Successor")
    SchoolLink.objects.create(school=new, linked=old, kind=LinkKind.PREDECESSOR, link_type="Predecessor")

    assert successors(old) == [new]


def test_links_of_other_kinds_are_no_succession():
    school, sixth_form = make_school(), make_school()
    SchoolLink.objects.create(
        school=school, linked=sixth_form, kind=LinkKind.OTHER, link_type="Sixth Form Centre School"
    )

    assert (successors(school), predecessors(school)) == ([], [])


def test_latest_import_is_the_last_that_finished():
    def run(day, state):
        return RegisterImport.objects.create(
            file_name="x.csv", started_at=datetime(2024, 1, day, tzinfo=UTC), state=state
        )

    assert latest_import() is None
    run(1, ImportState.FINISHED)
    finished = run(2, ImportState.FINISHED)
    run(3, ImportState.FAILED)

    assert latest_import() == finished


def test_import_rows_come_in_the_order_of_the_files():
    run = RegisterImport.objects.create(
        file_name="x.csv", started_at=datetime(2024, 1, 1, tzinfo=UTC), state=ImportState.FINISHED
    )
    for file, line, change in (
        ("links", 2, "unreadable"),
        ("schools", 9, "unreadable"),
        ("schools", 3, "unreadable"),
        ("schools", 4, "added"),
    ):
        run.rows.create(file=file, line=line, change=change)

    found = import_rows(run, RowChange.UNREADABLE)

    assert [(row.file, row.line) for row in found] == [("schools", 3), ("schools", 9), ("links", 2)]


def test_school_line_tells_schools_of_one_name_apart():
    school = make_school(urn=7, town="", address3="Wotton", status=2, phase_name="", type_name="Free schools")

    assert school.line == "Wotton B33 8QB, Birmingham, Free schools, URN 7, Closed"
    assert make_school(urn=8, authority="Birmingham").line == "Birmingham B33 8QB, Primary, URN 8"
