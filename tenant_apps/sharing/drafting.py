"""From a source to what others see: identity levels and the words the author cut.

Pure functions, so that the preview and the publication are one and the same computation.
"""

import re
from dataclasses import dataclass
from datetime import datetime, time
from uuid import NAMESPACE_DNS, uuid5

from django.utils import timezone
from django.utils.text import slugify

from collective.publications.drafts import Draft
from collective.publications.enums import Identity
from tenant_apps.sharing.adapters import Source

CUT = "[removed]"
REGION_NEEDS_NETWORKS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """The person as their network knows them."""

    name: str
    job: str
    school: str
    phase: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """The network as others know it; `networks_in_region` decides whether the region may be named."""

    name: str
    region: str
    networks_in_region: int


def make_draft(source: Source, *, identity: Identity, redactions: list[str], author: Author, home: Home) -> Draft:
    """Return exactly what would leave the network."""
    return Draft(
        kind=source.kind,
        identity=identity,
        title=redact(source.title, redactions)[:200],
        body=redact(source.body, redactions),
        shown_at=_shown_at(source.created_at, identity),
        category=source.category,
        phase="" if identity == Identity.ANONYMOUS else source.phase,
        size="" if identity == Identity.ANONYMOUS else source.size,
        supplier_key=supplier_key(source.supplier_name, source.supplier_website),
        supplier_name=source.supplier_name,
        supplier_website=source.supplier_website,
        response=source.response,
        quality=source.quality,
        value=source.value,
        would_use_again=source.would_use_again,
        answered_at_home=source.is_answered,
        **_shown_person(identity, author, home),
    )


def redact(text: str, redactions: list[str]) -> str:
    """Replace each cut text, whatever its case, by the mark for a removal; the longest are cut first."""
    for cut in sorted((each for each in redactions if each.strip()), key=len, reverse=True):
        text = re.sub(re.escape(cut.strip()), CUT, text, flags=re.IGNORECASE)
    return text


def supplier_key(name: str, website: str) -> str:
    """Return what makes two networks' suppliers the same one: the website's host, or else the name."""
    if not name:
        return ""
    host = re.sub(r"^https?://(www\.)?|[/:?#].*$", "", website.strip().lower())
    return (host or slugify(name) or uuid5(NAMESPACE_DNS, name.strip().lower()).hex)[:120]


def _shown_person(identity: Identity, author: Author, home: Home) -> dict[str, str]:
    if identity == Identity.ANONYMOUS:
        return {"shown_region": home.region if home.networks_in_region >= REGION_NEEDS_NETWORKS else ""}
    if identity == Identity.ROLE:
        return {"shown_role": _join(author.job, _phase_words(author.phase)), "shown_network": home.name}
    return {
        "shown_name": author.name,
        "shown_role": _join(author.job, author.school),
        "shown_network": home.name,
    }


def _phase_words(phase: str) -> str:
    return "" if phase.lower() in ("", "not applicable") else f"{phase.lower()} school"


def _join(*parts: str) -> str:
    return ", ".join(part for part in parts if part)[:200]


def _shown_at(created_at: datetime, identity: Identity) -> datetime:
    """Round an anonymous item's time to its day, so that it cannot be matched with anything else."""
    if identity != Identity.ANONYMOUS:
        return created_at
    day = timezone.localdate(created_at)
    return timezone.make_aware(datetime.combine(day, time.min))
