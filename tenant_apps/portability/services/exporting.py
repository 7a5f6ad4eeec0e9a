"""Writes a network into one archive, as it was at one moment."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, is_dataclass
from datetime import datetime
from itertools import batched
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Model
from django.template.loader import render_to_string
from django.utils import timezone

from shared_apps.audit.services import Actor, record
from shared_apps.schools.selectors import urns_of
from tenant_apps.files.models import StoredFile
from tenant_apps.files.services import whole_content_of
from tenant_apps.members.enums import MemberState
from tenant_apps.members.models import Member
from tenant_apps.members.services import accounts_of_members
from tenant_apps.portability.adapters import masks, parts, travel_of
from tenant_apps.portability.archive import MANIFEST, Progress, Watcher, Writing, only_writer, sealed
from tenant_apps.portability.dumping import columns_of, dump, masking, network_models, one_moment
from tenant_apps.portability.reader import write_pages, write_sheets
from tenants import schema
from tenants.context import in_network
from tenants.ids import random_id
from tenants.models import Domain, Network

PRODUCT, FORMAT = "SBM Collective", 1
ACCOUNTS, SCHOOLS, NETWORK = "public/accounts", "public/schools", "public/network"
_AT_ONCE = 200


class OldReleaseError(Exception):
    """The network's tables are of another release; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Exported:
    """An archive that is whole: where, what it holds, and its SHA-256. `missing`: files gone or damaged."""

    path: Path
    sha256: str
    size: int
    tables: int
    rows: int
    files: int
    missing: int


def export_network(
    network: Network,
    path: Path,
    *,
    by: Actor,
    resume: bool = False,
    on_progress: Watcher = lambda progress: None,
) -> Exported:
    """Write a network's archive with everything and return what it holds; raises as `write_archive` does.

    Raises ArchiveBusyError too, where another process writes it.
    """
    with only_writer(path):
        return write_archive(network, path, by=by, resume=resume, full=True, on_progress=on_progress)


def write_archive(
    network: Network, path: Path, *, by: Actor, resume: bool, full: bool, on_progress: Watcher
) -> Exported:
    """Write a network's archive as its `only_writer`; `resume` goes on with what an interrupted run left.

    One that is not `full` lacks what members keep to themselves, and who wrote without their name.
    What is gone on with are the files, which never change; rows are read again, so that all is of one moment. Raises
    OldReleaseError, ArchiveRemovedError, or OSError where the archive cannot be written.
    """
    with in_network(network):
        refuse_old(network)
        archive = Writing(path, resume=resume)
        try:
            with one_moment():
                exported = _Exporting(network, archive, timezone.now(), on_progress, full=full).run()
        finally:
            archive.stop()
        record("portability.network.exported", by=by, target=network, rows=exported.rows, files=exported.files)
    return exported


