"""Take the pictures of the README from a running demo, each smaller than 250 kB.

make run                                             in one terminal
.venv/bin/python deploy/take_screenshots.py          in another; PORT=8000 unless it says otherwise

Needs what the tests need: make install-test, and a Chromium (CHROMIUM names another one than the system's).
"""

import os
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

IMAGES = Path(__file__).parent / "images"
PORT = os.environ.get("PORT", "8000")
CHROMIUMS = (os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")
MEMBER, PASSWORD = "member@birmingham.example", "collective-demo"  # the demonstration's, which make run prints
QUESTION = "Has anyone taken catering back in-house?"
SENTENCE = "has anyone moved catering in-house and did it actually save money"
MOST_BYTES = 250_000


def address(host: str, path: str = "/") -> str:
    """An address of the demo."""
    return f"http://{host}.localhost:{PORT}{path}"


def sign_in(browser: Browser) -> Page:
    """Open a window in which the demo's member is signed in at home and in the Collective."""
    page = browser.new_context(
        viewport={"width": 1280, "height": 1040}, color_scheme="light", locale="en-GB"
    ).new_page()
    for host in ("birmingham", "collective"):
        page.goto(address(host, "/sign-in/"))
        page.get_by_label("Email address").fill(MEMBER)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.get_by_role("main").wait_for()
    return page


def open_question(page: Page) -> None:
    """Go to the question that the member asked, shared and got answers to."""
    page.goto(address("birmingham", "/discussions/?show=mine"))
    page.get_by_role("link", name=QUESTION).click()


def keep(page: Page, name: str) -> None:
    """Save what the window shows; a picture that is too large for a README stops the run."""
    page.evaluate("document.fonts.ready")
    path = IMAGES / f"{name}.png"
    size = len(page.screenshot(path=path))
    if size > MOST_BYTES:
        sys.exit(f"{path} has {size:,} bytes, more than {MOST_BYTES:,}.")
    print(f"{path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path}, {size // 1000} kB")


def main() -> None:
    """Take the two."""
    chromium = next((found for name in CHROMIUMS if name and (found := shutil.which(name))), None)
    if chromium is None:
        sys.exit("No Chromium: deploy/ensure-chromium.sh installs one.")
    IMAGES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = sign_in(browser)
        open_question(page)
        keep(page, "discussion")
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(address("collective", f"/?q={SENTENCE.replace(' ', '+')}"))
        keep(page, "search")
        browser.close()


if __name__ == "__main__":
    main()
