"""Text becomes plain words, and queries are read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collective.index.text import MAX_TEXT, Query, parse_query, plain_words, searchable_words, term_token


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Catering/cleaning and/or ICT", "Catering cleaning and or ICT"),
        ("It ends.Next starts", "It ends Next starts"),
        ("£4,800 or 4800, not 4,80", "4800 or 4800 not 4 80"),
        ("1,234,567.50 is 1.5 times", "1234567.50 is 1.5 times"),
        ("2020-21", "2020 21"),
        ("Café São Paulo, Straße, Łódź", "Cafe Sao Paulo Strasse Lodz"),
        ("R2, KS2 and Y7", "R2 KS2 and Y7"),
        ("head@school.example", "head school example"),
        ("snake_case", "snake case"),
        ("a\x00b\ud800c", "a bc"),
        ("the school’s ﬁle", "the school s file"),
        ("Who does IT support? WHO", "Who does IT0 support WHO0"),
        ("🏫 …!", ""),
    ],
)
def test_plain_words_reduces_text(text, words):
    assert plain_words(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("in-house catering", "in house catering inhouse"),
        ("state-of-the-art e-mail", "state of the art e mail stateoftheart email"),
        ("2020-21 and COVID-19", "2020 21 and COVID 19 COVID19"),
        ("well \u2010 known", "well known"),
        ("-left -out-", "left out"),
    ],
)
def test_searchable_words_adds_joined_words_after_the_text(text, words):
    assert searchable_words(text) == words


def test_searchable_words_is_bounded():
    text = "\ufdfa " * MAX_TEXT

    assert len(searchable_words(text)) <= 2 * MAX_TEXT


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("solar panels", Query(words="solar panels")),
        ('"solar panels"', Query(words="solar panels", required=("solar panels",))),
        ("“solar panels” roof", Query(words="roof solar panels", required=("solar panels",))),
        (
            'who fits "solar panels" here',
            Query(words="who fits here solar panels", stressed=("solar panels",)),
        ),
        ("panels -solar", Query(words="panels", excluded=("solar",))),
        ('panels -"flat roof"', Query(words="panels", excluded=("flat roof",))),
        ("panels - solar", Query(words="panels solar")),
        ("below -5 degrees", Query(words="below 5 degrees")),
        ("re-roofing", Query(words="re roofing reroofing")),
        ("five -in-house", Query(words="five", excluded=("in house",))),
        ('an "open quote', Query(words="an open quote")),
        ('""  "!"', Query()),
        ("-solar", Query(excluded=("solar",))),
        ("", Query()),
    ],
)
def test_parse_query_reads_phrases_and_exclusions(text, query):
    assert parse_query(text) == query


@given(st.text())
def test_parse_query_reads_anything(text):
    query = parse_query(text)

    assert "\x00" not in query.words
    query.words.encode()


def test_term_token_leaves_room_for_the_band_and_fits_a_bigint():
    tokens = {term_token(term) for term in ("school", "schools", "é", "", "x" * 3000)}

    assert len(tokens) == 5
    assert all(token % 8 == 0 and 0 <= token < 2**63 - 8 for token in tokens)
