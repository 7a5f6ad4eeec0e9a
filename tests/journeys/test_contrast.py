"""Every colour a network may choose, in both modes, as the browser resolves it: text is readable and edges are seen."""

from itertools import product
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.journey
TOKENS = Path(settings.BASE_DIR) / "shared_apps/core/static/core/css/tokens.css"
COLOURS = ["#" + "".join(digits) for digits in product("0123456789abcdef", repeat=3)]

TEXT, EDGE = 4.5, 3.0
PAIRS = [  # ink, ground, the least contrast WCAG asks of the pair
    *[(ink, ground, TEXT) for ink in ("ink", "ink-soft") for ground in ("canvas", "surface", "sunken", "net-tint")],
    *[("net-ink", ground, TEXT) for ground in ("surface", "canvas", "net-tint")],
    *[(state, ground, TEXT) for state in ("good", "warn", "bad", "note") for ground in ("surface", f"{state}-tint")],
    ("net-ink-hover", "surface", TEXT),
    ("net-on-fill", "net-fill", TEXT),
    ("net-on-fill", "net-fill-hover", TEXT),
    ("on-mark", "mark", TEXT),
    ("net-fill", "canvas", EDGE),
    ("net-chart", "surface", EDGE),
    ("net-chart", "sunken", EDGE),
    ("line-strong", "surface", EDGE),
    ("line-strong", "canvas", EDGE),
    ("focus", "canvas", EDGE),
    ("focus", "net-tint", EDGE),
    *[(f"rag-{shape}", "surface", EDGE) for shape in ("red", "amber", "green")],
]

# Paints each token as one pixel, so that the browser itself turns oklch() and light-dark() into what is seen.
MEASURE = """([colours, pairs]) => {
  const names = [...new Set(pairs.flatMap(([ink, ground]) => [ink, ground]))];
  const probes = names.map((name) => {
    const probe = document.body.appendChild(document.createElement("i"));
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe);
  });
  const canvas = Object.assign(document.createElement("canvas"), { width: names.length, height: 1 });
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  const channel = (value) => (value /= 255) <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  const worst = pairs.map(() => [99, ""]);
  for (const colour of colours) {
    document.documentElement.style.setProperty("--network", colour);
    probes.forEach((style, place) => { pen.fillStyle = style.color; pen.fillRect(place, 0, 1, 1); });
    const pixels = pen.getImageData(0, 0, names.length, 1).data;
    const light = Object.fromEntries(names.map((name, place) => {
      const [red, green, blue] = pixels.slice(place * 4).subarray(0, 3);
      return [name, 0.2126 * channel(red) + 0.7152 * channel(green) + 0.0722 * channel(blue)];
    }));
    pairs.forEach(([ink, ground], place) => {
      const [low, high] = [light[ink], light[ground]].sort((one, other) => one - other);
      const contrast = (high + 0.05) / (low + 0.05);
      if (contrast < worst[place][0]) worst[place] = [contrast, colour];
    });
  }
  return worst;
}"""


@pytest.fixture(params=["light", "dark"])
def page(browser: Browser, request) -> Page:
    """A blank page with the product's tokens, in one mode."""
    page = browser.new_page(color_scheme=request.param)
    page.set_content("<!doctype html><title>Tokens</title>")
    page.add_style_tag(content=TOKENS.read_text())
    yield page
    page.close()


def test_every_network_colour_keeps_its_contrast(page):
    worst = page.evaluate(MEASURE, [COLOURS, PAIRS])

    too_low = [
        f"{ink} on {ground}: {contrast:.2f} with {colour}"
        for (ink, ground, least), (contrast, colour) in zip(PAIRS, worst, strict=True)
        if contrast < least
    ]
    assert len(COLOURS) == 4096
    assert too_low == []


def test_contrast_of_the_raw_colour_would_not_do(page):
    [(contrast, colour)] = page.evaluate(MEASURE, [COLOURS, [("network", "surface", TEXT)]])

    assert contrast < 1.1
    assert colour in COLOURS
