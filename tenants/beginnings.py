"""Templates: what a new network begins with, chosen by who puts it on line; features read their own part of it.

They are data in code, so that a release can be trusted to have tried them. An operator's own, made from a network that
exists, would read what that network keeps to itself.
"""

from dataclasses import dataclass

from tenants.names import NetworkNameError


@dataclass(frozen=True, slots=True)
class Subject:
    """A category of discussions; `asks` is what a new discussion there starts with."""

    name: str
    asks: str = ""
    allows_anonymous: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """What a network begins with. `kept` are the categories whose things do not leave for the Collective."""

    key: str
    name: str
    about: str
    subjects: tuple[Subject, ...]
    services: tuple[str, ...]
    kept: tuple[str, ...] = ()
    approval_required: bool = False


_CONTRACT = """What we have now:

When it ends, and the notice it needs:

What we would like to know:
"""
_PEOPLE = """What has happened, without anybody’s name:

What our policy says:

What we would like to know:
"""

USUAL = Template(
    key="school-business-managers",
    name="School business managers",
    about="For people who run single schools. Nine categories; what members ask may be shared as they choose.",
    subjects=(
        Subject("Buildings"),
        Subject("Catering"),
        Subject("Compliance"),
        Subject("Energy"),
        Subject("Finance"),
        Subject("ICT"),
        Subject("Insurance", asks=_CONTRACT),
        Subject("Staff", asks=_PEOPLE, allows_anonymous=True),
        Subject("Network"),
    ),
    services=(
        *("Catering", "Cleaning", "Energy", "Grounds", "ICT", "Insurance", "MIS", "Payroll and HR", "Premises"),
        *("Print", "Supply staff", "Training", "Transport", "Other"),
    ),
)

TRUST = Template(
    key="multi-academy-trust",
    name="Multi-academy trust",
    about="For the central team and the schools of one trust. An organiser approves what leaves; what is about staff "
    "and about the trust itself stays.",
    subjects=(
        Subject("Compliance"),
        Subject("Estates"),
        Subject("Finance"),
        Subject("Governance"),
        Subject("ICT"),
        Subject("Insurance", asks=_CONTRACT),
        Subject("Procurement", asks=_CONTRACT),
        Subject("Staff", asks=_PEOPLE, allows_anonymous=True),
        Subject("Our trust"),
    ),
    services=(
        *("Audit", "Catering", "Cleaning", "Energy", "Estates", "Finance systems", "ICT", "Insurance", "Legal", "MIS"),
        *("Payroll and HR", "Supply staff", "Training", "Transport", "Other"),
    ),
    kept=("Our trust", "Staff"),
    approval_required=True,
)

BARE = Template(
    key="bare",
    name="Bare",
    about="One category of discussions and one of suppliers, for owners who make their own.",
    subjects=(Subject("General"),),
    services=("Other",),
)

TEMPLATES = (USUAL, TRUST, BARE)
_BY_KEY = {each.key: each for each in TEMPLATES}


def template_named(key: str) -> Template:
    """Return a template; the usual one for a network that was never given one, or whose template is no more."""
    return _BY_KEY.get(key, USUAL)


def check_template(key: str) -> str:
    """Return the key of a template, the usual one's for none, or raise NetworkNameError."""
    if key and key not in _BY_KEY:
        raise NetworkNameError(f"There is no template {key}. There are {', '.join(_BY_KEY)}.", field="template")
    return key or USUAL.key
