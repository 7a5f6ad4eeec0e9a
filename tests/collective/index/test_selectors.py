"""What is found, in which order, how it is narrowed and counted, and what never appears."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from collective.index import ranking, services
from collective.index.matching import CAP, rank
from collective.index.models import PublicationEntry
from collective.index.questions import read_question
from collective.index.ranking import Plan
from collective.index.selectors import Filters, best_hits, best_ids, search
from tenants.ids import new_id
from tests.builders.hostile import big_list
from tests.collective.index.conftest import ALDER, BIRCH, CEDAR, DAY

HOSTILE = [
    "",
    " ",
    "\x00",
    "a\x00b",
    "\ud800 school",
    "'; DROP TABLE index_publicationentry; --",
    "%s %(x)s %",
    "\\",
    "& | ! ( ) <-> :*",
    '"',
    '""""',
    '-"',
    "-",
    "--- school",
    '"unclosed phrase',
    "-\"school -'",
    "{}[]()",
    "<script>alert(1)</script>",
    "\u202eschool",
    "🏫" * 500,
    "Ω≈ç√∫µ≤≥÷",
    "田中さんにあげて下さい",
    "school " * 20_000,
    "x" * 100_000,
    "\ufdfa" * 5_000,
    "1e999 0x7f -1 1.7976931348623157e309",
    "\t\r\n\x0b\x1b[31m",
]


def titles(query: str, **given) -> list[str]:
    """Return the titles of what is found, in order."""
    return [hit.entry.title for hit in search(query, **given).hits]


@pytest.fixture
def library(put):
    """Put a few documents that tell apart what a search must."""
    put("Solar panels on a flat roof", "We leased ours from the council.")
    put("Roof repairs", "The panels were damaged, and so was everything around them on the solar side of the house.")
    put("Catering contracts", "In-house catering saved £4,800 a year. Who does IT support?")
    put("Safeguarding records", "Café staff need a check under rule R2; it takes a week.")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("solar panels", ["Solar panels on a flat roof", "Roof repairs"]),
        ("roofs", ["Solar panels on a flat roof", "Roof repairs"]),
        ("How much could we save by doing the catering ourselves?", ["Catering contracts"]),
        ("inhouse", ["Catering contracts"]),
        ("in-house", ["Catering contracts", "Roof repairs"]),
        ("4800", ["Catering contracts"]),
        ("£4,800", ["Catering contracts"]),
        ("IT", ["Catering contracts"]),
        ("cafe", ["Safeguarding records"]),
        ("CAFÉ", ["Safeguarding records"]),
        ("r2", ["Safeguarding records"]),
        ('"solar panels"', ["Solar panels on a flat roof"]),
        ('"panels solar"', []),
        ('roof "were damaged"', ["Roof repairs"]),
        ("panels -council", ["Roof repairs"]),
        ('panels -"flat roof"', ["Roof repairs"]),
        ("panels -unheardof", ["Solar panels on a flat roof", "Roof repairs"]),
        ("who is it", []),
        ("-solar", []),
        ("unheardof", []),
        ('"unheardof words" roof', []),
    ],
)
def test_search_finds(library, query, found):
    assert titles(query) == found


def test_search_stresses_a_phrase_in_a_sentence(put):
    put("Two", "staff paid term time only", published_at=DAY)
    put("One", "only paid staff, time, term", published_at=DAY + timedelta(days=1))

    assert titles("How do others pay term time only staff?") == ["One", "Two"]
    assert titles('How do others pay "term time only" staff?') == ["Two", "One"]


def test_search_blank_returns_the_newest_first(put):
    put("Older", published_at=DAY)
    put("Newer", published_at=DAY + timedelta(days=1))

    assert titles("") == titles("  ") == ["Newer", "Older"]


def test_search_marks_words_and_lets_no_markup_through(put):
    put(
        "<b>Solar</b> & panels",
        "Ask <script>alert('solar')</script> about panelling.",
        extra_text="A panel costs £900 <i>each</i>.",
    )

    hit = search("solar panel").hits[0]

    assert hit.title_html == "&lt;b&gt;<mark>Solar</mark>&lt;/b&gt; &amp; <mark>panels</mark>"
    assert hit.passage_html == (
        "Ask &lt;script&gt;alert(&#x27;<mark>solar</mark>&#x27;)&lt;/script&gt; about <mark>panelling</mark>."
    )
    assert hit.answer_html == "A <mark>panel</mark> costs £900 &lt;i&gt;each&lt;/i&gt;."


