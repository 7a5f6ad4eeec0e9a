"""The command reports on standard output, tells its progress on standard error, and fails in one line."""

import io

import pytest
from django.core.management import CommandError, call_command

from shared_apps.schools.models import School
from tests.builders.schools import links_file, schools_file

pytestmark = pytest.mark.django_db


def run(*arguments):
    """Run the command and return what it wrote to standard output and to standard error."""
    out, err = io.StringIO(), io.StringIO()
    call_command("import_schools", *map(str, arguments), stdout=out, stderr=err, no_color=True)
    return out.getvalue().splitlines(), err.getvalue().splitlines()


def test_import_schools_reports_counts_and_progress(tmp_path):
    path = schools_file(tmp_path, {}, {"URN": "140001"})

    out, err = run(path, "--links", links_file(tmp_path))

    assert out == [
        "edubasealldata20240102.csv, published 2 January 2024",
        "  added: 2",
        "  changed: 0",
        "  closed: 0",
        "  reopened: 0",
        "  unchanged: 0",
        "  unreadable: 0",
        "links_edubasealldata20240102.csv",
        "  added: 1",
        "  changed: 0",
        "  unchanged: 0",
        "  unknown school: 0",
        "  unreadable: 0",
    ]
    assert err == [
        "Reading edubasealldata20240102.csv: 2 rows, 100%",
        "Comparing with the register",
        "Reading links_edubasealldata20240102.csv: 1 rows, 100%",
        "Listing the words for the search",
    ]


def test_import_schools_lists_what_happened_by_line(tmp_path):
    run(schools_file(tmp_path, {}, {"URN": "2"}, {"URN": "3", "EstablishmentStatus (code)": "2"}))

    out, _ = run(
        schools_file(
            tmp_path,
            {"URN": "x"},
            {"Town": "Solihull"},
            {"URN": "2", "EstablishmentStatus (code)": "2"},
            {"URN": "3"},
            name="edubasealldata.csv",
        )
    )

    assert out == [
        "edubasealldata.csv line 2: unreadable: URN is not a number: “x”",
        "edubasealldata.csv line 4: closed Bordesley Green East Nursery School (2): status",
        "edubasealldata.csv line 5: reopened Bordesley Green East Nursery School (3): status",
        "edubasealldata.csv line 3: changed Bordesley Green East Nursery School (103120): town",
        "edubasealldata.csv",
        "  added: 0",
        "  changed: 1",
        "  closed: 1",
        "  reopened: 1",
        "  unchanged: 0",
        "  unreadable: 1",
    ]


def test_import_schools_shortens_long_lists_except_of_bad_rows(tmp_path):
    rows = [{"URN": str(number)} for number in range(1, 41)]
    run(schools_file(tmp_path, *rows))

    out, _ = run(schools_file(tmp_path, *({"Town": "Solihull"} | row for row in rows), *[{"URN": "x"}] * 40))

    assert [line for line in out if line.startswith("…")] == ["… and 20 more changed"]
    assert sum("unreadable: URN" in line for line in out) == 40


def test_import_schools_fails_in_one_line(tmp_path):
    with pytest.raises(CommandError) as failed:
        run(tmp_path / "missing.csv")

    assert str(failed.value) == f"{tmp_path / 'missing.csv'} cannot be read: No such file or directory."


def test_import_schools_writes_to_public_from_wherever_it_is_called(tmp_path, in_alder):
    run(schools_file(tmp_path))

    assert School.objects.get().urn == 103120
