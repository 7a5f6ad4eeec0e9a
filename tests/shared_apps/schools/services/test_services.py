"""An import brings the register up to the file, says line by line what it did, and does all of it or nothing."""

from datetime import UTC, date, datetime

import psycopg2
import pytest
from django.db import connection

from shared_apps.audit.models import PlatformEvent
from shared_apps.audit.services import Actor
from shared_apps.schools.enums import ImportState, SchoolStatus
from shared_apps.schools.models import (
    LocalAuthority,
    RegisterImport,
    RegisterImportRow,
    School,
    SchoolLink,
    SchoolWord,
    Trust,
)
from shared_apps.schools.selectors import predecessors, successors
from shared_apps.schools.services import _LOCK, ImportRunningError, RegisterFileError, import_register
from shared_apps.schools.signals import register_imported
from tests.builders.schools import (
    EXTRACT,
    EXTRACT_LINKS,
    SCHOOL,
    SHARED,
    csv_bytes,
    links_file,
    make_school,
    schools_file,
)

pytestmark = pytest.mark.django_db

BY = Actor.system(label="test")
COUNTS = ("added", "changed", "closed", "reopened", "unchanged", "unreadable")
LINK_COUNTS = ("links_added", "links_changed", "links_unchanged", "links_unknown_school", "links_unreadable")


def run_import(path, **options):
    """Import and return the counts that are not nought."""
    run = import_register(path=path, by=BY, **options)
    return {name: getattr(run, name) for name in (*COUNTS, *LINK_COUNTS) if getattr(run, name)}


def report():
    """Return what the last import reported, as (line, change, detail)."""
    run = RegisterImport.objects.latest("started_at")
    return list(run.rows.order_by("file", "line").values_list("line", "change", "detail"))


def test_import_register_adds_a_school_with_all_the_file_says(tmp_path):
    found = run_import(schools_file(tmp_path))

    assert found == {"added": 1}
    school = School.objects.get()
    assert {field.name: getattr(school, field.name) for field in School._meta.concrete_fields} == {
        "id": school.id,
        "urn": 103120,
        "name": "Bordesley Green East Nursery School",
        "status": SchoolStatus.OPEN,
        "is_open": True,
        "opened_date": None,
        "closed_date": None,
        "type_code": "15",
        "type_name": "Local authority nursery school",
        "phase_code": "1",
        "phase_name": "Nursery",
        "pupils": 98,
        "ukprn": "10076257",
        "establishment_number": "1001",
        "local_authority": LocalAuthority.objects.get(code="330", name="Birmingham"),
        "trust": None,
        "street": "358 Bordesley Green East",
        "locality": "Stechford",
        "address3": "Bordesley Green",
        "town": "Birmingham",
        "county": "West Midlands",
        "postcode": "B33 8QB",
        "easting": 412817,
        "northing": 286694,
        "last_changed_date": date(2023, 9, 11),
        "search_name": "bordesley green east nursery school",
        "search_place": "birmingham stechford bordesley green",
        "search_numbers": "103120 10076257 3301001 b33 b338qb",
        "search_more": "birmingham west midland 358 bordesley green east",
        "search_vector": school.search_vector,
    }
    assert school.id.version == 7


@pytest.mark.parametrize(("code", "is_open"), [("1", True), ("2", False), ("3", True), ("4", False)])
def test_import_register_takes_a_school_proposed_to_close_for_open(tmp_path, code, is_open):
    run_import(schools_file(tmp_path, {"EstablishmentStatus (code)": code}))

    assert School.objects.get().is_open is is_open


def test_import_register_again_changes_nothing(tmp_path):
    path, links = schools_file(tmp_path, {}, {"URN": "140001"}), links_file(tmp_path)
    run_import(path, links_path=links)
    before = list(School.objects.order_by("urn").values())

    found = run_import(path, links_path=links)

    assert found == {"unchanged": 2, "links_unchanged": 1}
    assert list(School.objects.order_by("urn").values()) == before
    assert report() == []


