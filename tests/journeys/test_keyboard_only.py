"""Asking and replying without a mouse: the skip link, a focus that is always seen, menus that Escape closes."""

import re

import pytest
from playwright.sync_api import expect

from tenants.models import Network
from tests.builders.members import make_member
from tests.journeys.conftest import SETTLED
from tests.journeys.visitors import PASSWORD, Visitor

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

MOST_TABS = 60
FOCUSED = """() => {
  const it = document.activeElement;
  const name = it.labels?.[0]?.innerText ?? it.getAttribute("aria-label") ?? it.textContent;
  const rings = [[it], [it, "::after"], [it.closest(".opt") ?? it]].map((part) => getComputedStyle(...part));
  const box = it.getBoundingClientRect();
  return {
    name: name.replace(/\\s+/g, " ").trim(),
    seen: rings.some((ring) => ring.outlineStyle !== "none" && parseFloat(ring.outlineWidth) >= 2)
      && box.width > 1 && box.height > 1 && box.bottom > 0 && box.top < innerHeight,
  };
}"""


def tab_to(typist: Visitor, name: str) -> None:
    """Press Tab until something of this name has the focus; on the way, every focus can be seen."""
    passed: list[str] = []
    for _ in range(MOST_TABS):
        typist.page.keyboard.press("Tab")
        typist.page.evaluate(SETTLED)
        focused = typist.page.evaluate(FOCUSED)
        passed.append(focused["name"])
        assert focused["seen"], f"Nobody sees the focus on “{focused['name']}” at {typist.page.url}"
        if re.search(name, focused["name"]):
            return
    pytest.fail(f"No Tab leads to “{name}”, only to {passed}")


def press(typist: Visitor, *keys: str) -> None:
    for key in keys:
        typist.page.keyboard.press(key)


def test_ask_and_reply_without_a_mouse(person, alder: Network) -> None:
    priya = make_member(alder, name="Priya Raman", password=PASSWORD)
    typist = person()

    # Given a member who signs in with the keyboard
    typist.go("alder", "/sign-in/")
    tab_to(typist, "Email address")
    typist.page.keyboard.type(priya.email)
    tab_to(typist, "Password")
    typist.page.keyboard.type(PASSWORD)
    press(typist, "Enter")
    typist.sees("Priya")

    # When she opens a menu and closes it, the focus is where it was
    tab_to(typist, "Your account")
    press(typist, "Enter")
    expect(typist.page.get_by_role("link", name="Your details")).to_be_visible()
    typist.check_page()
    press(typist, "Escape")
    expect(typist.page.get_by_role("link", name="Your details")).to_be_hidden()
    assert "Your account" in typist.page.evaluate(FOCUSED)["name"]

    # And skips the navigation, and asks
    typist.go("alder")
    tab_to(typist, "Skip to main content")
    press(typist, "Enter")
    tab_to(typist, "Ask or discuss")
    press(typist, "Enter")
    typist.sees("What is it?")
    tab_to(typist, "Question")
    tab_to(typist, "Title")
    typist.page.keyboard.type("Who pays for the asbestos survey?")
    tab_to(typist, "Category")
    typist.page.keyboard.type("Build")
    tab_to(typist, "More about it")
    typist.page.keyboard.type("The PFI provider says that we do.")
    tab_to(typist, "^Post")
    press(typist, "Enter")
    expect(typist.page.get_by_role("heading", level=1)).to_have_text("Who pays for the asbestos survey?")

    # And replies
    tab_to(typist, "Your reply")
    typist.page.keyboard.type("They do: it is in schedule 12.")
    tab_to(typist, "Post reply")
    press(typist, "Enter")

    # Then both stand on the page
    expect(typist.page.get_by_role("article").nth(0)).to_contain_text("The PFI provider says that we do.")
    expect(typist.page.get_by_role("article").nth(1)).to_contain_text("They do: it is in schedule 12.")
    typist.check_page()
