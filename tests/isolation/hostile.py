"""Texts that try to be something else, and pages checked for having taken them so."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from itertools import cycle
from pathlib import Path
from urllib.parse import urlsplit

from tests.builders.hostile import big_list

_OWN = Path(__file__).with_name("hostile.txt")  # one JSON string a line
_ADDRESSES = {"href", "src", "action", "formaction", "data", "poster", "srcset", "xlink:href", "background", "ping"}
_SCHEMES = {"", "http", "https", "mailto", "tel"}


@cache
def strings() -> tuple[str, ...]:
    """Return every hostile text, our own first."""
    own = [json.loads(line) for line in _OWN.read_text().splitlines()]
    return (*own, *big_list())


@cache
def batches(longest: int) -> tuple[str, ...]:
    """Return every hostile text, several of them in each text of at most so many characters."""
    found, line = [], ""
    for each in strings():
        joined = f"{line} {each}" if line else each
        if len(joined) > longest and line:
            found.append(line)
            joined = each
        line = joined
    return (*found, line)


def bombs() -> dict[str, str]:
    """Return texts that cost a careless parser its time or its stack, each within what a body may hold."""
    deep = 10_000
    return {
        "quotes": ">" * deep,
        "spaced quotes": "> " * deep,
        "lists": "".join(f"{' ' * (level * 2)}- a\n" for level in range(130)),
        "list marks": "- " * deep,
        "brackets": "[" * deep + "]" * deep,
        "link": "[" * (deep // 2) + "a" + "](b)" * (deep // 4),
        "pictures": "![" * deep,
        "emphasis": "*a_ " * (deep // 2),
        "stars": "*" * deep + "a" + "*" * deep,
        "code": "".join("`" * count + " " for count in range(190)),
        "entities": "&#" * deep,
        "references": "[a]: b\n" * (deep // 4) + "[a]" * (deep // 4),
        "table": "|a" * 3_000 + "\n" + "|-" * 3_000 + "\n" + "|b" * 3_000,
        "angles": "<a" * deep,
        "comments": "<!--" * (deep // 3),
        "parentheses": "[a](" + "(" * deep,
        "urls": "https://" * (deep // 4),
        "tildes": "~~a " * (deep // 3),
        "one word": "a" * 19_999,
        "combining": "e" + "\u0301" * 19_000,
        "newlines": "\n" * 19_000 + "a",
        "tabs": "\t" * 9_000 + "-" + "\t" * 9_000,
    }


@dataclass
class Field:
    """One control of a form as the browser sees it."""

    name: str
    kind: str
    value: str = ""
    options: list[str] = field(default_factory=list)
    longest: int | None = None

    @property
    def takes_words(self) -> bool:
        return self.kind not in {"hidden", "submit", "radio", "checkbox", "select", "file", "button", "image"}


@dataclass
class Form:
    """One form of a page: where it goes and what it holds."""

    action: str
    method: str
    fields: dict[str, Field] = field(default_factory=dict)

    @property
    def key(self) -> tuple:
        """The same for the same form on another page, or about another thing."""
        path = "/".join("ID" if len(part) > 30 else part for part in urlsplit(self.action).path.split("/"))
        return path, self.method, tuple(sorted(self.fields))

    def sample(self) -> dict[str, str]:
        """Return values with which a person might send it."""
        return {name: _sample(each) for name, each in self.fields.items()}


class Page(HTMLParser):
    """What a browser finds in a page: its elements with their attributes, its forms, the addresses in it."""

    def __init__(self, text: str, address: str = "") -> None:
        super().__init__(convert_charrefs=True)
        self.address = address
        self.words: set[tuple[str, str]] = set()
        self.unsafe: list[str] = []
        self.forms: list[Form] = []
        self.links: list[str] = []
        self._form: Form | None = None
        self._area: Field | None = None
        self._select: Field | None = None
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.words |= {(tag, name) for name in values} | {(tag, "")}
        self.unsafe += _unsafe(tag, values)
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        if tag == "form":
            action = values.get("action") or self.address
            self._form = Form(action, values.get("method", "get").lower())
            self.forms.append(self._form)
        elif self._form is not None:
            self._control(tag, values)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        if tag == "textarea":
            self._area = None
        if tag == "select":
            self._select = None

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area.value += data.removeprefix("\r\n").removeprefix("\n") if not self._area.value else data

    def _control(self, tag: str, values: dict[str, str]) -> None:
        name = values.get("name", "")
        if tag == "option" and self._select is not None:
            self._select.options.append(values.get("value", ""))
            self._select.value = values["value"] if "selected" in values else self._select.value
        if not name or "disabled" in values:
            return
        kind = values.get("type", "text").lower() if tag == "input" else tag
        longest = int(values["maxlength"]) if values.get("maxlength", "").isdecimal() else None
        known = self._form.fields.setdefault(name, Field(name, kind, longest=longest))
        if kind in ("radio", "checkbox"):
            known.options.append(values.get("value", "on"))
            known.value = values.get("value", "on") if "checked" in values else known.value
        elif tag in ("input", "button"):
            known.value = values.get("value", "")
        self._area = known if tag == "textarea" else None
        self._select = known if tag == "select" else self._select


def _unsafe(tag: str, values: dict[str, str]) -> Iterator[str]:
    for name, value in values.items():
        if name.startswith("on") or name in ("style", "srcdoc"):
            yield f"<{tag} {name}={value!r}>"
        address = "".join(char for char in value if char > " ")
        if name in _ADDRESSES and not _is_safe(tag, address):
            yield f"<{tag} {name}={value!r}>"
    if tag == "script" and not values.get("src", "").startswith("/static/"):
        yield f"<script {values}>"


def _is_safe(tag: str, address: str) -> bool:
    try:
        return urlsplit(address).scheme.lower() in _SCHEMES
    except ValueError:
        return address.startswith(("http", "/", "?", "#"))


def _sample(each: Field) -> str:
    if each.kind in ("radio", "checkbox", "select"):
        chosen = [option for option in each.options if option]
        return each.value or (chosen[0] if chosen else "")
    if each.value:
        return each.value
    samples = {
        "email": "someone@mail.example",
        "password": "four words stand apart",
        "date": "2026-03-02",
        "color": "#00696b",
        "number": "4",
        "url": "https://example.org/",
    }
    named = {
        "website": "https://example.org/",
        "emails": "someone@mail.example",
        "subdomain": "cedar-hill",
        "phone": "01632 960101",
    }
    return samples.get(each.kind) or named.get(each.name) or "Words"


def rotating(longest: int | None) -> Iterator[str]:
    """Yield hostile texts for ever, several at once where they fit."""
    return cycle(batches(longest) if longest else strings())


def storable(text: str) -> str:
    """Return what a browser would send of a text, and the database can hold."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\x00", "")


def vocabulary(pages: Iterable[str]) -> set[tuple[str, str]]:
    """Return the elements and attributes of pages that hold nothing hostile."""
    return set().union(*(Page(text).words for text in pages))