def test_import_register_reports_each_change_by_its_line(tmp_path):
    closed, opened = {"EstablishmentStatus (code)": "2", "CloseDate": "31-08-2023"}, {"EstablishmentStatus (code)": "1"}
    run_import(schools_file(tmp_path, {}, {"URN": "2"}, {"URN": "3"} | closed, {"URN": "4"}, {"URN": "5"}))

    found = run_import(
        schools_file(
            tmp_path,
            {"Town": "Solihull", "NumberOfPupils": "99"},
            {"URN": "2"} | closed,
            {"URN": "3"} | opened,
            {"URN": "4", "EstablishmentStatus (code)": "3"},
            {"URN": "6"},
            {"URN": "5"},
            {"URN": "bad"},
        )
    )

    assert found == {"added": 1, "changed": 2, "closed": 1, "reopened": 1, "unchanged": 1, "unreadable": 1}
    assert report() == [
        (2, "changed", "pupils, town"),
        (3, "closed", "status, closed date"),
        (4, "reopened", "status, closed date"),
        (5, "changed", "status"),
        (6, "added", ""),
        (8, "unreadable", "URN is not a number: “bad”"),
    ]
    assert School.objects.get(urn=2).is_open is False
    assert School.objects.get(urn=3).closed_date is None


def test_import_register_keeps_the_id_of_a_school_that_changes(tmp_path):
    run_import(schools_file(tmp_path))
    before = School.objects.get().id

    run_import(schools_file(tmp_path, {"EstablishmentName": "Another Name"}))

    assert School.objects.get().id == before
    assert School.objects.get().search_name == "another name"


def test_import_register_leaves_schools_that_the_file_leaves_out(tmp_path):
    run_import(schools_file(tmp_path, {}, {"URN": "103121"}))

    found = run_import(schools_file(tmp_path, {"URN": "103121"}))

    assert found == {"unchanged": 1}
    assert School.objects.filter(is_open=True).count() == 2


def test_import_register_leaves_what_the_file_has_no_column_for(tmp_path):
    full = SCHOOL | {"OpenDate": "01-09-2001", "Trusts (code)": "2044", "Trusts (name)": "Alder Trust"}
    path = tmp_path / "full.csv"
    path.write_bytes(csv_bytes([full]))
    run_import(path)

    found = run_import(schools_file(tmp_path, {"NumberOfPupils": "7"}))

    assert found == {"changed": 1}
    school = School.objects.get()
    assert (school.pupils, school.opened_date, school.trust.name) == (7, date(2001, 9, 1), "Alder Trust")


def test_import_register_moves_a_school_between_trusts_and_renames_them(tmp_path):
    def file(code, name):
        path = tmp_path / "full.csv"
        path.write_bytes(csv_bytes([SCHOOL | {"Trusts (code)": code, "Trusts (name)": name}]))
        return path

    run_import(file("2044", "Alder Trust"))
    run_import(file("2044", "Alder Learning Trust"))
    assert report() == [(2, "changed", "trust name")]
    run_import(file("3055", "Birch Trust"))
    assert report() == [(2, "changed", "trust")]
    run_import(file("", ""))

    assert School.objects.get().trust is None
    assert set(Trust.objects.values_list("uid", "name")) == {("2044", "Alder Learning Trust"), ("3055", "Birch Trust")}


def test_import_register_renames_an_authority_and_names_its_schools_as_changed(tmp_path):
    run_import(schools_file(tmp_path))

    found = run_import(schools_file(tmp_path, {"LA (name)": "City of Birmingham"}))

    assert found == {"changed": 1}
    assert report() == [(2, "changed", "local authority name")]
    assert School.objects.get().authority_name == "City of Birmingham"


def test_import_register_is_stable_when_rows_disagree_about_an_authority(tmp_path):
    path = schools_file(tmp_path, {"LA (name)": "Brum"}, {"URN": "2"}, {"URN": "3"})

    assert run_import(path) == {"added": 3}
    assert run_import(path) == {"unchanged": 3}
    assert LocalAuthority.objects.get().name == "Birmingham"


def test_import_register_gives_schools_overseas_no_authority(tmp_path):
    run_import(schools_file(tmp_path, {"LA (code)": "000", "LA (name)": "Does not apply"}))

    assert School.objects.get().local_authority is None
    assert School.objects.get().authority_name == ""
    assert not LocalAuthority.objects.exists()


