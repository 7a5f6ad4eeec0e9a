"""What somebody meant who misspelt a word, out of what they may find and nothing else."""

import pytest

from collective.index.matching import Condition
from collective.index.models import PublicationEntry
from collective.index.questions import read_question
from collective.index.services import index_document
from collective.index.spelling import did_you_mean
from tenants.context import in_collective
from tenants.ids import new_id
from tests.collective.index.conftest import ALDER, DAY


@pytest.fixture
def shelf(db):
    with in_collective():
        for title, visible in (("Catering contract", True), ("Insurance for boilers", True), ("Zeppelins", False)):
            index_document(
                model=PublicationEntry,
                document_id=new_id(),
                title=title,
                published_at=DAY,
                visible=visible,
                kind="question",
                origin_id=ALDER,
            )
        yield


def meant(query: str, *conditions: Condition) -> str:
    question = read_question(query, model=PublicationEntry)
    return did_you_mean(query, question, model=PublicationEntry, conditions=conditions)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("catring contrct", "catering contract"),
        ('who does "Bolier" insurnace?', 'who does "boilers" insurance?'),
        ("catering insurance", ""),
        ("xylophone", ""),
        ("cat", ""),
        ("", ""),
        ("<script>catring", "<script>catering"),
    ],
)
def test_unknown_words_become_known_ones_like_them(shelf, query: str, expected: str) -> None:
    assert meant(query) == expected


def test_what_the_reader_may_not_find_is_not_suggested(shelf) -> None:
    assert meant("zepelins") == ""
    assert meant("catring") == "catering"
    assert meant("catring", Condition("e.origin_id <> ALL(%s)", ([ALDER],))) == ""


def test_long_and_hostile_queries_cost_little(shelf, django_assert_max_num_queries) -> None:
    query = " ".join(f"catring{letter}" for letter in "abcdefghijklmnopqrstuvwxyz")
    question = read_question(query, model=PublicationEntry)

    with django_assert_max_num_queries(25):
        did_you_mean(query, question, model=PublicationEntry)
