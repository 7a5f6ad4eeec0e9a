"""The formula, and the plan of what is scored."""

from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collective.index.ranking import BUDGET, MAX_PAIRS, Plan, Term, band, most_telling, plan_candidates, weight

MANY = 200_000


def test_weight_is_idf_times_saturated_query_frequency():
    assert weight(1, 10, 1000) == pytest.approx(log(1 + 990.5 / 10.5))
    assert weight(3, 10, 1000) == pytest.approx(log(1 + 990.5 / 10.5) * 3 * 9 / 11)
    assert weight(1, 1000, 1000) > 0


@pytest.mark.parametrize(
    ("frequency", "length", "expected"), [(1, 150, 3), (1, 15, 5), (1, 1500, 0), (3, 150, 5), (9, 150, 7), (0, 9, 0)]
)
def test_band_grows_with_frequency_and_falls_with_length(frequency, length, expected):
    assert band(frequency, length) == expected


def test_most_telling_keeps_the_heaviest_terms():
    terms = [Term(8 * number, float(number), {1: 1}) for number in range(100)]

    kept = most_telling(terms)

    assert [term.weight for term in kept] == [float(number) for number in range(99, 67, -1)]


def test_plan_candidates_scores_everything_in_a_small_index():
    assert plan_candidates([Term(8, 1.0, {1: 5})], 2_000) == Plan()


def test_plan_candidates_takes_every_document_within_the_budget():
    plan = plan_candidates([Term(8, 2.0, {7: 5, 2: 9}), Term(16, 1.0, {3: 80})], MANY)

    assert plan == Plan((((10, 15),), ((19,),)))


def test_plan_candidates_takes_the_best_bands_of_a_common_word_and_some_of_the_next():
    plan = plan_candidates([Term(8, 1.0, {7: 400, 6: 2_000, 5: 30_000, 4: 50_000})], MANY)

    assert plan == Plan((((15,),),), tail=(14,), tail_size=1_100, is_complete=False)


def test_plan_candidates_brings_in_documents_that_have_two_common_words():
    first = Term(8, 2.0, {7: 100, 5: 30_000})
    second = Term(16, 1.9, {7: 100, 5: 20_000})

    plan = plan_candidates([first, second], MANY)

    assert plan.clauses == (((15,),), ((23,),), ((15,), (23,)))
    assert not plan.is_complete


bands = st.dictionaries(st.integers(0, 7), st.integers(1, MANY // 8), min_size=1)


@given(st.lists(st.tuples(st.floats(0.01, 20), bands), min_size=1, max_size=12))
def test_plan_candidates_never_takes_more_than_the_budget(drawn):
    terms = [Term(8 * number, heavy, found) for number, (heavy, found) in enumerate(drawn)]
    sizes = {term.token + each: count for term in terms for each, count in term.bands.items()}

    plan = plan_candidates(terms, MANY)

    singles = [clause for clause in plan.clauses if len(clause) == 1]
    assert sum(sizes[token] for clause in singles for token in clause[0]) <= BUDGET
    assert len(plan.clauses) - len(singles) <= MAX_PAIRS
    assert plan.is_complete == (sum(sizes.values()) <= BUDGET)
