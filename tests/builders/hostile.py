"""Text that people type to break pages, and what a page must never hold because of it."""

import json
from html.parser import HTMLParser
from pathlib import Path

from django.http import HttpResponse

SHORT = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7|add:7 }} {% debug %} {# no #}",
    "Ω≈ç√∫µ≤≥÷ \u202egnihtemos\u202c ﷽ 👩🏽‍💻",
    "' OR 1=1; DROP TABLE discussions_discussion; --",
    "%s%d\\%_% %00 ../../etc/passwd",
    "[a](javascript:alert(1)) ![b](http://tracker.example/x.png) <http://x.example>",
    "\u0000null\u0000",
    "\N{MATHEMATICAL BOLD FRAKTUR CAPITAL T}he \ufeff\u200b",
)
HOSTILE = (
    *SHORT,
    "> " * 300 + "deep",
    "[" * 500 + "*_`~" * 100,
    "\r\n# Heading\r\n\r\n| a | b |\r\n|---|---|\r\n| 1 | 2 |",
    "[removed] [removed]: javascript:alert(1)",
)
# It lies beside the repository where the product is developed; a clone elsewhere has only the above.
_BLNS = Path(__file__).resolve().parents[3] / "shared" / "data" / "security" / "blns.json"


def big_list() -> list[str]:
    """Return the Big List of Naughty Strings, or nothing where it is not."""
    return json.loads(_BLNS.read_text()) if _BLNS.exists() else []


def naughty_strings(*, every: int = 1) -> list[str]:
    """Return our list and one in `every` of the big one."""
    return [*HOSTILE, *big_list()[::every]]


class _Dangers(HTMLParser):
    """Collects what typed text must never become: scripts, handlers, pictures and frames from elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        is_own = tag == "script" and values.get("src", "").startswith("/static/")
        if tag in ("img", "iframe", "object", "embed", "style") or (tag == "script" and not is_own):
            self.found.append(tag)
        self.found += [name for name in values if name.startswith("on") or name == "style"]
        targets = [values.get(name, "") for name in ("href", "src", "action", "formaction")]
        self.found += [target for target in targets if target.strip().lower().startswith("javascript:")]


def dangers_in(response: HttpResponse) -> list[str]:
    """Return what of a page would run, or load something from elsewhere."""
    parser = _Dangers()
    parser.feed(response.content.decode())
    return parser.found
