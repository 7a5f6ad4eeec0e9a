"""A plain text reads the same as Markdown; nothing in it becomes a heading, a list or a link by accident."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_apps.core.markdown import plain_text, render_markdown
from tenant_apps.discussions.importing.texts import as_markdown, asks, shortened, title_of

REL = "nofollow noopener noreferrer"
PIECES = st.sampled_from(
    [
        *"ab1 \n\n#*-_+=|>~`[]()<&;:!.\\\"'\t/x",
        *("https://a.example/b_c_d", "&amp;", "1. ", "---", "```", "    ", "> ", "[x]: /u", "~~", "**"),
    ]
)


@given(st.lists(PIECES, max_size=25).map("".join))
def test_as_markdown_shows_what_was_written(text):
    markdown = as_markdown(text)

    html = str(render_markdown(markdown))
    assert set(re.findall(r"</?(\w+)", html)) <= {"p", "br", "a", "blockquote"}
    assert _words(plain_text(markdown)) == _words(text)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("# 1 of three\n- cheap", "<p># 1 of three<br>\n- cheap</p>"),
        ("1. One\n2) Two", "<p>1. One<br>\n2) Two</p>"),
        ("Title\n=====\n\n---", "<p>Title<br>\n=====</p>\n<p>---</p>"),
        ("> asked\nanswered", "<blockquote>\n<p>asked</p>\n</blockquote>\n<p>answered</p>"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ("[a](javascript:x)", "<p>[a](javascript:x)</p>"),
        ("a_b_c and 2*3*4", "<p>a_b_c and 2*3*4</p>"),
        (
            "See https://a.example/b_c?d=1.",
            f'<p>See <a href="https://a.example/b_c?d=1" rel="{REL}">https://a.example/b_c?d=1</a>.</p>',
        ),
    ],
)
def test_as_markdown_of_what_people_type(text, html):
    assert str(render_markdown(as_markdown(text))).strip() == html


@pytest.mark.parametrize("text", ["a\ud800b", "\x00\x07a b", "a\u2028b"])
def test_as_markdown_takes_any_text(text):
    as_markdown(text).encode()


def test_shortened_keeps_whole_lines_and_says_so():
    assert shortened("one\ntwo\nthree", 9) == "one\n\n…"


@pytest.mark.parametrize(
    ("subject", "title"),
    [
        ("RE: [sbm] AW: Fire doors (was: Doors)", "Fire doors"),
        ("Re:", "No subject"),
        ("", "No subject"),
        ("x" * 300, "x" * 199 + "…"),
    ],
)
def test_title_of(subject, title):
    assert title_of(subject) == title


@pytest.mark.parametrize(("text", "is_one"), [("Who?", True), ("https://a.example/?q=1", False), ("Thanks.", False)])
def test_asks(text, is_one):
    assert asks(text) is is_one


def _words(text: str) -> str:
    return re.sub(r"[\s>\u00a0]+", "", text)
