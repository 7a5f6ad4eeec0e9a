"""What leaves a network: one immutable value, previewed and then published, so that the two cannot differ."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from collective.publications.enums import Identity, PublicationKind


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

    def fields(self) -> dict[str, Any]:
        """Return the values by the names of the publication's columns."""
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Replier:
    """Who answers from another network, and how they are shown."""

    account_id: Any
    network_id: Any
    identity: Identity
    shown_name: str = ""
    shown_role: str = ""
    shown_network: str = ""
    shown_colour: str = ""
