"""Which subdomains a network may have, and the schema name we make from one.

django-tenants itself accepts `public`, `../x` and right-to-left overrides, so nothing that a person typed reaches it.
"""

import re
from functools import cache
from pathlib import Path

_FORM = re.compile(r"[a-z](?:-?[a-z0-9])+", re.ASCII)
_MIN_LENGTH, _MAX_LENGTH = 3, 30
_NAME_MAX_LENGTH = 80
_RESERVED_FILE = Path(__file__).with_name("reserved_subdomains.txt")


class NetworkNameError(ValueError):
    """A network's name or subdomain cannot be used; the message says why in one line."""


@cache
def reserved_subdomains() -> frozenset[str]:
    """Return the names no network may take, from the file beside this one, which says where they come from."""
    lines = _RESERVED_FILE.read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))


def check_subdomain(subdomain: str) -> str:
    """Return the subdomain, or raise NetworkNameError saying in one line what is wrong with it."""
    if not _MIN_LENGTH <= len(subdomain) <= _MAX_LENGTH:
        raise NetworkNameError(f"A subdomain has {_MIN_LENGTH} to {_MAX_LENGTH} characters.")
    if not _FORM.fullmatch(subdomain):
        raise NetworkNameError(
            "A subdomain has lower-case letters a to z, digits and single hyphens inside, and starts with a letter."
        )
    if _is_reserved(subdomain):
        raise NetworkNameError(f"The subdomain {subdomain} is reserved. Choose another.")
    return subdomain


def check_name(name: str) -> str:
    """Return the name without outer and doubled spaces, or raise NetworkNameError."""
    tidy = " ".join(name.split())
    if not tidy or len(tidy) > _NAME_MAX_LENGTH:
        raise NetworkNameError(f"A network's name has 1 to {_NAME_MAX_LENGTH} characters.")
    if not all(character.isprintable() for character in tidy) or not any(map(str.isalpha, tidy)):
        raise NetworkNameError("A network's name is made of ordinary letters, digits and punctuation.")
    return tidy


def schema_name_for(subdomain: str) -> str:
    """Return the schema's name: `n_` and the subdomain with underscores, so that no network can be called `public`."""
    return "n_" + check_subdomain(subdomain).replace("-", "_")


def _is_reserved(subdomain: str) -> bool:
    """Singular and plural alike, and names that differ only by hyphens."""
    plain = subdomain.replace("-", "")
    forms = {subdomain, plain, plain + "s", plain.removesuffix("s"), plain.removesuffix("es")}
    return bool(forms & reserved_subdomains())
