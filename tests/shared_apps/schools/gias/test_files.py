"""The two files as typed rows."""

from datetime import date

import pytest

from shared_apps.schools.gias import BadRow, LinksFile, RegisterFileError, SchoolsFile
from tests.builders.schools import EXTRACT, EXTRACT_LINKS, SCHOOL, SHARED, csv_bytes, links_file, schools_file

REAL_SCHOOLS = [EXTRACT, *SHARED.glob("edubasealldata*.csv")]
REAL_LINKS = [EXTRACT_LINKS, *SHARED.glob("links_*.csv")]


def rows_of(path):
    """Return the rows of a file of schools as dicts, bad ones as they are."""
    file = SchoolsFile.open(path)
    return [row if isinstance(row, BadRow) else dict(zip(file.fields, row.values, strict=True)) for row in file.rows()]


def test_rows_are_typed(tmp_path):
    (row,) = rows_of(schools_file(tmp_path))

    assert row == {
        "urn": 103120,
        "la_code": "330",
        "la_name": "Birmingham",
        "establishment_number": "1001",
        "name": "Bordesley Green East Nursery School",
        "type_code": "15",
        "type_name": "Local authority nursery school",
        "status": 1,
        "closed_date": None,
        "phase_code": "1",
        "phase_name": "Nursery",
        "pupils": 98,
        "ukprn": "10076257",
        "street": "358 Bordesley Green East",
        "locality": "Stechford",
        "address3": "Bordesley Green",
        "town": "Birmingham",
        "county": "West Midlands",
        "postcode": "B33 8QB",
        "easting": 412817,
        "northing": 286694,
        "last_changed_date": date(2023, 9, 11),
    }


def test_rows_that_cannot_be_read_say_why(tmp_path):
    path = schools_file(
        tmp_path,
        {"URN": "x"},
        {},
        {"EstablishmentName": " "},
        {"EstablishmentStatus (code)": "7"},
        {"CloseDate": "31-02-2020"},
        {"NumberOfPupils": "lots"},
        {"Town": "T" * 101},
    )

    assert [row for row in rows_of(path) if isinstance(row, BadRow)] == [
        BadRow(2, "URN is not a number: “x”"),
        BadRow(4, "EstablishmentName is empty"),
        BadRow(5, "EstablishmentStatus (code) is not one of 1, 2, 3 and 4: “7”"),
        BadRow(6, "CloseDate is not a date: “31-02-2020”"),
        BadRow(7, "NumberOfPupils is not a whole number: “lots”"),
        BadRow(8, "Town is longer than 100 characters"),
    ]


@pytest.mark.parametrize("path", REAL_SCHOOLS, ids=lambda path: path.name)
def test_rows_of_real_files_are_all_readable(path):
    rows = rows_of(path)

    assert [row for row in rows if isinstance(row, BadRow)] == []
    assert len(rows) == path.read_bytes().count(b"\r\n") - 1
    assert "\ufffd" not in repr(rows)


@pytest.mark.parametrize("path", REAL_LINKS, ids=lambda path: path.name)
def test_rows_of_real_links_are_all_readable(path):
    rows = list(LinksFile.open(path).rows())

    assert [row for row in rows if isinstance(row, BadRow)] == []
    assert len(rows) == path.read_bytes().count(b"\r\n") - 1


def test_published_date_comes_from_the_name(tmp_path):
    named = {
        "edubasealldata20231114_sample.csv": date(2023, 11, 14),
        "edubasealldata.csv": None,
        "edubasealldata20231345.csv": None,
    }

    found = {name: SchoolsFile.open(schools_file(tmp_path, name=name)).published_date for name in named}

    assert found == named


def test_open_finds_columns_by_name_in_any_order_and_ignores_the_rest(tmp_path):
    path = tmp_path / "register.csv"
    path.write_bytes(csv_bytes([{"Unheard of": "1", **dict(reversed(SCHOOL.items())), "HeadLastName": "Secret"}]))

    (row,) = rows_of(path)

    assert row["urn"] == 103120
    assert row["name"] == "Bordesley Green East Nursery School"
    assert "Secret" not in repr(row)


NOT_IT = "register.csv is not DfE's file of schools (edubasealldata): its first line has "


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("URN,EstablishmentName,Postcode,Town,LA (code),LA (name)", f"{NOT_IT}no column EstablishmentStatus (code)."),
        ("URN,EstablishmentStatus (code),Postcode,Town,LA (code)", f"{NOT_IT}no column LA (name), EstablishmentName."),
        ("a;b;c", f"{NOT_IT}none of the columns we need."),
        ('{"error": "not found"}', f"{NOT_IT}none of the columns we need."),
        ("URN,LinkURN,LinkType", "register.csv is DfE's file of links, not of schools: give it with --links."),
        (",".join([*SCHOOL, "URN"]), "register.csv has the column URN twice."),
    ],
)
def test_open_refuses_other_files_in_one_line(tmp_path, header, message):
    path = tmp_path / "register.csv"
    path.write_text(header + "\r\n1,2\r\n")

    with pytest.raises(RegisterFileError) as refused:
        SchoolsFile.open(path)

    assert str(refused.value) == message


def test_open_refuses_schools_given_as_links(tmp_path):
    with pytest.raises(
        RegisterFileError, match=r"is DfE's file of schools, not of links: give it first, without --links\.$"
    ):
        LinksFile.open(schools_file(tmp_path))


@pytest.mark.parametrize("lost", [1, 3, 8, 11, 12, 20, 40, 100])
def test_rows_refuse_a_file_that_is_cut_off_in_its_last_row(tmp_path, lost):
    path = schools_file(tmp_path, {}, {"URN": "103121"})
    content = path.read_bytes().removesuffix(b"\r\n")
    path.write_bytes(content[:-lost])

    with pytest.raises(RegisterFileError) as refused:
        rows_of(path)

    assert str(refused.value) == f"{path.name} is cut off in line 3: download it again."


def test_rows_refuse_a_file_that_is_cut_off_in_quoted_text(tmp_path):
    path = schools_file(tmp_path, {}, {"URN": "103121", "Street": "1, High Street"})
    content = path.read_bytes()
    path.write_bytes(content[: content.index(b"High Street")])

    with pytest.raises(RegisterFileError, match="is cut off in line 3"):
        rows_of(path)


def test_rows_accept_a_whole_last_row_without_its_line_break(tmp_path):
    path = schools_file(tmp_path, {}, {"URN": "103121"})
    path.write_bytes(path.read_bytes().removesuffix(b"\r\n"))

    assert [row["urn"] for row in rows_of(path)] == [103120, 103121]


def test_rows_of_links_are_typed(tmp_path):
    file = LinksFile.open(links_file(tmp_path, {"LinkEstablishedDate": ""}))

    (row,) = file.rows()

    assert dict(zip(file.fields, row.values, strict=True)) == {
        "urn": 103120,
        "linked_urn": 140001,
        "link_type": "Successor",
        "established_date": None,
    }
