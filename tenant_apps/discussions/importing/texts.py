"""Turns a plain text into Markdown that shows the same: what Markdown would read as a heading, list or link is text.

Lines stay lines, quotes with ">" become quotes, and addresses of pages become links.
"""

import re

from shared_apps.core.markdown import is_blank, tidy_line, tidy_text
from tenant_apps.discussions.importing.threads import base_subject

LONGEST_TITLE = 200
NO_SUBJECT = "No subject"
_URL = re.compile(r"https?://[^\s<>\"\\`]{1,2000}", re.IGNORECASE)
_AFTER_URL = ".,;:!?)]}'*_"
_INLINE = re.compile(r"[\\`*\[<|]|~(?=~)|(?<=~)~|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w{1,40};)")
_BLOCK = re.compile(r"(?:#{1,6}(?=\s|$)|[-+](?=\s|$)|>)")
_NUMBERED = re.compile(r"(\d{1,9})([.)])(?=\s|$)")
_RULE = re.compile(r"[\s|:=\-_+#~]+")
_INVISIBLE = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\u2028\u2029]")
_SPACE = "\u00a0"  # which Markdown does not take for indentation


def as_markdown(text: str) -> str:
    """Return Markdown that reads as the text did."""
    text = _INVISIBLE.sub("", tidy_text(text.encode("utf-8", "ignore").decode().replace("\f", "\n")))
    lines: list[str] = []
    before = 0
    for line in text.split("\n"):
        depth, rest = _quoted(line)
        if depth < before and rest.strip():
            lines.append("> " * depth if depth else "")  # or it would go on with the quote above it
        lines.append(f"{'> ' * depth}{_line(rest)}".rstrip())
        before = depth
    return "\n".join(lines).strip()


def shortened(markdown: str, longest: int) -> str:
    """Return as many whole lines as fit, and say that there was more."""
    more = "\n\n…"
    kept = markdown[: longest - len(more)]
    return kept[: kept.rfind("\n") if "\n" in kept else len(kept)].rstrip("\\ \n") + more


def asks(text: str) -> bool:
    """Whether a text has a question in it, apart from the addresses of pages."""
    return "?" in _URL.sub("", text)


def title_of(subject: str) -> str:
    """Return a subject as a title."""
    title = tidy_line(_INVISIBLE.sub("", base_subject(subject).encode("utf-8", "ignore").decode()))
    if is_blank(title):
        return NO_SUBJECT
    if len(title) <= LONGEST_TITLE:
        return title
    return title[: LONGEST_TITLE - 1].rsplit(" ", 1)[0].rstrip(",;:.") + "…"


def _quoted(line: str) -> tuple[int, str]:
    """Return how deeply a line is quoted, and the rest of it."""
    depth, at = 0, 0
    while depth < 5 and line.startswith((">", " >"), at):
        at = line.index(">", at) + 1
        depth += 1
    return depth, line[at:].removeprefix(" ") if depth else line


def _line(line: str) -> str:
    bare = line.expandtabs(4).lstrip()
    indent = _SPACE * min(len(line.expandtabs(4)) - len(bare), 40)
    bare = bare.rstrip()
    if not bare:
        return ""
    done, at = "", 0
    for found in _URL.finditer(bare):
        url = found[0].rstrip(_AFTER_URL)
        done += _escaped(bare[at : found.start()]) + f"<{url}>"
        at = found.start() + len(url)
    done += _escaped(bare[at:])
    return indent + (done if indent else _begun(done, bare))


def _escaped(text: str) -> str:
    return _INLINE.sub(r"\\\g<0>", text)


def _begun(done: str, bare: str) -> str:
    """Escape what means something only at the beginning of a line."""
    if done[0] != "\\" and (_BLOCK.match(bare) or _RULE.fullmatch(bare)):
        return f"\\{done}"
    return _NUMBERED.sub(r"\1\\\2", done, count=1) if _NUMBERED.match(bare) else done
