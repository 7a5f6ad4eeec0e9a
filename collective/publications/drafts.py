"""What leaves a network: one immutable value, previewed and then published, so that the two cannot differ."""

from dataclasses import asdict, dataclass
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.utils import timezone

from collective.publications.enums import Identity, PublicationKind

REGION_NEEDS_NETWORKS = 5
CUT = "[removed]"
"""Stands where the author cut words; pages draw it as a solid mark."""


def role_words(job: str, phase: str) -> str:
    """Return a person's role without name or school: "Business manager, primary school"."""
    kind = "" if phase.lower() in ("", "not applicable") else phase.lower()
    school = kind if not kind or kind.endswith("school") else f"{kind} school"
    return joined(job, school)


def joined(*parts: str) -> str:
    """Return what there is of the parts, in a line that fits a publication."""
    return ", ".join(part for part in parts if part)[:200]


def shown_time(moment: datetime, identity: str) -> datetime:
    """Return the time others see: an anonymous thing's is rounded to its day, so that it matches nothing else."""
    if identity != Identity.ANONYMOUS:
        return moment
    return timezone.make_aware(datetime.combine(timezone.localdate(moment), time.min))


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The fields of a publication that come from its network, as everybody else will see them.

    Ratings are 1 to 5, or None where the kind has none.
    """

    kind: PublicationKind
    identity: Identity
    title: str
    body: str
    shown_at: datetime
    category: str = ""
    phase: str = ""
    size: str = ""
    shown_name: str = ""
    shown_role: str = ""
    shown_network: str = ""
    shown_region: str = ""
    supplier_key: str = ""
    supplier_name: str = ""
    supplier_website: str = ""
    response: int | None = None
    quality: int | None = None
    value: int | None = None
    would_use_again: bool | None = None
    answered_at_home: bool = False
    is_closed: bool = False

    def fields(self) -> dict[str, Any]:
        """Return the values by the names of the publication's columns."""
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Replier:
    """Who answers from another network, and how they are shown."""

    account_id: UUID
    network_id: UUID
    identity: Identity
    shown_name: str = ""
    shown_role: str = ""
    shown_network: str = ""
    shown_colour: str = ""
