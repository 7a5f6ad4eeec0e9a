"""An address searches, narrows and pages a list: every choice is a link that keeps the others."""

import pytest
from django.http import QueryDict

from shared_apps.core.narrowing import LONGEST_QUERY, Narrowing

NAMES = ("kind", "when")


def narrowing(address: str) -> Narrowing:
    return Narrowing(QueryDict(address), NAMES, 20)


def test_a_choice_is_added_or_taken_away_and_the_rest_kept() -> None:
    here = narrowing("q=pie&kind=question&page=3&other=1")

    group = here.counted("Kind", "kind", {"question": "4"}, {"question": "Questions", "member": "Members"})
    more = here.group("Kind", "kind", [("member", "Members", "2")])["options"][0]

    assert group == {
        "legend": "Kind",
        "name": "kind",
        "one": False,
        "options": [{"value": "question", "label": "Questions", "count": "4", "on": True, "url": "?q=pie"}],
    }
    assert (more["on"], more["url"]) == (False, "?q=pie&kind=question&kind=member")


def test_of_some_only_one_is_chosen() -> None:
    options = [("", "Any time", None), ("year", "This year", None), ("three", "Last 3", None)]

    drawn = narrowing("q=pie&when=year").group("When", "when", options, one=True)["options"]

    assert [each["on"] for each in drawn] == [False, True, False]
    assert [each["url"] for each in drawn] == ["?q=pie", "?q=pie&when=year", "?q=pie&when=three"]
    assert narrowing("q=pie").group("When", "when", options, one=True)["options"][0]["on"]


def test_what_is_on_and_has_no_results_stays_and_what_has_no_name_is_not_shown() -> None:
    here = narrowing("kind=member")

    group = here.counted(
        "Kind", "kind", {"question": "4", "secret": "9"}, {"question": "Questions", "member": "Members"}
    )

    assert [(each["value"], each["count"]) for each in group["options"]] == [("question", "4"), ("member", "0")]


def test_a_page_of_results_has_its_neighbours_and_chips() -> None:
    here = narrowing("q=pie&kind=a&kind=b&page=2")
    groups = [here.counted("Kind", "kind", {"a": "30", "b": "20"}, {"a": "As", "b": "Bs"}), here.group("W", "when", [])]

    drawn = here.context(groups, shown=20, total=50, label="50", meant="pies", number=2)

    assert drawn == {
        "q": "pie",
        "total": "50",
        "count": "50 results",
        "meant": "pies",
        "meant_url": "?q=pies&kind=a&kind=b",
        "groups": groups[:1],
        "on": 2,
        "chips": [{"label": "As", "url": "?q=pie&kind=b"}, {"label": "Bs", "url": "?q=pie&kind=a"}],
        "clear": "?q=pie",
        "keep": [("kind", "a"), ("kind", "b")],
        "first": 21,
        "last": 40,
        "before": "?q=pie&kind=a&kind=b&page=1",
        "after": "?q=pie&kind=a&kind=b&page=3",
    }


@pytest.mark.parametrize("text", ["", "0", "-1", "x", "²", "12345", "9" * 9])
def test_what_is_no_page_is_the_first(text: str) -> None:
    assert narrowing(f"page={text}").number == 1


def test_pages_and_queries_have_an_end() -> None:
    assert narrowing("page=900").offset == 980
    assert narrowing("q=a%00" + "b" * 900).query == "a" + "b" * (LONGEST_QUERY - 1)
