"""The one form of words for names and for what people type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_apps.schools import matching


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("St. Mary's C of E (V.A.) Primary School", "st mary ce va primary school"),
        ("st marys ce primary", "st mary ce primary"),
        ("Saint Mary’s Church of England Primary", "st mary ce primary"),
        ("St Mary`s CofE Primary", "st mary ce primary"),
        ("St Joseph's R.C. Infants", "st joseph catholic infant"),
        ("St Joseph's Roman Catholic Infant", "st joseph catholic infant"),
        ("ST JOSEPHS RC INFANT", "st joseph catholic infant"),
        ("Bordesley Green Girls' School & Sixth Form", "bordesley green girl school sixth form"),
        ("6th form", "sixth form"),
        ("Ecole Française", "ecole francaise"),
        ("Strandgården Ærø", "strandgarden aero"),
        ("Cross in Hand, Kings", "cross hand king"),
        ("E.C.L. Centre", "ecl centre"),
        ("The", "the"),
        ("", ""),
        ("\x00!?%_\\", ""),
    ],
)
def test_words_have_one_form(written, words):
    assert " ".join(matching.words(written)) == words


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("B33 8QB", ["b338qb"]),
        ("b338qb", ["b338qb"]),
        ("st josephs b33 8", ["st", "joseph", "b338"]),
        ("B33", ["b33"]),
        ("330/1001", ["3301001"]),
        ("330 / 1001", ["3301001"]),
        ("green green", ["green"]),
        (
            "one two three four five six seven eight nine",
            ["one", "two", "three", "four", "five", "six", "seven", "eight"],
        ),
    ],
)
def test_query_words_join_what_belongs_together(typed, words):
    assert matching.query_words(typed) == words


@given(st.text())
def test_query_words_are_plain_whatever_is_typed(typed):
    words = matching.query_words(typed)

    assert len(words) <= 8
    assert all(word.isascii() and word.isalnum() and word == word.lower() for word in words)


def test_numbers_are_what_a_school_is_known_by():
    found = matching.numbers(
        urn=103120, ukprn="10076257", la_code="330", establishment_number="1001", postcode="B33 8QB"
    )

    assert found == "103120 10076257 3301001 b33 b338qb"


def test_numbers_leave_out_what_is_missing():
    assert matching.numbers(urn=1, ukprn="", la_code="330", establishment_number="", postcode="") == "1"


@pytest.mark.parametrize(
    ("first", "second", "slips"),
    [
        ("green", "green", 0),
        ("bordesly", "bordesley", 1),
        ("jospeh", "joseph", 1),
        ("kent", "cent", 1),
        ("aston", "", 5),
    ],
)
def test_slips_count_keyboard_errors(first, second, slips):
    assert matching.slips(first, second) == matching.slips(second, first) == slips


@given(st.text("abc", min_size=1, max_size=5), st.text("abc", min_size=1, max_size=5))
def test_one_slip_away_holds_exactly_the_strings_at_one_slip(first, second):
    assert (second in matching.one_slip_away(first)) == (matching.slips(first, second) == 1)


def test_closest_prefers_few_slips_then_common_words():
    known = [("green", 300), ("greene", 2), ("grean", 1), ("great", 200), ("greens", 9)]

    assert matching.closest("gren", known) == ["green", "grean"]
    assert matching.closest("greem", known) == ["green"]
    assert matching.closest("greex", [("greed", 1), ("green", 300)]) == ["green", "greed"]


def test_closest_leaves_short_words_and_numbers_alone():
    assert matching.closest("sv", [("st", 5000)]) == []
    assert matching.closest("1031201", [("103120", 1)]) == []
