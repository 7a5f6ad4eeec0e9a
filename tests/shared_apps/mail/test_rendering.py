"""The text and HTML of messages."""

import pytest

from shared_apps.mail.rendering import clean_subject, darkened, render, sender_of
from tenants import context

VALUES = {
    "heading": "Rob Casey replied",
    "paragraphs": ["You asked about <solar> & batteries."],
    "quote": "We pay 4p.\n\nAsk for the <meter>.",
    "quote_by": "Rob Casey",
    "action_label": "Read and answer",
    "action_url": "https://alder.localhost/discussions/7/?a=1&b=2",
    "after": ["You can also reply to this email."],
    "reason": "You get this because you follow it.",
    "unsubscribe_url": "https://alder.localhost/unsubscribe/abc/",
}


@pytest.fixture
def values(in_alder, settings):
    settings.PUBLIC_PORT_SUFFIX = ":8000"
    return {**VALUES, "subject": "Solar panels", "sender": sender_of(None)}


def test_render_text_says_everything_and_escapes_nothing(values):
    text, _ = render("notice", values)

    assert text == (
        "Rob Casey replied\n\n"
        "You asked about <solar> & batteries.\n\n"
        "Rob Casey:\n> We pay 4p.\n>\n> Ask for the <meter>.\n\n"
        "Read and answer:\nhttps://alder.localhost/discussions/7/?a=1&b=2\n\n"
        "You can also reply to this email.\n\n"
        "-- \n"
        "You get this because you follow it.\n"
        "Alder SBM Network, part of SBM Collective\n"
        "http://alder.localhost:8000/\n"
        "Stop these emails: https://alder.localhost/unsubscribe/abc/\n"
    )


def test_render_html_says_the_same_and_escapes_everything(values):
    _, html = render("notice", values)

    for words in (
        "Rob Casey replied",
        "You asked about &lt;solar&gt; &amp; batteries.",
        "Ask for the &lt;meter&gt;.",
        'href="https://alder.localhost/discussions/7/?a=1&amp;b=2"',
        "You can also reply to this email.",
        "You get this because you follow it.",
        "Alder SBM Network, part of SBM Collective",
        'href="https://alder.localhost/unsubscribe/abc/"',
    ):
        assert words in html
    assert "{#" not in html
    assert "<script" not in html


def test_render_html_carries_the_networks_colour_and_a_readable_button(alder):
    alder.colour = "#ffd400"

    with context.in_network(alder):
        _, html = render("notice", {**VALUES, "subject": "a", "sender": sender_of(None)})

    assert "background-color:#ffd400" in html
    assert f"background-color:{darkened('#ffd400')}" in html


@pytest.mark.parametrize("colour", ["#ffffff", "#ffd400", "#00ff00", "#00696b", "#000000", "#8f2d56"])
def test_darkened_reaches_the_contrast_that_white_words_need(colour):
    channels = [int(darkened(colour)[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    luminance = sum(part * weight for part, weight in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))

    assert 1.05 / (luminance + 0.05) >= 4.5


def test_darkened_leaves_a_dark_colour_as_it_is():
    assert darkened("#00696b") == "#00696b"


def test_clean_subject_is_one_line_of_at_most_200_characters():
    assert clean_subject("  a\t b\r\nc \x07 ") == "a b c"
    assert clean_subject("x" * 300) == "x" * 199 + "…"


def test_sender_of_the_collective_and_the_platform(alder):
    with context.in_collective():
        collective = sender_of(None)
    platform, network = sender_of(None), sender_of("alder.localhost")

    assert (collective.name, collective.host) == ("SBM Collective", "collective.localhost")
    assert (platform.name, platform.host) == ("SBM Collective", "localhost")
    assert (network.name, network.host) == ("Alder SBM Network", "alder.localhost")
