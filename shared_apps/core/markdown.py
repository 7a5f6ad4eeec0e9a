"""What people wrote, from Markdown to safe HTML.

Raw HTML is shown as text, links say they lead elsewhere, and pictures are not loaded from other sites.
"""

import re
from functools import cache, lru_cache
from html import unescape

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

_TAGS = {
    *("p", "br", "hr", "strong", "em", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a", "span"),
    *("h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td", "div"),
}
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, "span": {"class"}, "div": {"class", "tabindex"}}
_SCHEMES = {"http", "https", "mailto", "tel"}
LONGEST_REMEMBERED = 5_000  # characters; the memory then stays under 20 MB, and with usual posts under 4
_MARKS = (
    (r"<br\s*/?>|</tr>|</li>", "\n"),
    (r"<li>(?:<p>)?", "- "),
    (r"</(p|h\d|blockquote|pre|ul|ol|table)>", "\n\n"),
    (r"</(td|th)>", " "),
    (r"<hr\s*/?>", "* * *\n\n"),
)
_CUT = re.compile(r"\[removed\]")


def render_markdown(text: str) -> SafeString:
    """Return safe HTML; words an author cut before sharing show as a solid “removed”.

    The process remembers what it rendered last: a discussion is read far more often than it is written.
    """
    return _rendered(text) if len(text) <= LONGEST_REMEMBERED else _rendered.__wrapped__(text)


@lru_cache(maxsize=2_000)
def _rendered(text: str) -> SafeString:
    html = _parser().render(text.replace("\x00", ""))
    html = _CUT.sub('<span class="cut">removed</span>', html)
    html = html.replace("<table>", '<div class="table-scroll" tabindex="0"><table>').replace(
        "</table>", "</table></div>"
    )
    clean = nh3.clean(
        html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel="nofollow noopener noreferrer"
    )
    return mark_safe(clean)  # noqa: S308 - nh3 has just cleaned it


def plain_text(text: str) -> str:
    """Return what was written as one line of plain words, for excerpts and searching."""
    html = _parser().render(text.replace("\x00", ""))
    spaced = re.sub(r"</(p|li|h\d|td|th|blockquote|pre)>|<br\s*/?>", " ", html)
    words = nh3.clean(spaced, tags=set())
    return " ".join(unescape(words).split())


def readable_text(text: str) -> str:
    """Return what was written as plain words with its paragraphs, lists and addresses, for reading in an email."""
    html = re.sub(r">\n", ">", _parser().render(text.replace("\x00", "")))
    html = re.sub(r'<a href="([^"]*)"[^>]*>(.*?)</a>', _with_address, html, flags=re.DOTALL)
    for pattern, mark in _MARKS:
        html = re.sub(pattern, mark, html)
    words = unescape(nh3.clean(html, tags=set()))
    lines = "\n".join(line.rstrip() for line in words.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip()


def excerpt(text: str, length: int = 200) -> str:
    """Return the beginning of what was written, cut at a word."""
    words = plain_text(text)
    if len(words) <= length:
        return words
    return words[:length].rsplit(" ", 1)[0].rstrip(",;:.") + "…"


def tidy_line(text: str) -> str:
    """Return a title or a name as it is stored: one line, without NUL, which the database refuses."""
    return " ".join(text.replace("\x00", "").split())


def tidy_text(text: str) -> str:
    """Return what was written as it is stored: without NUL, and with one kind of line end."""
    return text.replace("\x00", "").replace("\r\n", "\n").strip()


def is_blank(text: str) -> bool:
    """Whether nothing of it can be seen: spaces, and characters without a shape of their own."""
    return not any(character.isprintable() and not character.isspace() for character in text)


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True, "linkify": True, "maxNesting": 20})
    parser.enable(["table", "strikethrough", "linkify"]).disable(["image", "html_block", "html_inline"])
    parser.core.ruler.push("lower_headings", _lower_headings)
    return parser


def _with_address(found: re.Match[str]) -> str:
    address, words = found.groups()
    return (
        words
        if unescape(words) in (unescape(address), unescape(address).removeprefix("mailto:"))
        else (f"{words} ({address})")
    )


def _lower_headings(state) -> None:  # noqa: ANN001 - markdown-it's own untyped hook
    """A page has its own h1 and h2, so what people write starts at h3."""
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + 2, 6)}"
