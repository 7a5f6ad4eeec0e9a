"""From a source to what others see: identity levels and the words the author cut.

Pure functions, so that the preview and the publication are one and the same computation.
"""

import re
import unicodedata
from dataclasses import dataclass
from uuid import NAMESPACE_DNS, uuid5

from django.utils.text import slugify

from collective.publications.drafts import CUT, Draft, joined, role_words, shown_time
from collective.publications.enums import Identity
from shared_apps.core.markdown import plain_text
from tenant_apps.sharing.adapters import Source

MAX_TITLE_LENGTH = 200
WHOLE_WORD_LENGTH = 3
"""Words to cut of at most so many characters are cut where they stand alone, or "a" would leave nothing to read."""


_COMMON = {
    *("academy", "bursars", "business", "catholic", "church", "college", "community", "england", "first", "free"),
    *("grammar", "high", "infant", "infants", "junior", "managers", "network", "nursery", "park", "primary", "roman"),
    *("saint", "school", "schools", "secondary", "special", "street", "trust", "with"),
}
"""Words of many schools' and networks' names, which give nobody away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """The person as their network knows them."""

    name: str
    job: str
    school: str
    phase: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """The network as others know it; `shown_region` is its region where that gives nobody away, else blank."""

    name: str
    shown_region: str


def make_draft(source: Source, *, identity: Identity, redactions: list[str], author: Author, home: Home) -> Draft:
    """Return exactly what would leave the network."""
    return Draft(
        kind=source.kind,
        identity=identity,
        title=redact_title(source.title, redactions),
        body=redact(source.body, redactions),
        shown_at=shown_time(source.created_at, identity),
        supplier_key=supplier_key(source.supplier_name, source.supplier_website),
        supplier_name=source.supplier_name,
        supplier_website=source.supplier_website,
        response=source.response,
        quality=source.quality,
        value=source.value,
        would_use_again=source.would_use_again,
        answered_at_home=source.is_answered,
        is_closed=source.is_closed,
        **_shown_place(source, identity),
        **_shown_person(identity, author, home),
    )


def redact_title(title: str, redactions: list[str]) -> str:
    """Return a title, which is not Markdown, without the words that stay."""
    return _cut(title, redactions)[:MAX_TITLE_LENGTH]


def redact(text: str, redactions: list[str]) -> str:
    """Return Markdown that, once drawn, has none of the words that stay, whatever their case or spacing.

    Marks within a word (`Hart**well**`, `&amp;`) can hide it from a search of what was typed: then the formatting is
    given up, and where even that is not enough the whole text.
    """
    for candidate in (_cut(text, redactions), _cut(plain_text(text), redactions)):
        if not _says(plain_text(candidate), redactions):
            return candidate
    return CUT


def missing_cuts(source: Source, redactions: list[str]) -> list[str]:
    """Return the words to cut that are neither in the title nor in the text, as written or as read."""
    texts = (source.title, source.body, plain_text(source.body))
    return [each for each in redactions if not any(_says(text, [each]) for text in texts)]


def telling_words(draft: Draft, author: Author, home: Home) -> list[str]:
    """Return what a draft still says that its identity level leaves out: the author's name, school or network."""
    hidden = {
        Identity.NAMED: [],
        Identity.ROLE: [author.name, author.school],
        Identity.ANONYMOUS: [author.name, author.school, home.name],
    }[Identity(draft.identity)]
    said = f"{draft.title}\n{plain_text(draft.body)}"
    found: list[str] = []
    for each in _parts(hidden):
        if _says(said, [each]) and not any(each in longer for longer in found):
            found.append(each)
    return found


def _parts(names: list[str]) -> list[str]:
    """Return names whole, and those of their words that could tell by themselves."""
    words = [word for name in names for word in re.findall(r"[^\W\d_][\w’'-]{3,}", name)]
    return list(
        dict.fromkeys([each for each in names if each] + [each for each in words if each.lower() not in _COMMON])
    )


def supplier_key(name: str, website: str) -> str:
    """Return what makes two networks' suppliers the same one: the website's host, or else the name."""
    if not name:
        return ""
    host = re.sub(r"^https?://(www\.)?|[/:?#].*$", "", website.strip().lower())
    return (host or slugify(name) or uuid5(NAMESPACE_DNS, name.strip().lower()).hex)[:120]


def _cut(text: str, redactions: list[str]) -> str:
    """Replace the words in one pass, the longest first, so that nothing is cut inside the mark of a cut."""
    pattern = _pattern(redactions)
    return re.sub(pattern, CUT, unicodedata.normalize("NFC", text), flags=re.IGNORECASE) if pattern else text


def _says(words: str, redactions: list[str]) -> bool:
    pattern = _pattern(redactions)
    left = unicodedata.normalize("NFC", words).replace(CUT, "")
    return bool(pattern and re.search(pattern, left, flags=re.IGNORECASE))


def _pattern(redactions: list[str]) -> str:
    cuts = sorted((unicodedata.normalize("NFC", each.strip()) for each in redactions), key=len, reverse=True)
    return "|".join(_pattern_of(cut) for cut in cuts if cut)


def _pattern_of(cut: str) -> str:
    found = r"\s+".join(map(re.escape, cut.split()))
    is_alone = len(cut) <= WHOLE_WORD_LENGTH and cut.isalnum()
    return rf"(?<![^\W_]){found}(?![^\W_])" if is_alone else found


def _shown_place(source: Source, identity: Identity) -> dict[str, str]:
    """What kind of school it comes from; an anonymous thing keeps only a category that every network has."""
    if identity != Identity.ANONYMOUS:
        return {"category": source.category, "phase": source.phase, "size": source.size}
    return {"category": source.category if source.is_common_category else ""}


def _shown_person(identity: Identity, author: Author, home: Home) -> dict[str, str]:
    if identity == Identity.ANONYMOUS:
        return {"shown_region": home.shown_region}
    if identity == Identity.ROLE:
        return {"shown_role": role_words(author.job, author.phase), "shown_network": home.name}
    return {
        "shown_name": author.name,
        "shown_role": joined(author.job, author.school),
        "shown_network": home.name,
    }
