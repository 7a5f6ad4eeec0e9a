"""Any colour that a network may choose leaves text that can be read."""

from itertools import product

import pytest

from tenant_apps.members import colours

EVERY_SHORT_COLOUR = ["#" + "".join(2 * figure for figure in each) for each in product("0123456789abcdef", repeat=3)]


@pytest.mark.parametrize(
    ("text", "colour"),
    [("#00696B", "#00696b"), ("00696b", "#00696b"), (" #fd4 ", "#ffdd44"), ("FD4", "#ffdd44")],
)
def test_normalise(text, colour):
    assert colours.normalise(text) == colour


@pytest.mark.parametrize(
    "text", ["", "#", "red", "#12345", "#1234567", "#00696b;}", "#00696b\n#", "\uff11\uff12\uff13", "\x00"]
)
def test_normalise_refuses(text):
    with pytest.raises(colours.ColourError):
        colours.normalise(text)


def test_contrast_of_every_short_colour():
    """The worst of 4,096 that a browser measured for the style sheet's own rules were 7.3 light and 9.3 dark."""
    found = [colours.contrast_of(colour) for colour in EVERY_SHORT_COLOUR]

    assert 7.25 <= min(each.light for each in found) < 7.35
    assert 9.25 <= min(each.dark for each in found) < 9.40


def test_contrast_of_yellow():
    """#ffd400 becomes a dark olive fill with white text, 8.1 to 1."""
    assert round(colours.contrast_of("#ffd400").light, 1) == 8.1
