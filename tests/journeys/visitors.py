"""People in a browser: each has a window of their own, and every page they stop at is checked for accessibility."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle

from django.core.management import call_command
from playwright.sync_api import Browser, Page, expect

from shared_apps.mail.models import Message, PlatformMessage
from tenants.context import in_network, in_public
from tenants.models import Network
from tests.journeys.conftest import SETTLED, accessibility_faults, is_wider_than_screen

WIDE, NARROW = 1280, 320
LOOKS = (  # one pair a page, in turns
    *(((WIDE, "light"), (NARROW, "dark")), ((NARROW, "light"), (WIDE, "dark"))),
    *(((WIDE, "dark"), (NARROW, "light")), ((NARROW, "dark"), (WIDE, "light"))),
)
DEAR = ("color-contrast", "target-size")  # as dear as all other rules together: one in each look of a pair
PASSWORD = "collective-demo"
HOLD = """() => {
  const [ask, held] = [window.fetch, []];
  window.fetch = (...given) => new Promise((done) => held.push(() => done(ask(...given))));
  window.letGo = () => { window.fetch = ask; held.forEach((each) => each()); };
}"""
DRAWN_SO = "([width, mode]) => innerWidth === width && matchMedia(`(prefers-color-scheme: ${mode})`).matches"


class Visitor:
    """One person with a browser window; `host` is a subdomain, "collective" or "" for the platform."""

    def __init__(self, browser: Browser, port: int, *, script: bool = True) -> None:
        self.context = browser.new_context(
            viewport={"width": WIDE, "height": 900},
            locale="en-GB",
            reduced_motion="reduce",
            java_script_enabled=script,
        )
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(15_000)
        self.port = port
        self.looks = cycle(LOOKS)
        self.said: list[str] = []
        self.page.on("console", lambda message: self.said.append(message.text) if message.type == "error" else None)
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("dialog", lambda dialog: self.said.append(f"dialog: {dialog.message}"))

    def address(self, host: str, path: str = "/") -> str:
        return f"http://{host + '.' if host else ''}localhost:{self.port}{path}"

    def go(self, host: str, path: str = "/") -> Page:
        self.page.goto(self.address(host, path))
        return self.page

    def sign_in(self, host: str, email: str, password: str = PASSWORD) -> None:
        self.go(host, "/sign-in/")
        self.page.get_by_label("Email").fill(email)
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("button", name="Sign in", exact=True).click()
        expect(self.page.get_by_role("heading", name="Sign in")).to_have_count(0)

    def fill(self, **fields: str) -> None:
        """Fill fields by their labels, with _ for each space: fill(Job_title="Bursar")."""
        for label, text in fields.items():
            self.page.get_by_label(label.replace("_", " ")).fill(text)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name).click()

    def follow(self, name: str | re.Pattern) -> None:
        self.page.get_by_role("link", name=name).first.click()

    def sees(self, text: str | re.Pattern) -> None:
        expect(self.page.get_by_text(text).first).to_be_visible()

    def does_not_see(self, text: str) -> None:
        expect(self.page.get_by_text(text)).to_have_count(0)

    def is_refused(self, words: str) -> None:
        """See what a form says is wrong, in the title too; the browser's own note of the answer is no fault."""
        self.sees("There is a problem")
        self.sees(words)
        expect(self.page).to_have_title(re.compile("^Error: "))
        self.said.clear()

    def check_page(self) -> None:
        """No fault that axe finds, in light and dark, wide and narrow; nothing wider than a phone; nothing blocked."""
        with self.standing_still():
            faults = {
                f"{self.page.url} at {width} px, {mode}": found
                for (width, mode), left in zip(next(self.looks), DEAR, strict=True)
                if (found := self.faults_at(width, mode, but=left))
            }
            self.look(WIDE, "light")
        assert not faults, faults
        assert not self.said, self.said

    def faults_at(self, width: int, mode: str, *, but: str) -> list[str]:
        """Return what axe finds at this width, light or dark, `but` for one rule, and whether the page is too wide."""
        self.look(width, mode)
        found = accessibility_faults(self.page, but=[but])
        return [*found, "wider than the screen"] if is_wider_than_screen(self.page) else found

    @contextmanager
    def standing_still(self) -> Iterator[None]:
        """Hold what a page asks for by itself, so that no part of it is replaced while it is looked at."""
        self.page.evaluate(HOLD)
        yield
        self.page.evaluate("letGo()")

    def look(self, width: int, mode: str) -> None:
        """Make the window this wide, then light or dark, and wait until the page is drawn so.

        One after the other: both at once have left parts of a list in the colours of before.
        """
        if width != self.page.viewport_size["width"]:
            self.page.set_viewport_size({"width": width, "height": 900})
            self.page.evaluate(SETTLED)
        self.page.emulate_media(color_scheme=mode)
        self.page.wait_for_function(DRAWN_SO, arg=[width, mode])

    def close(self) -> None:
        self.context.close()


def run_jobs() -> None:
    """Do what the worker would do by now."""
    with in_public():
        call_command("work", "--batch")


def last_mail(to: str, network: Network | None = None) -> Message | PlatformMessage:
    """Return the newest email to somebody, of a network or of the platform."""
    if network is None:
        return PlatformMessage.objects.filter(to_address=to).latest("created_at")
    with in_network(network):
        return Message.objects.filter(to_address=to).latest("created_at")


def link_in(mail: Message | PlatformMessage, part: str) -> str:
    """Return the first address in an email's text that has this part."""
    return next(link for link in re.findall(r"https?://\S+", mail.text) if part in link)