class _Exporting:
    """One export: what it has written so far."""

    def __init__(self, network: Network, archive: Writing, at: datetime, tell: Watcher, *, full: bool) -> None:
        self.network, self.archive, self.at, self.tell, self.full = network, archive, at, tell, full
        self.tables: dict[str, dict[str, Any]] = {}
        self.left_out: list[str] = []
        self.missing: list[str] = []

    def run(self) -> Exported:
        """Write everything, the manifest last."""
        self.files()
        self.rows()
        self.lines(NETWORK, [facts_of(self.network)])
        self.lines(ACCOUNTS, accounts_of_members())
        self.lines(SCHOOLS, self.schools())
        for part in parts():
            self.tell(Progress(part.name, 0, 0))
            self.lines(part.name, part.rows() if self.full or part.owners is None else part.owners())
        self.tell(Progress("sheets and pages", 0, 0))
        write_sheets(self.archive, self.at)
        write_pages(self.archive, facts_of(self.network), self.at)
        self.readme()
        self.manifest()
        members, rows = self.archive.members, sum(table["rows"] for table in self.tables.values())
        files = sum(name.startswith("files/") for name in members)
        digest = self.archive.finish()
        size = self.archive.path.stat().st_size
        return Exported(self.archive.path, digest, size, len(self.tables), rows, files, len(self.missing))

    def files(self) -> None:
        """Write the uploaded files under their names; what an earlier run wrote is kept while all of it is wanted."""
        wanted = {place_of(key, name): sha256 for key, name, sha256 in StoredFile.objects.values_list(*_FILE)}
        kept = self.archive.members.items()
        if any(wanted.get(name) != member.sha256 for name, member in kept):
            self.archive.begin()
        for number, file in enumerate(StoredFile.objects.order_by("id").iterator(chunk_size=_AT_ONCE), start=1):
            self.tell(Progress("files", number, len(wanted)))
            place = place_of(file.id, file.name)
            if place in self.archive.members:
                continue
            content = whole_content_of(file)
            if content is None:
                self.missing.append(place)
            else:
                self.archive.write(place, content, self.at)
                self.archive.checkpoint()

    def rows(self) -> None:
        """Write every table that travels."""
        models, nobody = network_models(), _nobody(self.at)
        found = [] if self.full else masks()
        mask = masking(found, nobody.id)
        for number, model in enumerate(models, start=1):
            label, travel = model._meta.label, travel_of(model._meta.label)
            self.tell(Progress("tables", number, len(models)))
            if travel.stays:
                self.left_out.append(label)
                continue
            name, table = f"data/{label.lower()}.jsonl", model._meta.db_table
            with self.archive.member(name, self.at) as file:
                rows = _write_lines(file.write, map(mask, dump(model, travel, full=self.full)))
                if found and model is Member:
                    rows += _write_lines(file.write, [_json(fields_of(nobody))])
            self.tables[label] = {"table": table, "file": name, "rows": rows, "columns": columns_of(table)}

    def lines(self, name: str, rows: Iterable[Any]) -> None:
        """Write rows that lie elsewhere."""
        with self.archive.member(f"{name}.jsonl", self.at) as file:
            _write_lines(file.write, map(_json, rows))

    def schools(self) -> Iterator[dict[str, Any]]:
        """Yield the schools of the national register that rows name, with what they are called everywhere."""
        named: set[UUID] = set()
        for model in network_models():
            if any(field.attname == "school_id" for field in model._meta.concrete_fields):
                manager = model._default_manager
                named.update(manager.exclude(school_id=None).values_list("school_id", flat=True).distinct())
        for school_id, urn in urns_of(named).items():
            yield {"id": school_id, "urn": urn}

    def readme(self) -> None:
        """Say to whoever opens the archive what is where."""
        words = {"network": facts_of(self.network), "at": self.at, "left_out": self.left_out, "full": self.full}
        self.archive.write("README.txt", render_to_string("portability/reader/readme.txt", words).encode(), self.at)

    def manifest(self) -> None:
        """Say to programs what is where, and how to tell whether it is whole."""
        said = {
            "product": PRODUCT,
            "format": FORMAT,
            "made_at": self.at.isoformat(),
            "is_full": self.full,
            "schema": {"release": schema.current_release(), "migrations": schema.release_migrations()},
            "network": facts_of(self.network),
            "tables": self.tables,
            "left_out": self.left_out,
            "missing_files": self.missing,
            "members": self.archive.members,
        }
        said["seal"] = sealed(said, self.archive.members)
        pieces = json.JSONEncoder(default=_plain, indent=1, ensure_ascii=False).iterencode(said)
        with self.archive.member(MANIFEST, self.at) as file:
            for some in batched(pieces, _AT_ONCE):
                file.write("".join(some).encode())


_FILE = ("id", "name", "sha256")


def place_of(file_id: UUID | str, name: str) -> str:
    """Return where an uploaded file is in an archive."""
    return f"files/{file_id}/{name}"


def facts_of(network: Network) -> dict[str, Any]:
    """Return what the platform knows of a network."""
    facts = ("id", "name", "subdomain", "colour", "region", "owner_email", "created_at", "release")
    domains = list(Domain.objects.filter(tenant=network).order_by("domain").values_list("domain", flat=True))
    return {name: getattr(network, name) for name in facts} | {"domains": domains, "from": settings.PUBLIC_DOMAIN}


def fields_of(row: Model) -> dict[str, Any]:
    """Return a row as it would be in a table."""
    return {str(field.column): getattr(row, field.attname) for field in row._meta.concrete_fields}


def _nobody(at: datetime) -> Member:
    """Return who stands for everybody who wrote without their name; no account is theirs."""
    return Member(account_id=random_id(), name="A member", state=MemberState.LISTED, joined_at=at)


def _json(row: Any) -> str:
    return json.dumps(row, default=_plain, ensure_ascii=False)


def refuse_old(network: Network) -> None:
    """Raise OldReleaseError where a network’s tables are not those of this release."""
    has = Network.objects.values_list("release", flat=True).get(pk=network.pk)
    if has != schema.current_release():
        raise OldReleaseError(f"{network.name} is of another release. Run migrate_networks first.")


def _write_lines(write: Callable[[bytes], int], lines: Iterable[str]) -> int:
    count = 0
    for count, line in enumerate(lines, start=1):  # noqa: B007 - the last number is how many there were
        write(f"{line}\n".encode())
    return count


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    return value.isoformat() if isinstance(value, datetime) else str(value)
