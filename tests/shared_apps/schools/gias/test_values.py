"""Single cells, with what DfE's systems do to them."""
# ruff: noqa: RUF001 - the odd letters are what is tested

from datetime import date

import pytest

from shared_apps.schools.gias import values


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ("Starbank  School", "Starbank School"),
        ("a Voluntary Academy\u00a0", "a Voluntary Academy"),
        ("28223 Pozuelo De AlarcóN", "28223 Pozuelo De Alarcón"),
        ("BenalmáDena Costa", "Benalmádena Costa"),
        ("Na PertýN 342", "Na Pertýn 342"),
        ("Haute Valleé School", "Haute Valleé School"),
        ("Beis Rochel d’Satmar School", "Beis Rochel d’Satmar School"),
        ("North Star 82°", "North Star 82°"),
        ("T Moelwyn", "T Moelwyn"),
        ("Awel Y MÃ´r Primary School", "Awel Y Môr Primary School"),
        ("St Clementâ€™s", "St Clement’s"),
        ("cafe\u0301", "café"),
        ("Left \u202eright\u202c and\x07 bell", "Left right and bell"),
    ],
)
def test_clean_repairs_what_is_known_and_keeps_the_rest(cell, read):
    assert values.clean(cell) == read


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ("31-08-2023", date(2023, 8, 31)),
        ("31/08/2023", date(2023, 8, 31)),
        ("2023-08-31", date(2023, 8, 31)),
        (" ", None),
    ],
)
def test_day_reads_the_ways_dates_are_written(cell, read):
    assert values.day(cell) == read


@pytest.mark.parametrize("cell", ["31-02-2023", "00-00-0000", "31.08.2023", "yesterday", "31-08-23", "٣١-٠٨-٢٠٢٣"])
def test_day_refuses_what_is_no_date(cell):
    with pytest.raises(ValueError, match=r"^is not a date: “"):
        values.day(cell)


@pytest.mark.parametrize(
    ("cell", "read"),
    [("b338qb", "B33 8QB"), ("B33  8QB", "B33 8QB"), ("w1a 1aa", "W1A 1AA"), ("", ""), ("BFPO 16", "BFPO 16")],
)
def test_postcode_has_one_space(cell, read):
    assert values.postcode(cell) == read


@pytest.mark.parametrize(
    ("cell", "read"), [("98", 98), ("", None), ("0", 0), ("412817.0", 412817), ("412817.00", 412817)]
)
def test_whole_number_reads_numbers(cell, read):
    assert values.whole_number(cell) == read


@pytest.mark.parametrize("cell", ["-1", "1,000", "many", "12345678901", "1e3", "٩٨", "9.5"])
def test_whole_number_refuses_the_rest(cell):
    with pytest.raises(ValueError, match=r"^is not a whole number"):
        values.whole_number(cell)


def test_grid_reference_reads_nought_as_nowhere():
    assert values.grid_reference("0") is None


@pytest.mark.parametrize("cell", ["", "abc", "0", "-5", "12345678", "10 3120", "１０３１２０", "9" * 5000])
def test_urn_refuses_what_is_no_number(cell):
    with pytest.raises(ValueError, match=r"^is (not a number|empty)"):
        values.urn(cell)


@pytest.mark.parametrize("cell", ["", "0", "5", "Open"])
def test_status_refuses_codes_that_we_do_not_know(cell):
    with pytest.raises(ValueError, match=r"^is not one of 1, 2, 3 and 4"):
        values.status(cell)


def test_text_refuses_what_does_not_fit():
    with pytest.raises(ValueError, match=r"^is longer than 5 characters$"):
        values.text(5)("abcdef")


def test_text_reads_the_words_for_nothing_as_nothing():
    assert values.text(50, optional_words=True)("Not applicable") == ""


def test_excerpt_is_short_and_printable():
    assert values.excerpt("a\x00b" + "x" * 100) == "“ab" + "x" * 38 + "…”"
