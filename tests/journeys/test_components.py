"""The gallery in a real browser: accessible in light and dark, at every width, with a keyboard and without script."""

from collections.abc import Callable
from functools import cache
from types import SimpleNamespace

import pytest
from django.contrib.staticfiles import finders
from django.test import RequestFactory
from django.test.utils import override_settings
from playwright.sync_api import Browser, Page, Route

from shared_apps.core import navigation, views
from tenants.enums import Kind, NetworkState
from tests.journeys.conftest import accessibility_faults, is_wider_than_screen

pytestmark = pytest.mark.journey
ADDRESS = "http://alder.test/dev/components/"
CSP = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'"
NETWORK = SimpleNamespace(name="Alder SBM Network", colour="#00696b", state=NetworkState.LIVE)
COLOURS = {"/theme.css": ":root { --network: #00696b }"}


@pytest.fixture
def gallery(browser: Browser) -> Callable[..., Page]:
    """Open the gallery: `gallery(width=320, mode="dark")`; what the page complains of is in `page.said`."""
    contexts = []

    def open_gallery(*, kind: Kind = Kind.NETWORK, width: int = 1280, mode: str = "light", script: bool = True) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=mode, java_script_enabled=script
        )
        contexts.append(context)
        page = context.new_page()
        page.said = []
        page.on("console", lambda message: page.said.append(message.text) if message.type == "error" else None)
        page.route("**/*", lambda route: answer(route, kind))
        page.goto(ADDRESS)
        return page

    yield open_gallery
    for context in contexts:
        context.close()


def answer(route: Route, kind: Kind) -> None:
    """Serve the page, its style sheets and its icons as the site would, without a server."""
    path = route.request.url.split("alder.test")[1].split("?")[0]
    if path.startswith("/static/"):
        route.fulfill(path=finders.find(path.removeprefix("/static/")))
    elif path in COLOURS:
        route.fulfill(body=COLOURS[path], content_type="text/css")
    else:
        route.fulfill(body=gallery_of(kind), content_type="text/html", headers={"Content-Security-Policy": CSP})


@cache
def gallery_of(kind: Kind) -> bytes:
    """The gallery's HTML on a kind of site, for somebody signed in."""
    request = RequestFactory().get("/dev/components/")
    request.site_kind = kind
    request.network = NETWORK if kind == Kind.NETWORK else None
    request.user = SimpleNamespace(is_authenticated=True, is_operator=True, email="priya@alder.example")
    request.member = SimpleNamespace(name="Priya Raman")
    request.sbm_shell = navigation.Shell()
    with override_settings(DEBUG=True):
        return views.gallery(request).content


@pytest.mark.parametrize(
    ("kind", "mode"),
    [(Kind.NETWORK, "light"), (Kind.NETWORK, "dark"), (Kind.COLLECTIVE, "dark"), (Kind.PUBLIC, "light")],
)
def test_gallery_has_no_accessibility_faults(gallery, kind, mode):
    page = gallery(kind=kind, mode=mode)

    assert accessibility_faults(page, but=["target-size"]) == []  # which a phone shows
    assert page.said == []


def test_gallery_has_no_accessibility_faults_on_a_phone(gallery):
    page = gallery(width=390)

    assert accessibility_faults(page, but=["color-contrast"]) == []


def test_accessibility_faults_finds_planted_ones(browser):
    with browser.new_context() as context:
        page = context.new_page()
        page.set_content('<html lang="en"><title>Planted</title><main><img src="data:,"><i id="a"></i><i id="a"></i>')

        found = accessibility_faults(page)

    assert [fault.partition(":")[0] for fault in found] == ["image-alt", "id used twice"]


def test_gallery_never_scrolls_sideways(gallery):
    page, wider = gallery(), []

    for width in (1280, 992, 768, 390, 320):
        page.set_viewport_size({"width": width, "height": 900})
        wider += [width] if is_wider_than_screen(page) else []

    assert wider == []


def test_skip_link_is_the_first_thing_the_keyboard_reaches(gallery):
    page = gallery(script=False)

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to main content"

    page.keyboard.press("Enter")
    assert page.url.endswith("#main")


def test_error_summary_takes_the_focus_and_leads_to_its_field(gallery):
    page = gallery()
    assert page.evaluate("document.activeElement.hasAttribute('data-error-summary')")

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "bad_title"


def test_menus_open_without_script(gallery):
    page = gallery(script=False)

    page.locator(".gallery-shell summary", has_text="Your account").click()

    assert page.get_by_role("button", name="Sign out").is_visible()


def test_menus_close_on_escape_and_give_the_focus_back(gallery):
    page = gallery()
    page.locator(".gallery-shell summary", has_text="Your account").click()

    page.keyboard.press("Escape")

    assert page.locator("details.menu-box[open]").count() == 0
    assert "Your account" in page.evaluate("document.activeElement.textContent")


def test_menus_close_on_a_click_elsewhere(gallery):
    page = gallery()
    page.locator(".gallery-shell summary", has_text="Your account").click()

    page.get_by_role("heading", name="Components").click()

    assert page.locator("details.menu-box[open]").count() == 0


def test_dialog_asks_and_keeping_sends_nothing(gallery):
    page = gallery()
    sent = []
    page.on("request", lambda request: sent.append(request.method) if request.is_navigation_request() else None)

    page.get_by_text("Ask in a dialog").click()
    assert page.get_by_role("dialog").is_visible()
    assert accessibility_faults(page) == []

    page.get_by_role("button", name="Keep Rob").click()
    assert page.locator("dialog[open]").count() == 0
    assert sent == []

    page.get_by_text("Ask in a dialog").click()
    page.get_by_role("button", name="Remove Rob").click()
    page.wait_for_load_state()
    assert sent[0] == "POST"


def test_dialog_is_a_page_without_script(gallery):
    page = gallery(script=False)

    page.get_by_text("Ask in a dialog").click()

    assert page.url == f"{ADDRESS}?theme=light"


def test_form_is_sent_once(gallery):
    page = gallery()

    sent = page.evaluate(
        """() => {
          const form = document.querySelector("#ask form");
          const button = form.querySelector(".btn-danger");
          let sent = 0;
          window.addEventListener("submit", (event) => {
            if (!event.defaultPrevented) sent += 1;
            event.preventDefault();
          });
          form.requestSubmit(button);
          form.requestSubmit(button);
          return [sent, button.getAttribute("aria-disabled")];
        }"""
    )

    assert sent == [1, "true"]


def test_copy_button_is_hidden_without_script(gallery):
    assert not gallery(script=False).locator("[data-copy]").is_visible()


def test_bars_and_buttons_are_not_printed(gallery):
    page = gallery()

    page.emulate_media(media="print")

    assert not page.locator(".thumbs").first.is_visible()
    assert not page.get_by_role("button", name="Recommend and share").is_visible()
    assert page.get_by_role("heading", name="Sharing ledger").is_visible()


def test_gallery_is_complete_with_forced_colours(gallery):
    page = gallery()

    page.emulate_media(forced_colors="active")

    assert page.locator(".panel").first.evaluate("element => getComputedStyle(element).borderTopWidth") == "1px"
    assert page.locator(".tag").first.evaluate("element => getComputedStyle(element).borderTopWidth") == "1px"
