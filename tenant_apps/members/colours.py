"""One colour makes a network's theme: reading it, and proving that what is made of it can be read.

The style sheet fixes the lightness and caps the strength of every colour it derives in OKLCH (Björn Ottosson's
colour space, 2020) and keeps the hue; these are the same sums, so that the contrast is known before it is saved.
"""

import math
import re
from dataclasses import dataclass

_LONG = re.compile(r"#?([0-9a-f]{6})", re.ASCII)
_SHORT = re.compile(r"#?([0-9a-f])([0-9a-f])([0-9a-f])", re.ASCII)

LEAST_CONTRAST = 4.5  # WCAG 2.2, 1.4.3
_LIGHT_FILL, _LIGHT_MOST_CHROMA = 0.430, 0.110
_DARK_FILL, _DARK_MOST_CHROMA = 0.800, 0.090
_DARK_TEXT, _DARK_TEXT_MOST_CHROMA = 0.200, 0.030

Rgb = tuple[float, float, float]


class ColourError(ValueError):
    """This is no colour; the message says what to write."""


@dataclass(frozen=True, slots=True)
class Contrast:
    """Contrast of the text on a button in this colour, as ratios to one."""

    light: float
    dark: float


def normalise(text: str) -> str:
    """Return `#rrggbb` in lower case; raises ColourError."""
    tidy = text.strip().lower()
    if short := _SHORT.fullmatch(tidy):
        return "#" + "".join(2 * figure for figure in short.groups())
    if long := _LONG.fullmatch(tidy):
        return f"#{long[1]}"
    raise ColourError("Write a colour as # and six figures from 0 to 9 and a to f, such as #00696b.")


def contrast_of(colour: str) -> Contrast:
    """Return how well text on a button can be read; the colour is `#rrggbb`."""
    chroma, hue = _chroma_and_hue(colour)
    light = _linear_rgb(_LIGHT_FILL, min(chroma, _LIGHT_MOST_CHROMA), hue)
    dark = _linear_rgb(_DARK_FILL, min(chroma, _DARK_MOST_CHROMA), hue)
    text = _linear_rgb(_DARK_TEXT, min(chroma, _DARK_TEXT_MOST_CHROMA), hue)
    return Contrast(light=_ratio((1, 1, 1), light), dark=_ratio(dark, text))


def _ratio(lighter: Rgb, darker: Rgb) -> float:
    return (_luminance(lighter) + 0.05) / (_luminance(darker) + 0.05)


def _luminance(linear: Rgb) -> float:
    red, green, blue = linear
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _chroma_and_hue(colour: str) -> tuple[float, float]:
    red, green, blue = (_to_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return math.hypot(a, b), math.atan2(b, a)


def _linear_rgb(lightness: float, chroma: float, hue: float) -> Rgb:
    """Return linear light, clipped to what a screen can show."""
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        _clip(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short),
        _clip(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short),
        _clip(-0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short),
    )


def _to_linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def _clip(value: float) -> float:
    return min(1.0, max(0.0, value))
