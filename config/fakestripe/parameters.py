"""Parameters as Stripe's library sends them: form fields with brackets, read by a description of what is allowed."""

import re
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qsl

from config.fakestripe.refusals import Refusal, invalid, unknown

type Spec = Callable[[Any, str], Any] | dict[str, "Spec"] | list["Spec"]
type Given = dict[str, Any]

PART = re.compile(r"\[([^\]]*)\]")
LARGEST_PAGE = 100


# Kinds of value


def text(value: Any, param: str) -> str | None:
    if not isinstance(value, str):
        raise invalid(f"Invalid string: {param}", param, "parameter_invalid_string")
    return value or None  # an empty string takes a value away


def whole(value: Any, param: str) -> int | None:
    if value == "":
        return None
    if not re.fullmatch(r"-?\d{1,18}", str(value)):
        raise invalid(f"Invalid integer: {value}", param, "parameter_invalid_integer")
    return int(value)


def number(value: Any, param: str) -> float | None:
    if value == "":
        return None
    if not re.fullmatch(r"-?\d{1,15}(\.\d{1,12})?", str(value)):
        raise invalid(f"Invalid decimal: {value}", param)
    return float(value)


def truth(value: Any, param: str) -> bool:
    if value not in ("true", "false"):
        raise invalid(f"Invalid boolean: {value}", param)
    return bool(value == "true")


def moment_or_now(value: Any, param: str) -> int | str | None:
    return "now" if value == "now" else whole(value, param)


def one_of(*allowed: str) -> Callable[[Any, str], str | None]:
    def read_one(value: Any, param: str) -> str | None:
        if value not in (*allowed, ""):
            raise invalid(f"Invalid {param}: must be one of {', '.join(allowed)}", param)
        return value or None

    return read_one


def mapping(value: Any, param: str) -> dict[str, str]:
    """Metadata: any keys, text alone; an empty string takes all away."""
    if value == "":
        return {}
    if not isinstance(value, dict) or not all(isinstance(item, str) for item in value.values()):
        raise invalid("Metadata values must be strings.", param)
    return value


EXPAND: Given = {"expand": [text]}
RANGE: Given = {"gt": whole, "gte": whole, "lt": whole, "lte": whole}
PAGE: Given = {**EXPAND, "limit": whole, "starting_after": text, "ending_before": text}
SEARCH: Given = {**EXPAND, "query": text, "limit": whole, "page": text}


# Reading


def decode(encoded: str) -> Given:
    """`items[0][price]=x` to nested dicts and lists."""
    tree: Given = {}
    for name, value in parse_qsl(encoded, keep_blank_values=True):
        head, parts = name.split("[", 1)[0], PART.findall(name)
        put(tree, [head, *parts], value)
    return {name: with_lists(value) for name, value in tree.items()}


def put(tree: Given, path: list[str], value: str) -> None:
    for part in path[:-1]:
        tree = tree.setdefault(part or str(len(tree)), {})
        if not isinstance(tree, dict):
            raise invalid(f"Invalid hash: {part}", part)
    tree[path[-1] or str(len(tree))] = value


def with_lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if value and all(key.isdecimal() for key in value):
        return [with_lists(value[key]) for key in sorted(value, key=int)]
    return {key: with_lists(item) for key, item in value.items()}


def read(given: Given, spec: Given, required: Iterable[str] = ()) -> Given:
    """What was given, in the types of `spec`; refuses what it does not name."""
    strange: list[str] = []
    values = read_dict(given, spec, "", strange)
    if strange:
        raise unknown(strange)
    for name in required:
        if values.get(name) in (None, "", []):
            raise Refusal(f"Missing required param: {name}.", code="parameter_missing", param=name)
    return values


def read_dict(given: Given, spec: Given, prefix: str, strange: list[str]) -> Given:
    values = {}
    for name, value in given.items():
        param = f"{prefix}[{name}]" if prefix else name
        if name in spec:
            values[name] = read_value(value, spec[name], param, strange)
        else:
            strange.append(param)
    return values


def read_value(value: Any, spec: Any, param: str, strange: list[str]) -> Any:
    if callable(spec):
        return spec(value, param)
    if value == "":
        return [] if isinstance(spec, list) else None
    if isinstance(spec, list):
        if not isinstance(value, list):
            raise invalid(f"Invalid array: {param}", param)
        return [read_value(item, spec[0], f"{param}[{at}]", strange) for at, item in enumerate(value)]
    if not isinstance(value, dict):
        if spec is RANGE:
            return {"gte": whole(value, param), "lte": whole(value, param)}
        raise invalid(f"Invalid object: {param}", param)
    return read_dict(value, spec, param, strange)
