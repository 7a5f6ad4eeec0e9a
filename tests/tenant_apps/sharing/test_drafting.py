"""From a source to what others see: who is shown, and the words that stay."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collective.publications.drafts import CUT, role_words
from collective.publications.enums import Identity, PublicationKind
from shared_apps.core.markdown import plain_text, render_markdown
from tenant_apps.sharing.adapters import Source
from tenant_apps.sharing.drafting import (
    Author,
    Home,
    make_draft,
    missing_cuts,
    redact,
    redact_title,
    telling_words,
)
from tenants.ids import new_id

AT = datetime(2026, 11, 10, 16, 20, 5, tzinfo=ZoneInfo("Europe/London"))
AUTHOR = Author(name="Priya Raman", job="Business manager", school="Moor End Primary", phase="Primary")
HOME = Home(name="Alder SBM Network", shown_region="West Midlands")


def source(**values) -> Source:
    usual = {
        "source_id": new_id(),
        "kind": PublicationKind.QUESTION,
        "author_id": new_id(),
        "title": "Who does it?",
        "body": "Ours retired.",
        "created_at": AT,
        "category": "Buildings",
        "phase": "Primary",
        "size": "211 to 420",
    }
    return Source(**usual | values)


def draft(identity: Identity, **values):
    return make_draft(source(**values), identity=identity, redactions=[], author=AUTHOR, home=HOME)


def shown(identity: Identity, **values) -> tuple[str, ...]:
    made = draft(identity, **values)
    return made.shown_name, made.shown_role, made.shown_network, made.shown_region, made.category, made.phase, made.size


@pytest.mark.parametrize(
    ("identity", "expected"),
    [
        (
            Identity.NAMED,
            ("Priya Raman", "Business manager, Moor End Primary", HOME.name, "", "Buildings", "Primary", "211 to 420"),
        ),
        (
            Identity.ROLE,
            ("", "Business manager, primary school", HOME.name, "", "Buildings", "Primary", "211 to 420"),
        ),
        (Identity.ANONYMOUS, ("", "", "", "West Midlands", "Buildings", "", "")),
    ],
)
def test_make_draft_shows_as_much_as_was_chosen(identity, expected) -> None:
    assert shown(identity) == expected


def test_an_anonymous_draft_has_a_day_and_no_category_of_the_networks_own() -> None:
    made = draft(Identity.ANONYMOUS, category="Alder lettings club", is_common_category=False)

    assert made.shown_at == datetime(2026, 11, 10, tzinfo=ZoneInfo("Europe/London"))
    assert "Alder" not in repr(made)
    assert draft(Identity.ROLE, is_common_category=False).category == "Buildings"


@pytest.mark.parametrize(
    ("job", "phase", "words"),
    [
        ("Bursar", "Primary", "Bursar, primary school"),
        ("Bursar", "Foundation special school", "Bursar, foundation special school"),
        ("Bursar", "Not applicable", "Bursar"),
        ("", "All-through", "all-through school"),
        ("", "", ""),
    ],
)
def test_role_words(job, phase, words) -> None:
    assert role_words(job, phase) == words


@pytest.mark.parametrize(
    ("text", "redactions", "left"),
    [
        ("Acme and ACME's van", ["acme"], f"{CUT} and {CUT}'s van"),
        ("Hartwell & Dunne", ["Hartwell", "Hartwell & Dunne"], CUT),
        ("Hartwell\n  &\tDunne cook", ["hartwell & dunne"], f"{CUT} cook"),
        ("Hart**well** &amp; Dunne *cook*", ["Hartwell & Dunne"], f"{CUT} cook"),
        ("Har\\twell", ["Har\\twell"], CUT),
        ("[our caterer](https://acme.example)", ["acme"], f"[our caterer](https://{CUT}.example)"),
        ("Cafe\u0301 Noir", ["café noir"], CUT),
        ("removed", ["Acme", "move"], f"re{CUT}d"),
        ("£2.94 a meal (£2.94)", ["£2.94"], f"{CUT} a meal ({CUT})"),
        ("Nothing here", ["", "  ", "Acme"], "Nothing here"),
        ("a.b", ["a.b", "x|y"], CUT),
        ("&#65;cme &#x41;cme", ["Acme"], f"{CUT} {CUT}"),
        ("Jo made a joke, _Jo_ did", ["Jo"], f"{CUT} made a joke, _{CUT}_ did"),
        ("leaking as a sieve", ["a"], f"leaking as {CUT} sieve"),
    ],
)
def test_redact(text, redactions, left) -> None:
    assert redact(text, redactions) == left


def test_redact_gives_the_whole_text_up_where_marks_hide_the_word_for_good() -> None:
    twice_hidden = "&amp;#65;cme"  # as plain words it is &#65;cme, which is drawn as Acme

    assert redact(twice_hidden, ["Acme"]) in (CUT, "&amp;#65;cme")
    assert "Acme" not in plain_text(redact(twice_hidden, ["Acme"]))


def test_redact_title_is_no_markdown_and_fits() -> None:
    assert redact_title("*Acme* &amp; more", ["acme"]) == f"*{CUT}* &amp; more"
    assert len(redact_title("a " * 100, ["a"])) == 200


def test_missing_cuts_are_those_that_nobody_would_read() -> None:
    read = source(title="Who tests it?", body="**Circuit** Sense &amp; Co came in 2024.")

    assert missing_cuts(read, ["circuit sense & co", "tests", "kangaroo", "202"]) == ["kangaroo", "202"]


@pytest.mark.parametrize(
    ("identity", "words"),
    [
        (Identity.NAMED, []),
        (Identity.ROLE, ["Moor End Primary", "Raman"]),
        (Identity.ANONYMOUS, ["Moor End Primary", "Raman", "Alder"]),
    ],
)
def test_telling_words_are_what_the_identity_leaves_out(identity, words) -> None:
    made = draft(
        identity, title="A primary school", body="We at Moor End Primary, says *Raman* of Alder, manage a network."
    )

    assert telling_words(made, AUTHOR, HOME) == words


@given(
    words=st.lists(st.sampled_from(["Acme", "Ac**me**", "A&#99;me", "acme", "x", "\n", "> ", "`Acme`", "_", "* "])),
    cut=st.sampled_from(["Acme", "acme", "ACME"]),
)
def test_redact_never_leaves_the_word_on_the_page(words, cut) -> None:
    left = redact(" ".join(words), [cut])

    assert "acme" not in plain_text(left).lower()
    assert "acme" not in str(render_markdown(left)).lower()
