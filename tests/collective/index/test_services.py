"""What is written, what it adds to the figures, and that writers neither wait for nor lose each other's counts."""

import threading

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collective.index import services
from collective.index.models import PublicationEntry, PublicationTermChange, PublicationTermStatistic
from collective.index.selectors import search
from tenants.context import in_collective
from tenants.ids import new_id
from tests.builders.at_once import at_once
from tests.collective.index.conftest import ALDER, BIRCH, DAY


def figures() -> dict[tuple[str, int], tuple[int, int]]:
    """Return the figures as reading adds them up."""
    added: dict[tuple[str, int], tuple[int, int]] = {}
    for model in (PublicationTermStatistic, PublicationTermChange):
        for term, band, *more in model.objects.values_list("term", "band", "documents", "occurrences"):
            known = added.get((term, band), (0, 0))
            added[term, band] = (known[0] + more[0], known[1] + more[1])
    return {key: value for key, value in added.items() if value != (0, 0)}


def test_index_document_stores_terms_sorted_with_a_title_counting_twice(put):
    document_id = put("Solar panels", "Panels on the roof")

    entry = PublicationEntry.objects.get(id=document_id)

    assert entry.tokens == sorted(entry.tokens)
    assert sorted(entry.frequencies) == [1, 2, 3]
    assert entry.length == 6
    assert {term: more for (term, _), more in figures().items()} == {
        "": (1, 6),
        "panel": (1, 3),
        "roof": (1, 1),
        "solar": (1, 2),
    }


def test_index_document_again_counts_what_changed_only(put):
    document_id = put("Solar panels", "on the roof")
    services.fold_statistics(model=PublicationEntry)

    put("Solar panels", "on the roof", document_id=document_id, is_answered=True)
    unchanged = PublicationTermChange.objects.count()
    put("Solar heating", "on the wall", document_id=document_id)

    assert unchanged == 0
    assert {term for term, _ in figures()} == {"", "solar", "heat", "wall"}


def test_remove_document_leaves_nothing(put):
    document_id = put("Solar panels", "on the roof")

    services.remove_document(document_id, model=PublicationEntry)
    services.remove_document(document_id, model=PublicationEntry)
    services.fold_statistics(model=PublicationEntry)

    assert not PublicationEntry.objects.exists()
    assert not PublicationTermStatistic.objects.exists()
    assert not PublicationTermChange.objects.exists()


def test_fold_statistics_changes_no_figure(put):
    put("Solar panels")
    put("Solar heating")
    before = figures()

    services.fold_statistics(model=PublicationEntry)

    assert figures() == before
    assert not PublicationTermChange.objects.exists()


def test_index_document_without_a_word_counts_as_a_document(put):
    put("", "")

    assert figures() == {("", 0): (1, 0)}


def test_set_visibility_hides_and_shows_what_comes_from_one_network(put):
    ours, theirs = put("Solar panels"), put("Solar panels", origin_id=BIRCH)
    found = {hit.id for hit in search("solar").hits}

    services.set_visibility(BIRCH, visible=False)
    hidden = {hit.id for hit in search("solar").hits}
    services.set_visibility(BIRCH, visible=True)

    assert found == {ours, theirs}
    assert hidden == {ours}
    assert {hit.id for hit in search("solar").hits} == {ours, theirs}


def test_rebuild_statistics_finds_nothing_wrong_after_ordinary_writes(put):
    put("Solar panels", "on the roof of the school " * 9)
    put("Café £4,800", "in-house catering, IT and R2")
    before = figures()

    assert services.rebuild_statistics(model=PublicationEntry) == 0
    assert figures() == before


def test_rebuild_statistics_corrects_what_is_wrong(put):
    put("Solar panels")
    before = figures()
    PublicationTermChange.objects.filter(term="solar").delete()
    PublicationTermStatistic.objects.create(term="ghost", band=1, documents=4, occurrences=9)

    assert services.rebuild_statistics(model=PublicationEntry) == 2
    assert figures() == before


words = st.lists(
    st.sampled_from(["school", "contract", "solar", "roof", "IT", "in-house", "£4,800", "café"]), max_size=9
)
acts = st.lists(st.tuples(st.sampled_from(["put", "remove", "fold"]), st.integers(0, 3), words, words), max_size=12)


@given(acts)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_figures_after_any_writes_equal_those_counted_afresh(collective, drawn):
    with transaction.atomic():
        ids = [new_id() for _ in range(4)]
        for act, which, title, body in drawn:
            perform(act, ids[which], " ".join(title), " ".join(body))
        kept = figures()

        corrected = services.rebuild_statistics(model=PublicationEntry)

        assert corrected == 0
        assert figures() == kept
        assert sum(more[0] for key, more in kept.items() if key == ("", 0)) == PublicationEntry.objects.count()
        transaction.set_rollback(True)


def perform(act: str, document_id, title: str, body: str) -> None:
    """Do one thing to the index."""
    if act == "put":
        document = services.Document(
            id=document_id, title=title, body=body, published_at=DAY, facets={"kind": "question", "origin_id": ALDER}
        )
        services.index_documents([document], model=PublicationEntry)
    elif act == "remove":
        services.remove_document(document_id, model=PublicationEntry)
    else:
        services.fold_statistics(model=PublicationEntry)


@pytest.mark.django_db(transaction=True)
def test_writers_of_the_same_words_do_not_wait_for_each_other():
    one_has_written, other_is_done = threading.Event(), threading.Event()

    def write_one():
        with in_collective(), transaction.atomic():
            perform("put", first, "solar panels", "roof")
            one_has_written.set()
            assert other_is_done.wait(20)

    def write_other():
        assert one_has_written.wait(20)
        with in_collective():
            perform("put", second, "panels solar", "roof")
            perform("fold", second, "", "")
        other_is_done.set()

    first, second = new_id(), new_id()
    assert at_once(write_one, write_other) == [None, None]

    with in_collective():
        assert figures()["", 0] == (2, 10)
        assert services.rebuild_statistics(model=PublicationEntry) == 0


@pytest.mark.django_db(transaction=True)
def test_writers_of_the_same_documents_take_turns_and_count_once():
    ids = [new_id() for _ in range(6)]

    def write(order, word: str) -> None:
        with in_collective():
            for _ in range(3):
                documents = [
                    services.Document(
                        id=each,
                        title=f"solar {word}",
                        published_at=DAY,
                        facets={"kind": "question", "origin_id": ALDER},
                    )
                    for each in order
                ]
                services.index_documents(documents, model=PublicationEntry)

    assert at_once(lambda: write(ids, "roof"), lambda: write(ids[::-1], "wall")) == [None, None]

    with in_collective():
        assert figures()["", 0] == (6, 24)
        assert services.rebuild_statistics(model=PublicationEntry) == 0
