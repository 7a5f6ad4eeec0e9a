"""The product's own Python files, for tests that read code."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.cluster import PACKAGES, ROOT

APPS = [ROOT / "tenants", *(path.parent for name in PACKAGES[2:] for path in sorted((ROOT / name).glob("*/apps.py")))]


def product_files() -> list[Path]:
    """Return every module of the product, migrations too."""
    return sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


@cache
def tree_of(path: Path) -> ast.Module:
    """Return the parsed module."""
    return ast.parse(path.read_text())


def named(path: Path) -> str:
    """Return the path as people write it."""
    return str(path.relative_to(ROOT))


def functions_of(path: Path) -> Iterator[ast.FunctionDef]:
    """Yield every function and method."""
    yield from (node for node in ast.walk(tree_of(path)) if isinstance(node, ast.FunctionDef))
