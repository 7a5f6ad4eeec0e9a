"""Turns the HTML of mail into text worth reading, with quotes marked, in linear time and however broken it is."""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape
from itertools import islice

# What mail programs say about their own HTML, as characters that stand alone on a line when marks are asked for.
ORIGINAL, QUOTE, QUOTE_END, SIGNATURE, SIGNATURE_END = "\ue0a0", "\ue0a1", "\ue0a2", "\ue0a3", "\ue0a4"
MARKS = ORIGINAL + QUOTE + QUOTE_END + SIGNATURE + SIGNATURE_END
_NO_MARKS = dict.fromkeys(map(ord, MARKS))
_DEEPEST = 200
_MOST_TAGS = 30_000  # what follows is read without its tags

_TAG = re.compile(r"""<(/?)([a-zA-Z][a-zA-Z0-9:]{0,30})((?:[^<>"']|"[^"<]*"|'[^'<]*')*+|[^<>]*)>""")
_ATTRIBUTE = re.compile(r"""([a-zA-Z-]{1,30})\s{0,5}=\s{0,5}("[^"]*"|'[^']*'|[^\s"'>]+)""")
_DECLARATION = re.compile(r"<[!?][^<>]*>")
_UNSEEN = {name: re.compile(rf"</{name}\s*>", re.IGNORECASE) for name in ("style", "script", "title", "xml", "head")}
_UNSEEN_START = re.compile(r"<(style|script|title|xml|head)(?=[\s>])[^<>]*>", re.IGNORECASE)
_HUGE_NUMBER = re.compile(r"&#[xX]?[0-9a-fA-F]{9,};?")
_SPACES = re.compile(r"[ \t\r\n\f]+")
_INDENTS = re.compile(r"border(?:-left)?\s?:\s?(?:none|0)|border-(?:left-)?width\s?:\s?0", re.IGNORECASE)
_TIGHT = re.compile(r"margin(?:-bottom)?\s?:\s?0", re.IGNORECASE)
_HIDDEN = re.compile(r"display\s?:\s?none|mso-hide\s?:\s?all", re.IGNORECASE)
_TOP_BORDER = re.compile(r"border-top\s?:\s?(?:1pt )?solid (?:#(?:b5c4df|e1e1e1)|rgb\((?:225|181),)", re.IGNORECASE)

