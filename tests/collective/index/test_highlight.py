"""Passages and marks, always as safe HTML."""

from hypothesis import given
from hypothesis import strategies as st

from collective.index.highlight import Spot, find_spots, marked, passage, possible_words


def spots_of(text: str, /, **weights: float) -> list[Spot]:
    """Find words in a text as if each were its own stem."""
    words = possible_words(text, weights)
    return find_spots(words, {part: part for word in words for part in word.parts}, weights)


def test_marked_escapes_all_but_its_own_marks():
    text = "<b>Solar</b> & <mark>panels"

    html = marked(text, spots_of(text, solar=2.0, panels=1.0))

    assert html == "&lt;b&gt;<mark>Solar</mark>&lt;/b&gt; &amp; &lt;mark&gt;<mark>panels</mark>"


def test_find_spots_sees_through_accents_and_case():
    text = "CAFÉ, café and cafes"

    assert [spot.term for spot in spots_of(text, cafe=1.0)] == ["cafe", "cafe"]


def test_find_spots_sees_numbers_and_short_terms():
    text = "It cost £4,800 under R2."

    assert marked(text, spots_of(text, **{"4800": 1.0, "r2": 1.0})) == (
        "It cost £<mark>4,800</mark> under <mark>R2</mark>."
    )


def test_passage_shows_the_window_that_weighs_most():
    text = f"panels {'x ' * 200}then solar panels for roofs {'y ' * 200}end"

    html = passage(text, spots_of(text, panels=1.0, solar=2.0, roofs=2.0), length=80)

    assert html.startswith("… ")
    assert html.endswith(" …")
    assert "<mark>solar</mark> <mark>panels</mark> for <mark>roofs</mark>" in html
    assert len(html) < 80 + 3 * 13 + 60


def test_passage_without_spots_is_the_beginning():
    assert passage("  One\n two ", []) == " One two "
    assert passage("word " * 100, [], length=20) == "word word word word …"


@given(st.text(), st.lists(st.text(min_size=1, max_size=5)))
def test_passage_lets_no_markup_through(text, terms):
    html = passage(text, spots_of(text, **dict.fromkeys(terms, 1.0)))

    plain = html.replace("<mark>", "").replace("</mark>", "")
    assert "<" not in plain
    assert ">" not in plain
    assert html.count("<mark>") == html.count("</mark>")
