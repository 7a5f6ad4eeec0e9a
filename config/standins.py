"""What the stand-ins for other people's services have in common: they listen on loopback, and have plain pages."""

import signal
import threading
from collections.abc import Callable
from html import escape
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import SplitResult, urlsplit

type Answer = tuple[int, str, bytes, dict[str, str]]
"""Status, content type, content and further headers."""

STYLE = """
:root { color-scheme: light dark; font: 1.0625rem/1.5 system-ui, sans-serif }
body { max-width: 34rem; margin: 0 auto; padding: 1rem }
label, legend { display: block; font-weight: 600; margin-top: 1rem }
input, select { font: inherit; width: 100%; box-sizing: border-box; padding: .5rem; border: 1px solid }
button { font: inherit; margin: 1rem 1rem 0 0; padding: .6rem 1.2rem; min-height: 2.75rem }
table { border-collapse: collapse; width: 100% } th, td { text-align: left; padding: .35rem .5rem .35rem 0 }
td { overflow-wrap: anywhere }
:focus-visible { outline: 3px solid; outline-offset: 2px }
.error { border: 3px solid #b3261e; padding: 0 1rem } .note { border-left: 4px solid; padding-left: 1rem }
code { overflow-wrap: anywhere }
"""


class Handler(BaseHTTPRequestHandler):
    """One request; answers are written in one piece, and connections are kept."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    largest_body = 1_000_000

    def answer(self, url: SplitResult, body: str) -> Answer:
        raise NotImplementedError

    def respond(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if length > self.largest_body:
            self.close_connection = True
            self.send(413, "text/plain", b"", {})
            return
        self.send(*self.answer(urlsplit(self.path), self.rfile.read(length).decode()))

    def send(self, status: int, kind: str, content: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(content)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
        """Says nothing: `make run` has better things to print."""

    do_GET = do_POST = do_DELETE = respond  # noqa: N815 - the library's names


def redirect(url: str) -> Answer:
    return 303, "text/html; charset=utf-8", b"", {"Location": url}


def document(title: str, body: str, *, whose: str, is_wrong: bool = False) -> str:
    """A whole page; `body` is HTML already, and `whose` says what this is a stand-in for."""
    head = f"{'Error: ' if is_wrong else ''}{escape(title)}"
    return (
        f'<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>{head} – stand-in</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="icon" href="data:,"><style>{STYLE}</style></head><body>'
        f"<header><p>A stand-in for {whose}</p></header><main><h1>{escape(title)}</h1>{body}</main></body></html>"
    )


def until_ended() -> Callable[[], object]:
    """Return what waits until this process is told to end."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *received: stop.set())
    return stop.wait
