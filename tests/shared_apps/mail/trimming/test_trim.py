"""What is shown of plain texts: invented ones, real ones where they stand, and anything hypothesis thinks of."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared_apps.mail.trimming import trim
from tests.cluster import ROOT
from tests.shared_apps.mail.trimming.messages import cases

CASES = cases()
REAL = ROOT.parent / "shared/data/email"  # beside the repository, where there is one
DISCOURSE = REAL / "discourse-email_reply_trimmer"
GITHUB = REAL / "github-email_reply_parser" / "emails"
ONLY_FIRST_LINE = {  # of messages from github/email_reply_parser (MIT): the first line is all that is the author's
    "correct_sig": "this is an email with a correct -- signature.",
    "email_1_4": "Awesome! I haven't had another problem with it.",
    "email_1_6": "I get proper rendering as well.",
    "email_1_7": ":+1:",
    "email_2_1": "Outlook with a reply",
    "email_2_2": "Outlook with a reply directly above line",
    "email_2_3": "Outlook with a reply directly above line",
    "email_BlackBerry": "Here is another email",
    "email_iPhone": "Here is another email",
    "email_multi_word_sent_from_my_mobile_device": "Here is another email",
}
ENDS = {  # the last line a reader sees, of the longer ones, and how many lines there are
    "email_1_1": ("-Abhishek Kona", 7),
    "email_1_2": ('the keys in a bucket, you’ll need to delete them all individually."', 33),
    "email_1_3": ("-Abhishek Kona", 5),
    "email_1_5": ("for a while.", 15),
    "email_1_8": ("and under this.", 17),
    "email_bullets": ("   - and another", 9),
    "email_long_quote": ("-Abhishek Kona", 10),
    "email_one_is_not_on": ("Locally (on development), when I run...", 5),
    "email_sent_from_my_not_signature": ("Sent from my desk, is much easier then my mobile phone.", 3),
    "email_sig_delimiter_in_middle_of_line": ("kthxbai", 7),
    "greedy_on": ("fails, the tunnel is not working.", 6),
    "pathological": ("get back to a computer.", 2),
}
needs_real = pytest.mark.skipif(not REAL.exists(), reason="the real messages are not here")
PIECES = (
    *(
        "On Wed, 12 Nov 2025 at 09:14, Jo <jo@b.example> wrote:",
        "On 3 May the plumber wrote:",
        "wrote:",
        "-- ",
        "_____",
    ),
    *("> quoted", ">> deeper", "From: Jo <jo@b.example>", "Sent: 12 November 2025 09:14", "To: Al", "Subject: Hi", ""),
    *(
        "Kind regards",
        "Jo Smith",
        "Tel: 01234 567890",
        "Sent from my iPhone",
        "-----Original Message-----",
        "Own words.",
    ),
    *(
        "Begin forwarded message:",
        "This email is confidential and intended for the addressee.",
        "\u202b\u05e2\u05d1:",
        "\xa0",
    ),
)


@pytest.mark.parametrize("name", CASES)
def test_trim_shows_what_a_reader_expects(name):
    text, shown = CASES[name]

    assert trim(text).shown == shown


@pytest.mark.parametrize("name", CASES)
def test_trim_does_the_same_with_other_line_ends(name):
    text, shown = CASES[name]

    assert trim(text.replace("\n", "\r\n")).shown == shown


@needs_real
@pytest.mark.parametrize("path", sorted((DISCOURSE / "emails").glob("*.txt")), ids=lambda path: path.stem)
def test_trim_real_messages_of_discourse(path):
    expected = (DISCOURSE / "trimmed" / path.name).read_text()

    assert trim(path.read_text()).shown.strip() == expected.strip()


@needs_real
@pytest.mark.parametrize("path", sorted(GITHUB.glob("*.txt")), ids=lambda path: path.stem)
def test_trim_real_messages_of_github(path):
    lines = trim(path.read_text()).shown.splitlines()

    if path.stem in ONLY_FIRST_LINE:
        assert lines == [ONLY_FIRST_LINE[path.stem]]
    else:
        assert (lines[-1], len(lines)) == ENDS[path.stem]


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(), st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=20))).map("\n".join)))
def test_trim_never_loses_a_line(text):
    trimmed = trim(text)

    assert words_of(trimmed.shown + "\n" + trimmed.hidden) == words_of(text)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(PIECES), min_size=1))
def test_trim_shows_words_whenever_there_are_some(lines):
    text = "\n".join(["Own words at the top of it.", "", *lines])

    assert trim(text).shown.startswith("Own words at the top of it.")


@pytest.mark.parametrize(
    "unit",
    [
        *(
            ">",
            ">\n",
            "> ",
            "On ",
            "On \n",
            "On 5 May 2024 10:00 a b c d\n",
            " ",
            " \n",
            "\n",
            "\r",
            "-",
            "--\n",
            "_____\n",
        ),
        *(
            "From: a\nTo: b\n",
            "From: a@b.c\n\n",
            "wrote:\n",
            "Jo wrote:\n",
            "On 5 May 2024 10:00, Jo <a@b.c> wrote:\n> x\n\nt\n",
        ),
        *(
            "On 5 May, Jo wrote:\n> x\nt\n",
            "a@",
            "<a@b>:\n",
            "Sent from my iPhone\n",
            "Kind regards\nJo\n0123 456789\n",
            "\xa0\n",
        ),
        *(
            "> a\nb\n",
            "> a\n\nb\n\n",
            "C> x\n",
            "-----Original Message-----\n",
            "This email is confidential\n",
            "1",
            "a\n",
            "me on On Wed, Apr 4, 2012 at 3:59 PM, bob@example.com wrote:\n",
            "> https://a.example/(b\nc)\n",
            "We are committed to safeguarding ",
            "From: a\nDate: 3/5/2025 10:00\nTo: b\n",
        ),
    ],
)
def test_trim_is_fast_whatever_it_gets(unit):
    text = (unit * (1_000_000 // len(unit) + 1))[:1_000_000]

    for whole in (text, f"Hello\n\n{text}", f"{text}\n\nHello"):
        started = time.process_time()
        trim(whole)

        assert time.process_time() - started < 1


def test_trim_finds_an_answer_below_a_megabyte_of_quotes():
    quote = "> Somebody said something long about the boiler, and then went on.\n" * 15_000

    assert trim(f"Above.\n\nOn 12/11/2025 09:14, Jo wrote:\n{quote}").shown == "Above."
    assert trim(f"On 12/11/2025 09:14, Jo wrote:\n{quote}\nBelow.").shown.endswith("\n\nBelow.")


def test_trim_says_when_the_author_wrote_nothing():
    assert trim("On 12/11/2025 09:14, Jo wrote:\n> Which?").is_only_quote
    assert not trim("This one.\n\nOn 12/11/2025 09:14, Jo wrote:\n> Which?").is_only_quote


def words_of(text: str) -> list[str]:
    """Every line with something in it, in any order."""
    return sorted(line.strip() for line in text.replace("\r", "\n").replace("\x00", "").split("\n") if line.strip())