def test_search_finds_answers_and_shows_none_without_the_words(put):
    put("Leasing", "Has anybody done it?", extra_text="We leased photocopiers for five years.")

    found = search("photocopier").hits[0]
    by_title = search("anybody").hits[0]

    assert found.answer_html == "We leased <mark>photocopiers</mark> for five years."
    assert by_title.answer_html == ""


def test_search_scores_are_bm25(put):
    put("Solar", "panels panels")
    put("Roof", "tiles on the roof")

    hit = search("solar panels").hits[0]

    # length 4, mean (4 + 4) / 2, so the norm is 1.2 * (0.25 + 0.75 * 1) = 1.2; f = 2 for both words, n = 1 of 2
    assert hit.score == pytest.approx(2 * ranking.weight(1, 1, 2) * 2 / 3.2)


@pytest.fixture
def shelves(put):
    """Put documents that differ in what they can be narrowed by."""
    put("Solar 1", kind="question", category="Premises", phase="Primary", is_answered=True)
    put("Solar 2", kind="question", category="Premises", phase="Secondary", origin_id=BIRCH)
    put("Solar 3", kind="recommendation", category="Energy", origin_id=BIRCH)
    put(
        "Solar 4", kind="discussion", category="", published_at=DAY.replace(year=2024), origin_id=CEDAR, network_id=None
    )
    put("Roof", kind="discussion", category="Premises")


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (Filters(kind=["question"]), {"Solar 1", "Solar 2"}),
        (Filters(kind=["question", "recommendation"]), {"Solar 1", "Solar 2", "Solar 3"}),
        (Filters(network=[BIRCH]), {"Solar 2", "Solar 3"}),
        (Filters(category=["Premises"], network=[ALDER]), {"Solar 1"}),
        (Filters(answered=[True]), {"Solar 1"}),
        (Filters(answered=[False]), {"Solar 2"}),
        (Filters(answered=[True, False]), {"Solar 1", "Solar 2"}),
        (Filters(phase=["Secondary"]), {"Solar 2"}),
        (Filters(year=[2024]), {"Solar 4"}),
        (Filters(published_before=DAY), {"Solar 4"}),
        (Filters(published_from=DAY), {"Solar 1", "Solar 2", "Solar 3"}),
        (Filters(category=["no\x00ne"]), set()),
        (Filters(network=[CEDAR]), set()),
    ],
)
def test_search_narrows(shelves, filters, found):
    page = search("solar", filters=filters)

    assert {hit.entry.title for hit in page.hits} == found
    assert page.total == len(found)


def test_search_counts_each_facet_without_its_own_choice(shelves):
    page = search("solar", filters=Filters(kind=["question"], category=["Premises"]))

    assert {name: {each.value: each.label for each in counts} for name, counts in page.facets.items()} == {
        "kind": {"question": "2"},
        "network": {ALDER: "1", BIRCH: "1"},
        "category": {"Premises": "2"},
        "answered": {True: "1", False: "1"},
        "phase": {"Primary": "1", "Secondary": "1"},
        "year": {2026: "2"},
    }


def test_search_counts_other_values_of_a_chosen_facet(shelves):
    page = search("solar", filters=Filters(kind=["question"]))

    assert {each.value: each.count for each in page.facets["kind"]} == {
        "question": 2,
        "recommendation": 1,
        "discussion": 1,
    }
    assert page.total == 2


def test_only_a_question_can_wait_for_an_answer(shelves):
    assert {each.value: each.count for each in search("solar").facets["answered"]} == {True: 1, False: 1}


def test_best_ids_are_those_of_the_search(shelves):
    given = {"filters": Filters(kind=["question", "recommendation"]), "exclude_networks": [CEDAR]}

    ids = best_ids("solar", **given)

    assert ids == [hit.id for hit in search("solar", **given).hits]
    assert len(ids) == 3
    assert best_ids("solar", limit=1, **given) == ids[:1]


def test_what_is_read_for_the_best_alone_counts_nothing(shelves):
    with CaptureQueriesContext(connection) as asked:
        hits = best_hits("solar", model=PublicationEntry)
        best_ids("solar")

    assert hits == search("solar").hits
    assert not any("GROUPING" in query["sql"] for query in asked)