_BLOCKS = {
    *("div", "section", "article", "header", "footer", "main", "aside", "center", "address", "form", "fieldset"),
    *("dl", "dt", "dd", "tr", "td", "th", "tbody", "thead", "figure", "figcaption", "body", "html", "caption"),
}
_SPACED = {"h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "blockquote", "pre", "p", "hr"}
_VOID = {"br", "hr", "img", "input", "meta", "link", "base", "col", "wbr", "area", "source"}
_ORIGINAL_IDS = {
    *("divrplyfwdmsg", "x_divrplyfwdmsg", "mail-editor-reference-message-container", "olk_src_body_section"),
    *("ms-outlook-mobile-reference-message", "replysplit", "isreplycontent", "lotus_original"),
}
_QUOTE_NAMES = {
    *("gmail_quote", "gmail_quote_container", "x_gmail_quote", "yahoo_quoted", "protonmail_quote", "tutanota_quote"),
    *("moz-cite-prefix", "zmail_extra", "mail_android_quote", "airmail_on", "outlookmessageheader", "wl-quote"),
    *("samsung_original", "mail-quote-collapse", "front-blockquote", "hs_reply"),
}
_SIGNATURE_NAMES = {
    *("gmail_signature", "gmail_signature_prefix", "moz-signature", "signature", "x_signature", "ydpsignature"),
    *("ms-outlook-mobile-signature", "applemailsignature", "linebreakatbeginningofsignature", "tutanota_signature"),
    *("protonmail_signature_block", "composer_signature", "yahoo-signature", "ymail_android_signature"),
}


def html_text(html: str) -> str:
    """Return the text of HTML, quotes beginning with `>`."""
    lines = marked_text(html).split("\n")
    return "\n".join(line for line in lines if not (len(line) == 1 and line in MARKS)).strip("\n")


@lru_cache(maxsize=2)  # a message is first read, then trimmed
def marked_text(html: str) -> str:
    """Return the text of HTML with a line of its own for each thing the mail program says about what follows."""
    html = _without_unseen(_without_comments(html.translate(_NO_MARKS)))
    text = _Renderer().render(html)
    if not text.translate(_NO_MARKS).strip():  # all of it said to be hidden
        text = _Renderer(shows_hidden=True).render(html)
    return text


def _without_comments(html: str) -> str:
    pieces, at = [], 0
    while (start := html.find("<!--", at)) >= 0 and (end := html.find("-->", start + 2)) >= 0:
        pieces.append(html[at:start])
        at = end + 3
    pieces.append(html[at:])
    return _DECLARATION.sub("", "".join(pieces))


def _without_unseen(html: str) -> str:
    pieces, at, without_end = [], 0, set()
    for start in _UNSEEN_START.finditer(html):
        name = start[1].lower()
        if start.start() < at or name in without_end:
            continue
        if end := _UNSEEN[name].search(html, start.end()):
            pieces.append(html[at : start.start()])
            at = end.end()
        else:
            without_end.add(name)
    return "".join([*pieces, html[at:]])


@dataclass(slots=True)
class _Open:
    """An element that has begun."""

    tag: str
    is_quote: bool = False
    is_hidden: bool = False
    end_mark: str = ""
    link: str = ""
    link_at: int = 0
    is_tight: bool = False  # a paragraph without space around it
    row: list[str] = field(default_factory=list)  # cells of a table's row so far
    lines_at: int = 0  # where a cell began


@dataclass(slots=True)
class _Renderer:
    """Writes lines while elements begin and end."""

    shows_hidden: bool = False
    lines: list[str] = field(default_factory=list)
    line: list[str] = field(default_factory=list)
    open: list[_Open] = field(default_factory=list)
    lists: list[int] = field(default_factory=list)  # the next number, or 0 for bullets
    prefix: str = ""
    depth: int = 0
    hidden: int = 0
    pre: int = 0

    def render(self, html: str) -> str:
        """Return the text of the whole."""
        at = 0
        for tag in islice(_TAG.finditer(html), _MOST_TAGS):
            self.text(html[at : tag.start()])
            at = tag.end()
            name = tag[2].lower()
            if tag[1]:
                self.end(name)
            else:
                self.start(name, _attributes(tag[3]))
        self.text(_TAG.sub(" ", html[at:]))
        self.break_line()
        return "\n".join(self.lines).strip("\n")

    def text(self, source: str) -> None:
        if not source or self.hidden:
            return
        if self.pre:
            first, *others = _unescaped(source).replace("\r", "").split("\n")
            self.line.append(first)
            for other in others:
                self.flush()
                self.line.append(other)
            return
        source = _SPACES.sub(" ", source)
        if source.startswith(" ") and (not self.line or self.line[-1].endswith(" ")):
            source = source[1:]
        if source:
            self.line.append(_unescaped(source))

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "br":
            self.flush()
        elif tag == "img":
            self.image(attributes.get("alt", ""))
        elif tag == "hr":
            self.break_line()
            self.text("---")
            self.break_line()
        elif tag not in _VOID:
            self.begin(tag, attributes)

    def begin(self, tag: str, attributes: dict[str, str]) -> None:
        style = attributes.get("style", "")
        if tag in ("tr", "td", "th"):
            self.end_unended(("td", "th"))
            self.end_unended(("tr",) if tag == "tr" else ())
        element = _Open(tag, is_hidden=bool(_HIDDEN.search(style)) and not self.shows_hidden)
        element.is_tight = tag == "p" and _is_tight(attributes)
        self.block(element)
        self.mark(element, attributes)
        if tag == "blockquote" and ("cite" in attributes or "type" in attributes or not _INDENTS.search(style)):
            element.is_quote = True
            self.depth = min(self.depth + 1, 50)
        elif tag in ("ul", "ol"):
            self.lists = [*self.lists[-20:], 1 if tag == "ol" else 0]
        elif tag == "li":
            self.prefix = self.bullet()
        elif tag in ("td", "th"):
            self.begin_cell(element)
        elif tag == "a":
            element.link, element.link_at = attributes.get("href", ""), len(self.line)
        self.pre += tag == "pre"
        self.hidden += element.is_hidden
        self.open.append(element)

    def end(self, tag: str) -> None:
        if not any(element.tag == tag for element in self.open[-_DEEPEST:]):
            if tag == "p":
                self.flush()
            return
        while self.open:
            element = self.open.pop()
            self.close(element)
            if element.tag == tag:
                return

    def close(self, element: _Open) -> None:
        if element.link and not self.hidden:
            self.link(element)
        if element.is_quote:
            self.break_line()
            self.depth -= 1
            if self.lines and self.lines[-1].startswith(">") and not self.lines[-1].strip("> "):
                self.lines.pop()
        if element.tag in ("ul", "ol") and self.lists:
            self.lists = self.lists[:-1]
        self.block(element)
        if element.tag in ("td", "th"):
            self.end_cell(element)
        elif element.tag == "tr":
            self.end_row(element)
        self.hidden -= element.is_hidden
        self.pre -= element.tag == "pre"
        if element.end_mark:
            self.put_mark(element.end_mark)

    def block(self, element: _Open) -> None:
        """End the line where an element is a block, and leave space where it is a paragraph."""
        if element.tag in _SPACED:
            self.break_line()
            if not element.is_tight and not (element.tag in ("ul", "ol") and len(self.lists) > 0):
                self.space(element.tag)
        elif element.tag in _BLOCKS or element.tag == "li":
            self.break_line()

    def space(self, tag: str) -> None:
        if self.lines and self.lines[-1].strip("> ") and not (tag == "p" and self.prefix):
            self.lines.append((">" * self.depth) if self.depth else "")

    def mark(self, element: _Open, attributes: dict[str, str]) -> None:
        if not attributes:
            return
        names = {name.lower() for name in (*attributes.get("class", "").split(), attributes.get("id", ""))}
        if names & _ORIGINAL_IDS or _TOP_BORDER.search(attributes.get("style", "")):
            self.put_mark(ORIGINAL)
        elif element.tag in ("div", "blockquote", "span", "p", "table", "pre") and self.depth == 0:
            if names & _SIGNATURE_NAMES:
                self.put_mark(SIGNATURE)
                element.end_mark = SIGNATURE_END
            elif element.tag != "blockquote" and (
                names & _QUOTE_NAMES or any(name.startswith("yahooquoted") for name in names)
            ):
                self.put_mark(QUOTE)
                element.end_mark = QUOTE_END

    def put_mark(self, mark: str) -> None:
        self.break_line()
        self.lines.append(mark)

    def bullet(self) -> str:
        if not self.lists:
            return "- "
        number = self.lists[-1]
        if number:
            self.lists[-1] += 1
        return "  " * (len(self.lists) - 1) + (f"{number}. " if number else "- ")

    def begin_cell(self, element: _Open) -> None:
        self.break_line()
        element.lines_at = len(self.lines)

    def end_unended(self, tags: tuple[str, ...]) -> None:
        """End the cell or row before this one, where the program left that to the reader."""
        for before in reversed(self.open[-20:]):
            if before.tag in tags:
                self.end(before.tag)
                return
            if before.tag in ("tr", "table"):
                return

    def end_cell(self, element: _Open) -> None:
        """Put a cell of one line into its row; the cells of pages laid out as tables hold more and stay as they are."""
        row = next((before for before in reversed(self.open[-20:]) if before.tag == "tr"), None)
        said = [line for line in self.lines[element.lines_at :] if line.strip("> ")]
        if row is None or self.hidden:
            return
        if len(said) > 1 or any(line in MARKS for line in said):
            inside = self.lines[element.lines_at :]
            del self.lines[element.lines_at :]
            self.end_row(row)
            self.lines += inside
        else:
            del self.lines[element.lines_at :]
            row.row += [line.lstrip("> ") if self.depth else line for line in said]

    def end_row(self, element: _Open) -> None:
        if element.row:
            self.line.append(" | ".join(element.row))
            self.flush()
            element.row = []

    def image(self, alt: str) -> None:
        """An emoji is often a picture; any other picture says nothing in text."""
        if alt and len(alt) <= 4 and not alt.isascii():
            self.text(alt)

    def link(self, element: _Open) -> None:
        url = element.link.strip()
        said = "".join(self.line[element.link_at :]).strip()
        if not url.lower().startswith(("http://", "https://")) or not said or len(url) > 2_000:
            return
        if _bare(said) != _bare(url) and not said.startswith(("http://", "https://")):
            self.line.append(f" <{url}>" if " " not in url else "")

    def break_line(self) -> None:
        if self.line:
            self.flush()

    def flush(self) -> None:
        text = "".join(self.line)
        text = text.rstrip() if self.pre else text.strip()
        text = f"- {text[2:].lstrip()}" if text.startswith(("· ", "• ", "§ ")) else text
        self.line.clear()
        if text or not self.prefix:
            text = self.prefix + text
            self.prefix = ""
        quote = ">" * self.depth
        line = f"{quote} {text}" if quote and text else quote or text
        if line.strip("> ") or not self.lines or self.lines[-1].strip("> ") or self.pre:
            self.lines.append(line)


def _bare(url: str) -> str:
    return url.lower().removeprefix("https://").removeprefix("http://").removeprefix("www.").rstrip("/")


def _is_tight(attributes: dict[str, str]) -> bool:
    return "mso" in attributes.get("class", "").lower() or bool(_TIGHT.search(attributes.get("style", "")))


def _attributes(source: str) -> dict[str, str]:
    if "=" not in source:
        return {}
    return {
        name.lower(): _unescaped(value.strip("\"'"))
        for name, value in _ATTRIBUTE.findall(source[:4_000])
        if name.lower() in ("class", "id", "style", "href", "alt", "type", "cite")
    }


def _unescaped(text: str) -> str:
    if "&" not in text:
        return text.replace("\xa0", " ")
    return unescape(_HUGE_NUMBER.sub("\ufffd", text)).replace("\xa0", " ").translate(_NO_MARKS).replace("\x00", "")
