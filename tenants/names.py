"""Which subdomains a network may have, and the schema name we make from one.

django-tenants itself accepts `public`, `../x` and right-to-left overrides, so nothing that a person typed reaches it.
"""

import re
from functools import cache
from pathlib import Path

HOST_NAME = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?")
_SPECIAL_DOMAINS = {  # of RFC 6761 and its kin: nobody can own a name under these
    *("alt", "arpa", "corp", "example", "home", "internal", "invalid"),
    *("lan", "local", "localdomain", "localhost", "onion", "test"),
}
_FORM = re.compile(r"[a-z](?:-?[a-z0-9])+", re.ASCII)
_MIN_LENGTH, _MAX_LENGTH = 3, 30
_NAME_MAX_LENGTH, _REGION_MAX_LENGTH = 80, 40
_RESERVED_FILE = Path(__file__).with_name("reserved_subdomains.txt")


class NetworkNameError(ValueError):
    """What was given for `field` (subdomain, name, region or template) cannot be used; the message says why."""

    def __init__(self, message: str, *, field: str) -> None:
        super().__init__(message)
        self.field = field


@cache
def reserved_subdomains() -> frozenset[str]:
    """Return the names no network may take, without hyphens, from the file beside this one, which says their source."""
    lines = _RESERVED_FILE.read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip().replace("-", "") for line in lines if line.strip() and not line.startswith("#"))


def check_subdomain(subdomain: str) -> str:
    """Return the subdomain, or raise NetworkNameError saying in one line what is wrong with it."""
    if not _MIN_LENGTH <= len(subdomain) <= _MAX_LENGTH:
        raise NetworkNameError(f"A subdomain has {_MIN_LENGTH} to {_MAX_LENGTH} characters.", field="subdomain")
    if not has_subdomain_form(subdomain):
        raise NetworkNameError(
            "A subdomain has lower-case letters a to z, digits and single hyphens inside, and starts with a letter.",
            field="subdomain",
        )
    if _is_reserved(subdomain):
        raise NetworkNameError(f"The subdomain {subdomain} is reserved. Choose another.", field="subdomain")
    return subdomain


def has_subdomain_form(text: str) -> bool:
    """Return whether a text could be the subdomain of a network that exists, whatever is reserved today."""
    return bool(_FORM.fullmatch(text))


def check_name(name: str) -> str:
    """Return the name without outer and doubled spaces, or raise NetworkNameError."""
    tidy = " ".join(name.split())
    if not tidy or len(tidy) > _NAME_MAX_LENGTH:
        raise NetworkNameError(f"A network’s name has 1 to {_NAME_MAX_LENGTH} characters.", field="name")
    if not tidy.isprintable() or not any(map(str.isalpha, tidy)):
        raise NetworkNameError("A network’s name is made of ordinary letters, digits and punctuation.", field="name")
    return tidy


def check_region(region: str) -> str:
    """Return the region, which may be empty, without outer and doubled spaces, or raise NetworkNameError."""
    tidy = " ".join(region.split())
    if len(tidy) > _REGION_MAX_LENGTH or not tidy.isprintable():
        raise NetworkNameError(f"A region has at most {_REGION_MAX_LENGTH} ordinary characters.", field="region")
    return tidy


def check_host(host: str, *, platform: str) -> str:
    """Return a host of a network's own in lower case, or raise NetworkNameError; `platform` is our own domain."""
    tidy = host.strip().lower().rstrip(".")
    if not HOST_NAME.fullmatch(tidy):
        raise NetworkNameError(
            "Enter a domain like community.kentsbm.org.uk, without https:// and without a path.", field="host"
        )
    ours = tidy == platform or tidy.endswith(f".{platform}")
    if ours or tidy.rpartition(".")[2] in _SPECIAL_DOMAINS:
        raise NetworkNameError("This domain cannot be a network’s own.", field="host")
    return tidy


def schema_name_for(subdomain: str) -> str:
    """Return the schema's name: `n_` and the subdomain with underscores, so that no network can be called `public`."""
    return "n_" + check_subdomain(subdomain).replace("-", "_")


def _is_reserved(subdomain: str) -> bool:
    """Singular and plural alike, and names that differ only by hyphens."""
    plain = subdomain.replace("-", "")
    plurals = {plain + "s", plain + "es", re.sub("y$", "ies", plain)}
    singulars = {plain.removesuffix("s"), plain.removesuffix("es"), re.sub("ies$", "y", plain)}
    return bool(({plain} | plurals | singulars) & reserved_subdomains())
