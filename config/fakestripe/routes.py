"""The table of what the API answers: method and path, the parameters it takes, and who answers."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from config.fakestripe.parameters import EXPAND, LARGEST_PAGE, Given, read
from config.fakestripe.refusals import Refusal, invalid
from config.fakestripe.state import State, Thing, listed, public

type Handler = Callable[..., Thing]

FIELD = re.compile(
    r"""^\s*-?(?P<field>metadata\[['"][^'"]+['"]\]|\w+)\s*(?P<sign>[:~])\s*['"](?P<value>[^'"]*)['"]\s*$"""
)


@dataclass(frozen=True)
class Route:
    """One endpoint."""

    method: str
    path: str
    spec: Given
    required: tuple[str, ...]
    handler: Handler

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return re.compile("^" + re.sub(r"\{\w+\}", r"([^/]+)", self.path) + "$")


ROUTES: list[Route] = []


def route(method: str, path: str, spec: Given, required: Iterable[str] = ()) -> Callable[[Handler], Handler]:
    """Answer this method and path with the decorated function of the state, the parameters and the path's ids."""

    def register(handler: Handler) -> Handler:
        ROUTES.append(Route(method, path, EXPAND | spec, tuple(required), handler))
        return handler

    return register


def answer(state: State, method: str, path: str, given: Given) -> Thing:
    """Find the route, read the parameters, and answer with what is expanded."""
    found = [(known, match) for known in ROUTES if (match := known.pattern.match(path))]
    for known, match in sorted(found, key=lambda pair: pair[0].path.count("{")):  # …/search before …/{id}
        if known.method == method:
            values = read(given, known.spec, known.required)
            expand = values.pop("expand", None) or []
            with state.whole():
                return expanded(state, known.handler(state, values, *match.groups()), expand)
    raise Refusal(
        f"Unrecognized request URL ({method}: {path}). If you are trying to list objects, remove the trailing slash.",
        status=404,
    )


# Lists


def page_of(state: State, things: list[Thing], given: Given, url: str) -> Thing:
    """A page of the newest first, behind or before a cursor."""
    limit = given.get("limit") or 10
    if not 1 <= limit <= LARGEST_PAGE:
        raise invalid("Invalid integer: limit must be from 1 to 100", "limit")
    rows = things[::-1]
    if cursor := given.get("starting_after"):
        rows = rows[position(rows, cursor, "starting_after") + 1 :]
    if cursor := given.get("ending_before"):
        rows = rows[: position(rows, cursor, "ending_before")]
        return listed(rows[-limit:], url, has_more=len(rows) > limit)
    return listed(rows[:limit], url, has_more=len(rows) > limit)


def position(rows: list[Thing], key: str, param: str) -> int:
    for at, row in enumerate(rows):
        if row["id"] == key:
            return at
    raise Refusal(f"No such object: '{key}'", code="resource_missing", param=param)


def within(value: int | None, bounds: dict[str, int] | None) -> bool:
    if not bounds:
        return True
    compare = {
        "gt": lambda a, b: a > b,
        "gte": lambda a, b: a >= b,
        "lt": lambda a, b: a < b,
        "lte": lambda a, b: a <= b,
    }
    return value is not None and all(compare[name](value, bound) for name, bound in bounds.items())


def search_page(things: list[Thing], given: Given, url: str) -> Thing:
    """Stripe's search language as far as `field:'value'`, `field~'part'`, `-field:'value'` and AND."""
    clauses = re.split(r"\s+AND\s+", given["query"])
    rows = [thing for thing in things[::-1] if all(meets(thing, clause) for clause in clauses)]
    begin, limit = int(given.get("page") or 0), given.get("limit") or 10
    more = len(rows) > begin + limit
    return {
        "object": "search_result",
        "url": url,
        "data": rows[begin : begin + limit],
        "has_more": more,
        "next_page": str(begin + limit) if more else None,
    }


def meets(thing: Thing, clause: str) -> bool:
    match = FIELD.match(clause)
    if not match:
        raise invalid(f"We were unable to parse your search query: {clause}", "query")
    field, wanted = match["field"], match["value"]
    value = thing["metadata"].get(field[10:-2]) if field.startswith("metadata[") else thing.get(field)
    found = wanted in str(value or "") if match["sign"] == "~" else value == wanted
    return found != clause.lstrip().startswith("-")


# Expanding


def expanded(state: State, thing: Thing, paths: list[str]) -> Thing:
    """A copy as the API shows it, with objects in the places of the ids that were asked for."""
    shown = public(thing)
    for path in paths:
        expand(state, shown, path.split("."), path)
    return shown


INCLUDABLE = {("invoice", "payments"): "invoice_payment", ("charge", "refunds"): "refund"}  # shown when asked for


def expand(state: State, thing: Any, path: list[str], whole_path: str) -> None:
    if not path or thing is None:
        return
    if isinstance(thing, list):
        for item in thing:
            expand(state, item, path, whole_path)
        return
    name, rest = path[0], path[1:]
    if isinstance(thing, dict) and (kind := INCLUDABLE.get((thing.get("object"), name))):
        rows = state.all(kind, **{str(thing["object"]): thing["id"]})
        thing[name] = public(listed(rows[::-1], f"/v1/{kind}s?{thing['object']}={thing['id']}"))
    if name not in thing and (name != "data" or not isinstance(thing, dict)):
        raise invalid(f"This property cannot be expanded ({whole_path}).", "expand")
    thing[name] = resolve(state, thing[name])
    expand(state, thing[name], rest, whole_path)


def resolve(state: State, value: Any) -> Any:
    if isinstance(value, str):
        return public(state.find(value)) or value
    if isinstance(value, list):
        return [resolve(state, item) for item in value]
    return value
