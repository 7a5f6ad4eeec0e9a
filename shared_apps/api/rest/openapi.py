"""The API's own description: OpenAPI 3.1 for each kind of host, and what the readable page draws of it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.conf import settings
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator

from shared_apps.api.rest.idempotency import HEADER, LONGEST_KEY, REPLAYED
from shared_apps.api.rest.problems import CONTENT_TYPE
from tenants.enums import Kind

_TITLES = {
    Kind.PUBLIC: "SBM Collective: platform API",
    Kind.NETWORK: "SBM Collective: network API",
    Kind.COLLECTIVE: "SBM Collective: API of the Collective",
}
_METHODS = ("get", "post", "put", "patch", "delete")
_PROBLEM = {
    "type": "object",
    "description": "RFC 9457 problem details.",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"pointer": {"type": "string"}, "detail": {"type": "string"}},
                "required": ["pointer", "detail"],
            },
        },
    },
}
_KEY = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY},
    "description": "A new random text for each thing to do. The same request sent again within 24 hours with the same "
    "key does nothing and is answered as the first was, with how the thing is now; another request with it is "
    "answered 422, and 409 while the first is still running.",
}
_WAS_REPLAYED = {
    "schema": {"type": "string", "enum": ["true"]},
    "description": "There when this was done before, by a request with the same key.",
}


class TokenScheme(OpenApiAuthenticationExtension):
    """Describes the bearer token."""

    target_class = "shared_apps.api.rest.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """Return the scheme."""
        return {"type": "http", "scheme": "bearer", "description": "A token made on your account page."}


@dataclass(frozen=True, slots=True)
class Value:
    """One parameter or field, as the page shows it."""

    name: str
    kind: str
    required: bool
    about: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one address, as the page shows it."""

    id: str
    method: str
    path: str
    summary: str
    about: str
    parameters: list[Value] = field(default_factory=list)
    sent: list[Value] = field(default_factory=list)
    answers: list[tuple[str, str]] = field(default_factory=list)
    answered: list[Value] = field(default_factory=list)


def add_problems(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Say of every operation that its errors are problems; drf-spectacular calls it last."""
    result.setdefault("components", {}).setdefault("schemas", {})["Problem"] = _PROBLEM
    content = {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for methods in result["paths"].values():
        for name in _METHODS:
            if name in methods:
                methods[name]["responses"]["default"] = {"description": "An error.", "content": content}
    return result


def add_idempotency(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Say of every POST that it takes a key; drf-spectacular calls it last."""
    for methods in result["paths"].values():
        if "post" in methods:
            methods["post"].setdefault("parameters", []).append(_KEY)
            for code, answer in methods["post"]["responses"].items():
                if code.startswith("2"):
                    answer.setdefault("headers", {})[REPLAYED] = _WAS_REPLAYED
    return result


@cache
def schema_of(kind: Kind) -> dict[str, Any]:
    """Return the description of one kind of host; it changes only with the code."""
    generator = SchemaGenerator(urlconf=settings.TENANT_TYPES[kind]["URLCONF"], api_version="v1")
    schema = generator.get_schema(request=None, public=True)
    schema["info"]["title"] = _TITLES[kind]
    return schema


def operations_of(schema: dict[str, Any]) -> dict[str, list[Operation]]:
    """Return the operations by resource, in the order of their addresses."""
    groups: dict[str, list[Operation]] = {}
    for path, methods in sorted(schema["paths"].items()):
        group = path.removeprefix("/api/v1/").partition("/")[0]
        groups.setdefault(group, []).extend(
            _operation(schema, path, name, methods[name]) for name in _METHODS if name in methods
        )
    return groups


def _operation(schema: dict[str, Any], path: str, method: str, spec: dict[str, Any]) -> Operation:
    answers = {code: answer for code, answer in spec["responses"].items() if code != "default"}
    return Operation(
        id=spec["operationId"],
        method=method.upper(),
        path=path,
        summary=spec.get("summary", ""),
        about=spec.get("description", ""),
        parameters=[_value(schema, item["name"], item["schema"], item) for item in _in_the_address(spec)],
        sent=list(_fields(schema, _shape_of(spec.get("requestBody", {})), sent=True)),
        answers=[(code, answer.get("description", "")) for code, answer in answers.items()],
        answered=list(_fields(schema, _shape_of(next(iter(answers.values()), {})), sent=False)),
    )


def _in_the_address(spec: dict[str, Any]) -> list[dict[str, Any]]:
    return [item for item in spec.get("parameters", ()) if item["in"] != "header"]


def _shape_of(body: dict[str, Any]) -> dict[str, Any]:
    """Return what is sent or answered: JSON, or where there is none the fields of an upload."""
    content = body.get("content", {})
    found = content.get("application/json") or content.get("multipart/form-data") or {}
    return found.get("schema", {})


def _fields(schema: dict[str, Any], shape: dict[str, Any], *, sent: bool) -> Iterator[Value]:
    """Yield the fields of an object, or of the objects in a page or an array."""
    shape = _resolved(schema, shape)
    if shape.get("type") == "array":
        shape = _resolved(schema, shape["items"])
    properties = shape.get("properties", {})
    if "results" in properties and not sent:
        yield from _fields(schema, properties["results"], sent=sent)
        return
    for name, inner in properties.items():
        if not (sent and inner.get("readOnly")):
            yield _value(schema, name, inner, {"required": name in shape.get("required", ())})


def _value(schema: dict[str, Any], name: str, shape: dict[str, Any], spec: dict[str, Any]) -> Value:
    about = spec.get("description") or shape.get("description", "")
    return Value(name=name, kind=_kind(schema, shape), required=spec.get("required", False), about=about)


def _kind(schema: dict[str, Any], shape: dict[str, Any]) -> str:
    """Return a shape in words: "text", "number or nothing", "one of a, b"."""
    resolved = _resolved(schema, shape)
    if "enum" in resolved:
        return "one of " + ", ".join(str(choice) for choice in resolved["enum"] if choice not in (None, ""))
    types = resolved.get("type", "object")
    words = [_WORDS.get(name, name) for name in (types if isinstance(types, list) else [types])]
    if words[0] == "list":
        return f"list of {_kind(schema, resolved.get('items', {}))}"
    return " or ".join(words) + (f" ({resolved['format']})" if "format" in resolved else "")


def _resolved(schema: dict[str, Any], shape: dict[str, Any]) -> dict[str, Any]:
    for part in ("allOf", "oneOf", "anyOf"):
        if part in shape:
            return _resolved(schema, shape[part][0]) | {"description": shape.get("description", "")}
    if "$ref" not in shape:
        return shape
    return _resolved(schema, schema["components"]["schemas"][shape["$ref"].rsplit("/", 1)[-1]])


_WORDS = {"string": "text", "integer": "whole number", "boolean": "true or false", "null": "nothing", "array": "list"}
