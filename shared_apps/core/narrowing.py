"""A list that its address searches, narrows and pages: its filters, the chips of those that are on, its pages.

The address is the whole state, so that every choice is a link that keeps the others, and works without a script.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

DEEPEST = 1000
"""No page lies deeper."""
LONGEST_QUERY = 500
"""Characters of a query that are shown and searched for; nobody reads more."""

Group = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What an address asks for: the query `q`, the values of the filters `names`, and a page of `size` results."""

    chosen: QueryDict
    names: tuple[str, ...]
    size: int
    query: str = field(init=False)
    number: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "query", self.chosen.get("q", "").replace("\x00", "")[:LONGEST_QUERY])
        object.__setattr__(self, "number", _page_number(self.chosen.get("page", "1"), DEEPEST // self.size))

    @property
    def offset(self) -> int:
        """Return how many results stand before the page."""
        return (self.number - 1) * self.size

    def group(
        self, legend: str, name: str, options: Iterable[tuple[Any, str, str | None]], *, one: bool = False
    ) -> Group:
        """Return what components/facets.html draws of a filter, from its values, words and counts."""
        on = self.chosen.getlist(name)[-1:] or [""] if one else self.chosen.getlist(name)
        drawn = [
            {
                "value": (text := in_address(value)),
                "label": label,
                "count": count,
                "on": text in on,
                "url": self._choosing(name, text, is_on=text in on, one=one),
            }
            for value, label, count in options
        ]
        return {"legend": legend, "name": name, "options": drawn, "one": one}

    def counted(self, legend: str, name: str, counts: Mapping[Any, str], labels: Mapping[Any, str]) -> Group:
        """Return a filter of the values that have results or are on; one without a name is not the reader's to see."""
        on = self.chosen.getlist(name)
        shown = [
            (value, label, counts.get(value, "0"))
            for value, label in labels.items()
            if label and (value in counts or in_address(value) in on)
        ]
        return self.group(legend, name, shown)

    def context(
        self, groups: Iterable[Group], *, shown: int, total: int, label: str, meant: str, number: int
    ) -> dict[str, Any]:
        """Return what components/results_head.html, facets.html and pagination.html draw."""
        groups = [group for group in groups if group["options"]]
        chips = self._chips(groups)
        first = (number - 1) * self.size + 1
        return {
            "q": self.query,
            "total": label,
            "count": f"{label} result{'' if total == 1 else 's'}" if shown else "No results",
            "meant": meant,
            "meant_url": self._asking(meant),
            "groups": groups,
            "on": len(chips),
            "chips": chips,
            "clear": self._address(name="q"),
            "keep": self._pairs(*self.names),
            "first": first,
            "last": first + shown - 1,
            "before": self._page(number - 1) if number > 1 else "",
            "after": self._page(number + 1) if shown and total >= first + shown else "",
        }

    def _asking(self, query: str) -> str:
        """Return the address of another query under the same filters."""
        return "?" + urlencode([("q", query), *self._pairs(*self.names)])

    def _chips(self, groups: Iterable[Group]) -> list[dict[str, str]]:
        """Return what is on and, for each, the address without it."""
        return [
            {"label": option["label"], "url": self._choosing(group["name"], option["value"], is_on=True)}
            for group in groups
            for option in group["options"]
            if option["on"] and option["value"]
        ]

    def _choosing(self, name: str, value: str, *, is_on: bool, one: bool = False) -> str:
        """Return the address with a choice, or without it where it is on; the first page of what it leaves."""
        kept = [pair for pair in self._pairs("q", *self.names) if pair != (name, value)]
        if one:
            kept = [pair for pair in kept if pair[0] != name]
        return "?" + urlencode(kept if not value or (is_on and not one) else [*kept, (name, value)])

    def _page(self, number: int) -> str:
        return "?" + urlencode([*self._pairs("q", *self.names), ("page", number)])

    def _address(self, *, name: str) -> str:
        return "?" + urlencode(self._pairs(name))

    def _pairs(self, *names: str) -> list[tuple[str, str]]:
        pairs = [(name, value) for name in names for value in self.chosen.getlist(name)]
        return [(name, self.query if name == "q" else value) for name, value in pairs]


def in_address(value: Any) -> str:
    """Return a value as addresses have it."""
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _page_number(text: str, most: int) -> int:
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 5 else 1
    return min(max(number, 1), most)
