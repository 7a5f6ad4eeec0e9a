"""The certificate of a deletion: a plain text, signed with the platform's key, that names no person."""

import re
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.template.defaultfilters import filesizeformat
from django.utils.timezone import localdate

from shared_apps.closing.enums import Customer
from shared_apps.closing.models import Closing

_SALT = "sbm:closing:certificate"
_SIGNED = re.compile(r"\ASignature: ([\w=-]+)\Z")
_RULE = "-" * 72


def compose(closing: Closing, *, now: datetime) -> str:
    """Return the signed certificate of a network that is deleted now."""
    words = "\n".join([*_head(closing, now), *_deleted(closing), *_remains(closing, now), *_archive(closing)])
    return f"{words}\n{_RULE}\nSignature: {_signer().signature(words)}\n"


def is_genuine(text: str) -> bool:
    """Whether a certificate was signed by this platform and is as it was then, also as an email quotes it."""
    lines = [line.removeprefix(">").removeprefix(" ").rstrip() for line in text.strip().splitlines()] or [""]
    found = _SIGNED.match(lines[-1])
    if not found or lines[-2:-1] != [_RULE]:
        return False
    words = "\n".join(lines[:-2])
    try:
        return _signer().unsign(f"{words}:{found[1]}") == words
    except BadSignature:
        return False


def _signer() -> Signer:
    return Signer(salt=_SALT)


def _head(closing: Closing, now: datetime) -> list[str]:
    facts = {
        "Certificate": str(closing.id),
        "Network": f"{closing.name}, {closing.host}",
        "Asked for": f"{_day(closing.asked_at)}, by {closing.get_asked_by_display()}",
        "Closed": _day(closing.closes_at),
        "Deleted": f"{now.astimezone(UTC):%Y-%m-%d %H:%M} UTC",
    }
    width = max(map(len, facts)) + 2
    lines = [f"{f'{name}:':<{width}}{value}" for name, value in facts.items()]
    return ["SBM Collective", "Certificate of deletion", "", *lines]


def _deleted(closing: Closing) -> list[str]:
    found = closing.found
    lines = [
        f"{_n(found, 'tables', 'table,tables')} with {_n(found, 'rows', 'row,rows')} ({_bytes(found, 'table_bytes')})",
        f"{_n(found, 'files', 'file,files')} ({_bytes(found, 'file_bytes')})",
        f"the access of {_n(found, 'people', 'person,people')}, with sessions and programs' tokens",
        "its jobs, messages, requests for support access, figures and addresses",
    ]
    if closing.found.get("customer") == Customer.ERASED:
        lines.append("its record as a customer at our payment service, with any card")
    if not closing.keeps_publications:
        lines.append("what it had shared with other networks, and what its members answered there")
    return ["", "What was deleted", *(f"- {line}" for line in lines)]


def _remains(closing: Closing, now: datetime) -> list[str]:
    backups = _day(now + timedelta(days=settings.BACKUP_DAYS))
    lines = [
        f"copies in our backups until {backups}; nobody restores a single network from them",
        "its name and address, so that nobody else is taken for it for a year, and this certificate",
        "the log of what the platform's operators did, which holds ids and no content",
        "the sign-ins of its members, which belong to them and may open other networks",
        "what the platform itself wrote to its owners, such as this, for 90 days",
    ]
    if closing.found.get("customer") == Customer.REMAINS:
        lines.append(
            "its record as a customer at our payment service, which the platform did not use any more;"
            " ask us to have it removed there"
        )
    if closing.found.get("invoices"):
        invoices = _n(closing.found, "invoices", "invoice,invoices")
        lines.append(f"{invoices}, for the six years that the law asks for")
    if closing.keeps_publications:
        lines.append(
            f"{_n(closing.found, 'shared', 'thing,things')} that it shared with other networks, and what its"
            " members answered there, without its name, because that was chosen; whoever wrote one can have it removed"
        )
    return ["", "What remains, and why", *(f"- {line}" for line in lines)]


def _archive(closing: Closing) -> list[str]:
    taken = closing.found.get("archive_sha256")
    said = f"SHA-256 {taken}" if taken else "Its owners had none written."
    return ["", "The last archive that its owners had written", said]


def _n(found: dict[str, int], name: str, nouns: str) -> str:
    one, many = nouns.split(",")
    number = found.get(name, 0)
    return f"{number:,} {one if number == 1 else many}"


def _bytes(found: dict[str, int], name: str) -> str:
    return filesizeformat(found.get(name, 0)).replace("\xa0", " ")


def _day(moment: datetime) -> str:
    return localdate(moment).isoformat()
