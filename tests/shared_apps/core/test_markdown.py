"""What people typed becomes safe HTML."""

import pytest

from shared_apps.core.markdown import plain_text, readable_text, render_markdown

REL = 'rel="nofollow noopener noreferrer"'


@pytest.mark.parametrize(
    ("typed", "drawn"),
    [
        (
            "See https://www.gov.uk/x?a=1&b=2.",
            f'<a href="https://www.gov.uk/x?a=1&amp;b=2" {REL}>https://www.gov.uk/x?a=1&amp;b=2</a>.',
        ),
        ("www.gov.uk has it", f'<a href="http://www.gov.uk" {REL}>www.gov.uk</a> has it'),
        ("jo@school.co.uk", f'<a href="mailto:jo@school.co.uk" {REL}>jo@school.co.uk</a>'),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ("`https://x.example`", "<code>https://x.example</code>"),
        ("Ends at 3.30pm.Then home", "Ends at 3.30pm.Then home"),
    ],
)
def test_render_markdown_links_an_address_that_was_only_typed(typed, drawn):
    assert drawn in render_markdown(typed)


def test_plain_text_keeps_an_address_as_it_was_typed():
    assert plain_text("See https://www.gov.uk/x now") == "See https://www.gov.uk/x now"


def test_readable_text_keeps_paragraphs_lists_and_addresses():
    written = (
        "Hello **all**,\nwe & they:\n\n- one\n- [Circuit](https://c.example/?a=1&b=2)\n\n> so\n\n    a  b\n    c <i>"
    )

    assert readable_text(f"{written}\n\nhttps://x.example/ <b>") == (
        "Hello all,\nwe & they:\n\n- one\n- Circuit (https://c.example/?a=1&b=2)\n\nso\n\na  b\nc <i>\n\n"
        "https://x.example/ <b>"
    )
