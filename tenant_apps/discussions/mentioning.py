"""Finding who a text names with @, and showing it; a name that could be two people's is nobody's.

A name is written as it stands in the directory: `@Priya Raman`, `@Moor End Primary`, `@organisers`, `@moderators`.
What is quoted or shown as code names nobody.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from uuid import UUID

from django.utils.safestring import SafeString, mark_safe

from tenant_apps.members.enums import Role

ROLES = {
    "organisers": (Role.OWNER, Role.ORGANISER),
    "moderators": (Role.OWNER, Role.ORGANISER, Role.MODERATOR),
}
_MAX_NAMES = 50  # in one text
_AT = re.compile(r"(?<![\w@.])@(?=\w)")
_QUOTED = re.compile(r"```.*?(```|\Z)|`[^`\n]*`|^[ \t]*>.*$", re.DOTALL | re.MULTILINE)
_TAG = re.compile(r"""(<(?:"[^"]*"|'[^']*'|[^'">])*>)""")
_CLOSED_TO_NAMES = re.compile(r"</?(a|code|pre|blockquote)\b")


@dataclass(frozen=True, slots=True)
class Person:
    """A member as names find them."""

    id: UUID
    name: str
    role: str
    school: str
    town: str


def may_name(text: str) -> bool:
    """Whether a text could name anybody at all."""
    return _AT.search(_QUOTED.sub(" ", text)) is not None


def named_in(text: str, people: Iterable[Person]) -> set[UUID]:
    """Return the ids of the members whom a text names."""
    plain = " ".join(_QUOTED.sub("\n", text).split())
    places = [found.end() for found in _AT.finditer(plain)][:_MAX_NAMES]
    if not places:
        return set()
    meanings = _meanings(list(people))
    longest = max(map(len, meanings), default=0)
    return {each for place in places for each in _named_at(plain[place : place + longest + 1], meanings)}


def _named_at(text: str, meanings: dict[str, set[UUID]]) -> set[UUID]:
    """Return who the longest name is that the text begins with, up to the end of a word."""
    folded = text.casefold()
    for end in range(min(len(folded), max(map(len, meanings), default=0)), 0, -1):
        is_end = end == len(folded) or not (folded[end].isalnum() or folded[end] in "_@")
        if is_end and folded[:end] in meanings:
            return meanings[folded[:end]]
    return set()


def _meanings(people: list[Person]) -> dict[str, set[UUID]]:
    """Return who each name stands for: nobody where it could be two people's, or two schools'."""
    by_name: dict[str, list[UUID]] = defaultdict(list)
    schools: dict[str, list[Person]] = defaultdict(list)
    for each in people:
        by_name[_folded(each.name)].append(each.id)
        if each.school:
            schools[_folded(each.school)].append(each)
    meanings = {name: set(ids) if len(ids) == 1 else set() for name, ids in by_name.items()}
    for name, found in schools.items():
        is_one = name not in meanings and len({each.town for each in found}) == 1
        meanings[name] = {each.id for each in found} if is_one else set()
    roles = {role: {each.id for each in people if each.role in wanted} for role, wanted in ROLES.items()}
    return {name: ids for name, ids in {**meanings, **roles}.items() if name}


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()


def show_names(html: SafeString, named: Iterable[tuple[UUID, str, str]]) -> SafeString:
    """Return rendered text with the members it names as links, and their schools and roles marked.

    Only text is looked at, never a tag, and what is inserted is escaped.
    """
    targets = _targets(named)
    if not targets or "@" not in html:
        return html
    names = "|".join(re.escape(name) for name in sorted(targets, key=len, reverse=True))
    pattern = re.compile(rf"(?<![\w@.])@({names})(?![\w@])", re.IGNORECASE)
    parts, depth = [], 0
    for part in _TAG.split(html):
        if closed := _CLOSED_TO_NAMES.match(part):
            depth += -1 if closed[0].startswith("</") else 1
        is_text = depth == 0 and not part.startswith("<")
        parts.append(pattern.sub(lambda found: _marked(found, targets), part) if is_text else part)
    return mark_safe("".join(parts))  # noqa: S308 - safe HTML, with escaped names put in


def _targets(named: Iterable[tuple[UUID, str, str]]) -> dict[str, str]:
    """Return the address of each name, escaped as it stands in HTML; schools and roles have none."""
    targets: dict[str, str] = {}
    for member_id, name, school in named:
        targets |= dict.fromkeys(ROLES, "") | ({escape(school, quote=False).casefold(): ""} if school else {})
        targets[escape(name, quote=False).casefold()] = f"/members/{member_id}/"
    return {name: url for name, url in targets.items() if name}


def _marked(found: re.Match[str], targets: dict[str, str]) -> str:
    url = targets.get(found[1].casefold(), "")
    return f'<a class="mention" href="{url}">{found[0]}</a>' if url else f'<span class="mention">{found[0]}</span>'
