"""Exactly what would leave: the same computation is shown first and published then."""

import hashlib
from dataclasses import dataclass, field
from uuid import UUID

from collective.publications import selectors as published
from collective.publications.drafts import Draft
from collective.publications.enums import Identity
from tenant_apps.members.permissions import is_active
from tenant_apps.members.selectors import get_member
from tenant_apps.sharing import drafting
from tenant_apps.sharing.adapters import Source, adapter_for
from tenant_apps.sharing.models import SharedItem
from tenants.context import in_collective, this_network

MAX_REDACTIONS = 50
MAX_REDACTION_LENGTH = 200


class NothingToShareError(LookupError):
    """The thing is not here."""


class MissingWordsError(Exception):
    """Words that were to be cut are not there; the message says what to do."""

    def __init__(self, missing: list[str]) -> None:
        words = ", ".join(f"“{each}”" for each in missing)
        verb = "is" if len(missing) == 1 else "are"
        super().__init__(
            f"{words} {verb} not in the title or the text. Write it as it stands there, or take it out here."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What the author chose: how they are shown, and which words do not leave."""

    identity: Identity
    redactions: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Preview:
    """Exactly what would leave, and what stays in words for a person."""

    draft: Draft
    stays: str
    telling: list[str] = field(default_factory=list)
    """Words that say what the identity level leaves out."""

    @property
    def mark(self) -> str:
        """Return what tells this preview from every other, for a page to send back with the act it allows."""
        return hashlib.sha256(repr(self.draft).encode()).hexdigest()[:32]


def preview(kind: str, source_id: UUID, choice: Choice) -> Preview:
    """Return exactly what others would see; the same computation publishes."""
    return preview_of(source_of(kind, source_id), choice)


def preview_of(source: Source, choice: Choice) -> Preview:
    """Return the preview of a thing that has been loaded."""
    author, home = author_of(source.author_id), _home(choice.identity)
    draft = _drafted(source, choice, author, home)
    return Preview(draft=draft, stays=source.stays, telling=drafting.telling_words(draft, author, home))


def choice_of(item: SharedItem) -> Choice:
    """Return what the author chose when they shared it."""
    return Choice(identity=Identity(item.identity), redactions=item.redactions)


def standing_choice(item: SharedItem | None) -> Choice:
    """Return what was chosen, or what is offered first to somebody who has not chosen yet."""
    return choice_of(item) if item else Choice(identity=Identity.NAMED)


def author_of(member_id: UUID) -> drafting.Author:
    """Return a member as a draft shows them; nothing is left of a person who has left but that they were one."""
    member = get_member(member_id)
    if not is_active(member):
        return drafting.Author(name=member.shown_name if member else "", job="", school="", phase="")
    return drafting.Author(
        name=member.name, job=member.headline_job, school=member.headline_school, phase=member.headline_phase
    )


def source_of(kind: str, source_id: UUID) -> Source:
    """Return a thing as its network has it; raises NothingToShareError."""
    source = adapter_for(kind).load(source_id)
    if source is None:
        raise NothingToShareError(f"{kind} {source_id}")
    return source


def make_draft(source: Source, choice: Choice) -> Draft:
    """Return exactly what would leave of a thing of the current network."""
    return _drafted(source, choice, author_of(source.author_id), _home(choice.identity))


def check_cuts(source: Source, choice: Choice) -> None:
    """Raise MissingWordsError where words to cut are not in the text: who mistyped a name would send it out."""
    missing = drafting.missing_cuts(source, tidy(choice.redactions))
    if missing:
        raise MissingWordsError(missing)


def tidy(redactions: list[str]) -> list[str]:
    """Return the words to cut as they are kept: none twice, none blank, no more and no longer than is allowed."""
    kept = [each.strip()[:MAX_REDACTION_LENGTH] for each in redactions if each.strip()]
    return list(dict.fromkeys(kept))[:MAX_REDACTIONS]


def _drafted(source: Source, choice: Choice, author: drafting.Author, home: drafting.Home) -> Draft:
    return drafting.make_draft(
        source, identity=choice.identity, redactions=tidy(choice.redactions), author=author, home=home
    )


def _home(identity: Identity) -> drafting.Home:
    network = this_network()
    return drafting.Home(
        name=network.name, shown_region=_region(network.region) if identity == Identity.ANONYMOUS else ""
    )


def _region(region: str) -> str:
    with in_collective(joining_transaction=True):
        return published.region_shown(region)
