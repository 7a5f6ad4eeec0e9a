"""A real browser for the journeys: the system's Chromium, which never asks the outside for anything."""

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

if TYPE_CHECKING:
    from shared_apps.accounts.models import User
    from tests.journeys.visitors import Visitor

CHROMIUMS = (os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")
QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
AXE = Path(__file__).parent / "vendor/axe.min.js"
SETTLED = """async () => {
  const frame = () => new Promise(requestAnimationFrame);
  await frame();
  await Promise.allSettled(document.getAnimations().map((each) => each.finished));
  await frame();
}"""  # colours that change with the mode have arrived
FAULTS = """async ([tags, but]) => {
  const runOnly = {type: "tag", values: tags};
  const rules = Object.fromEntries(but.map((rule) => [rule, {enabled: false}]));
  const found = await axe.run({runOnly, rules, resultTypes: ["violations"], selectors: false, preload: false});
  const say = (rule, node) => `${rule.id}: ${node.html.slice(0, 160)} ${node.any[0]?.message ?? ""}`;
  const faults = found.violations.flatMap((rule) => rule.nodes.map((node) => say(rule, node)));
  const ids = [...document.querySelectorAll("[id]")].map((part) => part.id);
  return faults.concat(ids.filter((id, place) => ids.indexOf(id) !== place).map((id) => `id used twice: ${id}`));
}"""
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One headless Chromium for all journeys."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright's own loop runs in this thread; nothing here is async
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_chromium(), args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture
def live_port(live_server, settings) -> int:
    """A real server on a real port, and addresses in pages and emails that lead to it."""
    port = int(live_server.url.rsplit(":", 1)[1])
    settings.PUBLIC_PORT_SUFFIX = f":{port}"
    settings.ALLOWED_HOSTS = [".localhost"]
    return port


@pytest.fixture
def operator(operator: "User") -> "User":
    """Who runs the platform, with the password that visitors type."""
    from tests.journeys.visitors import PASSWORD

    operator.set_password(PASSWORD)
    operator.save()
    return operator


@pytest.fixture
def person(browser: Browser, live_port: int) -> Iterator[Callable[..., "Visitor"]]:
    """Return a maker of people with a browser window each."""
    from tests.journeys.visitors import Visitor

    made: list[Visitor] = []

    def make(**options: bool) -> Visitor:
        made.append(Visitor(browser, live_port, **options))
        return made[-1]

    yield make
    for each in made:
        each.close()


def _chromium() -> str:
    found = next((path for name in CHROMIUMS if name and (path := shutil.which(name))), None)
    if found is None and os.environ.get("CI"):
        pytest.fail("No Chromium: deploy/ensure-chromium.sh installs one.")
    return found or pytest.skip("No Chromium here; CI has one.")


def accessibility_faults(page: Page, *, but: Sequence[str] = ()) -> list[str]:
    """Return what axe finds wrong on a page by WCAG 2.2 AA, `but` for some rules, and ids that two elements have.

    Each is told as "rule: element".
    """
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE.read_text())
    page.evaluate(SETTLED)
    return page.evaluate(FAULTS, [WCAG, list(but)])


def is_wider_than_screen(page: Page) -> bool:
    """Whether a page scrolls sideways."""
    return page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
