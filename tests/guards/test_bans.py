"""Ways of changing schema that leak between networks are written nowhere but behind the one door."""

import ast
from pathlib import Path

import pytest

from tests.guards.sources import named, product_files, tree_of

DOOR = "tenants/context.py"
SWITCHES = {"set_schema", "set_schema_to_public", "set_tenant", "activate"}
ELSEWHERE = {"activate": {"timezone", "translation"}}  # Django's own, of another kind
TENANT_NAMES = {"network", "tenant", "alder", "birch"}


def offences(tree: ast.AST) -> list[str]:
    """Return what is banned in this code, with its line."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and is_switch(node.func):
            found.append(f"{node.lineno} .{node.func.attr}()")
        if isinstance(node, ast.With):
            found += [f"{node.lineno} with {ast.unparse(item.context_expr)}" for item in node.items if is_tenant(item)]
    return found


def is_switch(function: ast.Attribute) -> bool:
    owner = function.value.id if isinstance(function.value, ast.Name) else ""
    return function.attr in SWITCHES and owner not in ELSEWHERE.get(function.attr, set())


def is_tenant(item: ast.withitem) -> bool:
    expression = item.context_expr
    name = expression.attr if isinstance(expression, ast.Attribute) else getattr(expression, "id", "")
    return name in TENANT_NAMES


def test_bans_are_kept_by_the_product():
    found = {named(path): offences(tree_of(path)) for path in product_files() if named(path) != DOOR}

    assert {path: lines for path, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    "code",
    [
        "connection.set_schema('x')",
        "connection.set_tenant(network)",
        "network.activate()",
        "with network: pass",
        "with request.network: pass",
    ],
)
def test_bans_notice_each_way(code):
    assert len(offences(ast.parse(code))) == 1


@pytest.mark.parametrize("code", ["timezone.activate(zone)", "with in_network(network): pass"])
def test_bans_let_pass_what_is_harmless(code):
    assert offences(ast.parse(code)) == []


def test_bans_the_door_is_where_we_think():
    door = next(path for path in product_files() if named(path) == DOOR)

    assert offences(tree_of(Path(door))) != []