def test_import_register_takes_the_first_of_rows_with_one_urn(tmp_path):
    found = run_import(
        schools_file(tmp_path, {}, {"EstablishmentName": "Other"}, {"URN": "2"}, {"EstablishmentName": "Third"})
    )

    assert found == {"added": 2, "unreadable": 2}
    assert report()[1:3] == [
        (3, "unreadable", "URN 103120 is already in line 2"),
        (4, "added", ""),
    ]
    assert School.objects.get(urn=103120).name == "Bordesley Green East Nursery School"


def test_import_register_tells_others_once_it_is_written(tmp_path, django_capture_on_commit_callbacks):
    told = []
    known = make_school(urn=103120)
    path = schools_file(tmp_path, {}, {"URN": "103121"})
    register_imported.connect(receiver := lambda changed_ids, **_: told.append(changed_ids))

    with django_capture_on_commit_callbacks() as callbacks:
        run_import(path)
    assert told == []
    callbacks[0]()
    with django_capture_on_commit_callbacks() as callbacks_of_nothing:
        run_import(path)

    register_imported.disconnect(receiver)
    assert told == [[known.id]]
    assert callbacks_of_nothing == []


def test_import_register_is_audited(tmp_path):
    run_import(schools_file(tmp_path, {}, {"URN": "x"}))

    event = PlatformEvent.objects.get(name="schools.register.imported")
    assert (event.actor_label, event.target_id) == ("test", RegisterImport.objects.get().id)
    assert event.details == {"added": 1, "changed": 0, "closed": 0, "reopened": 0, "unreadable": 1}


def test_import_register_remembers_when_and_from_what(tmp_path):
    started_at = datetime(2024, 1, 3, 2, 0, tzinfo=UTC)

    run = import_register(path=schools_file(tmp_path), links_path=links_file(tmp_path), by=BY, started_at=started_at)

    run.refresh_from_db()
    assert (run.file_name, run.file_date) == ("edubasealldata20240102.csv", date(2024, 1, 2))
    assert (run.links_file_name, run.started_at) == ("links_edubasealldata20240102.csv", started_at)
    assert (run.state, run.error) == (ImportState.FINISHED, "")
    assert run.finished_at > started_at


def test_import_register_lists_words_and_how_many_schools_have_them(tmp_path):
    run_import(schools_file(tmp_path, {}, {"URN": "2", "EstablishmentName": "Yew Tree School", "Street": ""}))

    words = dict(SchoolWord.objects.values_list("word", "schools"))

    assert (words["bordesley"], words["yew"], words["birmingham"]) == (2, 1, 2)
    assert "b338qb" not in words

    run_import(schools_file(tmp_path, {"URN": "2", "EstablishmentName": "Oak Tree School", "Street": ""}))

    words = dict(SchoolWord.objects.values_list("word", "schools"))
    assert "yew" not in words
    assert words["oak"] == 1


def test_import_register_links_schools(tmp_path):
    schools = schools_file(tmp_path, {"EstablishmentStatus (code)": "2"}, {"URN": "140001"}, {"URN": "140002"})
    links = links_file(
        tmp_path,
        {},
        {"URN": "140001", "LinkURN": "103120", "LinkType": "Predecessor - merged", "LinkEstablishedDate": ""},
        {"URN": "103120", "LinkURN": "140002", "LinkType": "Sixth Form Centre School"},
        {"URN": "103120", "LinkURN": "999999"},
        {"URN": "103120", "LinkURN": "none"},
        {},
    )

    found = run_import(schools, links_path=links)

    assert found == {"added": 3, "links_added": 3, "links_unknown_school": 1, "links_unreadable": 2}
    old, new = School.objects.get(urn=103120), School.objects.get(urn=140001)
    assert (successors(old), predecessors(old)) == ([new], [])
    assert (successors(new), predecessors(new)) == ([], [old])
    assert [row for row in report() if row[1] == "unreadable"] == [
        (6, "unreadable", "LinkURN is not a number: “none”"),
        (7, "unreadable", "The same link is already in line 2"),
    ]