@pytest.mark.parametrize("query", ["solar", "", '"solar"', "How do others use solar power?"])
def test_search_never_shows_what_is_hidden_or_excluded(put, query):
    shown = put("Solar alder", "power")
    put("Solar hidden", "power", visible=False)
    put("Solar birch", "power", origin_id=BIRCH)
    put("Solar anonymous", "power", origin_id=BIRCH, network_id=None)
    without = search(query)

    page = search(query, exclude_networks=[BIRCH])

    assert without.total == 3
    assert [hit.id for hit in page.hits] == [shown]
    assert page.total == 1
    assert {each.label for counts in page.facets.values() for each in counts} == {"1"}


def test_search_shows_an_anonymous_document_under_no_network(put):
    put("Solar", origin_id=BIRCH, network_id=None)

    page = search("solar")

    assert page.total == 1
    assert page.facets["network"] == ()
    assert search("solar", filters=Filters(network=[BIRCH])).total == 0


@pytest.fixture
def many(collective):
    """Put 2,300 documents: more than are counted, and more than are scored without choosing."""
    documents = [
        services.Document(
            id=new_id(),
            title=f"Solar {'panels ' if number % 10 == 0 else ''}{number}",
            body="school " * (number % 7),
            published_at=DAY,
            facets={
                "kind": "question" if number < 30 else "discussion",
                "origin_id": ALDER,
                "network_id": BIRCH if number % 200 == 0 else ALDER,
            },
        )
        for number in range(2_300)
    ]
    services.index_documents(documents, model=PublicationEntry)
    services.fold_statistics(model=PublicationEntry)


def test_search_over_many(many):
    page = search("solar")
    kinds = {each.value: each.label for each in page.facets["kind"]}
    last = search("solar", offset=980)
    beyond = search("solar", offset=CAP)
    few = search("panels", limit=100)
    narrowed = search("solar", filters=Filters(network=[BIRCH]))
    second = search("solar", offset=20)

    assert page.total_label == "1,000+"
    assert len(page.hits) == 20
    assert kinds["discussion"] == "1,000+"
    assert len(last.hits) == 20
    assert beyond.hits == ()
    assert beyond.total_label == "1,000+"
    assert (few.total_label, len(few.hits)) == ("230", 100)
    assert (narrowed.total_label, len(narrowed.hits)) == ("12", 12)
    assert not {hit.id for hit in page.hits} & {hit.id for hit in second.hits}


def test_search_reads_the_index_in_a_fixed_number_of_queries(library, django_assert_num_queries):
    for limit in (1, 3):
        with django_assert_num_queries(4):
            search("panels on the roof", limit=limit)
    with django_assert_num_queries(5):
        search("panels on the roof", filters=Filters(kind=["discussion"]))


@pytest.mark.parametrize("query", HOSTILE, ids=range(len(HOSTILE)))
def test_search_answers_anything(library, query):
    with transaction.atomic():
        page = search(query, filters=Filters(category=[query[:50]]))

    assert page.total >= 0


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_anything_can_be_indexed(put, text):
    put(text, text, extra_text=text)

    assert search("", limit=1).total == 1
    assert services.rebuild_statistics(model=PublicationEntry) == 0


def test_naughty_strings_can_be_indexed_and_asked(put):
    for text in big_list():
        put(text, text)
        with transaction.atomic():
            page = search(text)
        for hit in page.hits:
            plain = f"{hit.title_html}{hit.passage_html}".replace("<mark>", "").replace("</mark>", "")
            assert "<" not in plain

    assert services.rebuild_statistics(model=PublicationEntry) == 0


def test_rank_within_a_budget_finds_the_same_as_scoring_everything(many):
    question = read_question("solar panels of a school 7", model=PublicationEntry)
    everything = rank(question, model=PublicationEntry, budget=10_000, limit=50)

    bounded = rank(question, model=PublicationEntry, budget=500, limit=50)

    assert question.plan(budget=10_000) == Plan()
    assert not question.plan(budget=500).is_complete
    assert bounded.best == everything.best
    assert (bounded.is_complete, everything.is_complete) == (False, True)


def test_rank_leaves_the_planner_as_it_was(many):
    with transaction.atomic(), connection.cursor() as cursor:
        rank(read_question("solar", model=PublicationEntry), model=PublicationEntry, budget=500)
        cursor.execute("SHOW enable_seqscan")

        assert cursor.fetchone() == ("on",)