def test_import_register_corrects_the_date_of_a_link(tmp_path):
    schools = schools_file(tmp_path, {}, {"URN": "140001"})
    run_import(schools, links_path=links_file(tmp_path))

    found = run_import(schools, links_path=links_file(tmp_path, {"LinkEstablishedDate": "02-09-2023"}))

    assert found == {"unchanged": 2, "links_changed": 1}
    assert SchoolLink.objects.get().established_date == date(2023, 9, 2)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"URN,LA (code)\r\n1,2\r\n",
        b"<html><title>503</title></html>",
        b"PK\x03\x04",
        csv_bytes([SCHOOL])[:-20],
        csv_bytes([SCHOOL, SCHOOL | {"URN": "2"}])[:-9],
        csv_bytes([SCHOOL]) + b"\x00\x00",
        csv_bytes([SCHOOL]).splitlines(keepends=True)[0],
        csv_bytes([SCHOOL | {"URN": "none"}, SCHOOL | {"URN": ""}]),
        csv_bytes([SCHOOL], encoding="utf-16"),
        csv_bytes([{"URN": "1", "LinkURN": "2", "LinkType": "Successor"}]),
    ],
    ids=["empty", "columns", "html", "xlsx", "cut", "cut2", "nul", "header", "no-row", "utf-16", "links"],
)
def test_import_register_refuses_a_bad_file_and_changes_nothing(tmp_path, content):
    make_school(urn=103120, name="As it was")
    path = tmp_path / "edubasealldata20240102.csv"
    path.write_bytes(content)

    with pytest.raises(RegisterFileError) as refused:
        run_import(path)

    assert "\n" not in str(refused.value)
    assert path.name in str(refused.value)
    assert list(School.objects.values_list("urn", "name")) == [(103120, "As it was")]
    assert not RegisterImportRow.objects.exists()
    assert not RegisterImport.objects.filter(state=ImportState.FINISHED).exists()
    assert not PlatformEvent.objects.filter(name="schools.register.imported").exists()


def test_import_register_refuses_bad_links_and_changes_nothing(tmp_path):
    links = links_file(tmp_path)
    links.write_bytes(links.read_bytes()[:-5])

    with pytest.raises(RegisterFileError, match="cut off in line 2"):
        run_import(schools_file(tmp_path), links_path=links)

    assert not School.objects.exists()


def test_import_register_records_an_import_that_failed_while_it_read(tmp_path):
    path = schools_file(tmp_path)
    path.write_bytes(path.read_bytes()[:-5])

    with pytest.raises(RegisterFileError):
        run_import(path)

    run = RegisterImport.objects.get()
    assert (run.state, run.error) == (ImportState.FAILED, f"{path.name} is cut off in line 2: download it again.")


def test_import_register_refuses_to_run_beside_another(tmp_path):
    other = psycopg2.connect(**connection.get_connection_params())
    other.cursor().execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])

    with pytest.raises(ImportRunningError) as refused:
        run_import(schools_file(tmp_path))
    other.close()

    assert str(refused.value) == "Another import of the register is running: wait until it has ended."
    assert not School.objects.exists()


def test_import_register_tells_how_far_it_is(tmp_path):
    told = []

    run_import(schools_file(tmp_path), links_path=links_file(tmp_path), on_progress=told.append)

    assert [(progress.doing, progress.rows, progress.part) for progress in told] == [
        ("Reading edubasealldata20240102.csv", 1, 1.0),
        ("Comparing with the register", 0, None),
        ("Reading links_edubasealldata20240102.csv", 1, 1.0),
        ("Listing the words for the search", 0, None),
    ]


@pytest.mark.parametrize(
    ("path", "links"),
    [
        (EXTRACT, EXTRACT_LINKS),
        *((path, next(SHARED.glob("links_*.csv"))) for path in SHARED.glob("edubasealldata*.csv")),
    ],
    ids=lambda path: path.name,
)
def test_import_register_takes_real_files_and_takes_them_twice(path, links):
    rows = path.read_bytes().count(b"\r\n") - 1

    first, second = run_import(path, links_path=links), run_import(path, links_path=links)

    assert (first["added"], second["unchanged"]) == (rows, rows)
    assert second.keys() <= {"unchanged", "links_unchanged", "links_unknown_school"}
    assert first.get("links_added", 0) == second.get("links_unchanged", 0)
