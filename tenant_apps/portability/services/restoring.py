"""Makes a network anew from its archive, beside those that live; nobody sees it before it is whole."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import Error, connection, transaction

from shared_apps.audit.services import Actor, record
from shared_apps.operator import services as operator
from shared_apps.schools.selectors import ids_of_urns
from tenant_apps.files.services import put_back
from tenant_apps.members.services import take_in_accounts
from tenant_apps.notifications.services import begin_quietly
from tenant_apps.portability.adapters import settlers
from tenant_apps.portability.archive import ArchiveError, Progress, Reading, Watcher, is_ours
from tenant_apps.portability.dumping import columns_of, load, network_models, swapping
from tenant_apps.portability.services.exporting import (
    ACCOUNTS,
    FORMAT,
    PRODUCT,
    SCHOOLS,
    place_of,
)
from tenants import lifecycle, schema
from tenants import services as tenants
from tenants.enums import NetworkState
from tenants.models import Network
from tenants.names import NetworkNameError, check_name, check_subdomain
from tenants.selectors import get_network
from tenants.upgrading import reason_of, upgrade_here

_FILES = "files.StoredFile"


class RestoreRefusedError(Exception):
    """The archive cannot be restored so; the message says why in one line, and nothing has changed."""


@dataclass(slots=True)
class Restored:
    """What an archive makes, or would make: the network, and how many rows and files it has.

    `stands_alone` says why nothing of it can be merged back into the network that the archive is of, if so. Schools
    that the register here does not have stay names in its rows, also when the register is loaded later.
    """

    name: str
    subdomain: str
    rows: int
    files: int
    stands_alone: str
    unknown_schools: int
    network: Network | None = None


@dataclass(frozen=True, slots=True)
class _Order:
    """What was asked for."""

    archive: Reading
    subdomain: str
    name: str
    publish: bool
    tell: Watcher
    migrations: set[schema.Name] | None  # of the earlier release that it is of
    ids: dict[UUID, UUID] = field(default_factory=dict)


def plan_restore(
    path: Path, *, subdomain: str, name: str = "", on_progress: Watcher = lambda progress: None
) -> Restored:
    """Check an archive and a name as `restore_network` does, and change nothing; raises RestoreRefusedError."""
    with _checked(path, subdomain, name, on_progress) as archive:
        return _summary(archive, subdomain, name)


def restore_network(
    path: Path,
    *,
    subdomain: str,
    by: Actor,
    name: str = "",
    publish: bool = False,
    on_progress: Watcher = lambda progress: None,
) -> Restored:
    """Make a network from an archive under another subdomain, and return it live; an interrupted one is begun anew.

    What the original shares stays the original's, unless the copy is to `publish` it again. Nobody is told anything.
    Raises RestoreRefusedError.
    """
    with _checked(path, subdomain, name, on_progress) as archive:
        restored = _summary(archive, subdomain, name)
        order = _Order(archive, subdomain, restored.name, publish, on_progress, _earlier(archive))
        try:
            _forget_interrupted(subdomain, by)
            network = _request(order)
            lifecycle.restore(
                network,
                fill=lambda: _fill(network, order),
                finish=lambda: _finish(network, order, restored, by),
                migrations=order.migrations,
            )
        except operator.NETWORK_ERRORS as error:
            raise RestoreRefusedError(str(error)) from error
    restored.network = network
    return restored


def _checked(path: Path, subdomain: str, name: str, tell: Watcher) -> Reading:
    tell(Progress("checksums", 0, 0))
    try:
        archive = Reading(path)
        _refuse_foreign(archive)
        archive.verify()
        check_subdomain(subdomain)
        check_name(name or archive.manifest["network"]["name"])
    except (ArchiveError, NetworkNameError) as error:
        raise RestoreRefusedError(str(error)) from None
    taken = get_network(subdomain)
    if taken is not None and taken.state != NetworkState.RESTORING:
        raise RestoreRefusedError(f"The subdomain {subdomain} belongs to {taken.name}. Choose another.")
    return archive


def _refuse_foreign(archive: Reading) -> None:
    """Raise ArchiveError for an archive of another product, or of a release that is newer or not ours."""
    said = archive.manifest
    if (said.get("product"), said.get("format")) != (PRODUCT, FORMAT):
        raise ArchiveError("The archive is of another product, or of a version that this one does not know.")
    earlier = _earlier(archive)
    if earlier is not None and not schema.is_earlier(earlier):
        newer = earlier - set(schema.release_migrations())
        example = "/".join(min(newer)) if newer else "its migrations do not fit together"
        raise ArchiveError(f"The archive is of a newer or another release ({example}). Restore it with that one.")


def _earlier(archive: Reading) -> set[schema.Name] | None:
    """Return the migrations of an archive that is of another release than this one."""
    said = archive.manifest["schema"]
    if said["release"] == schema.current_release():
        return None
    return {(str(app), str(name)) for app, name in said["migrations"]}


def _summary(archive: Reading, subdomain: str, name: str) -> Restored:
    said, named = archive.manifest, _urns(archive)
    known = ids_of_urns(named)
    return Restored(
        name=name or said["network"]["name"],
        subdomain=subdomain,
        rows=sum(table["rows"] for table in said["tables"].values()),
        files=sum(each.startswith("files/") for each in archive.members),
        stands_alone=_why_alone(archive),
        unknown_schools=sum(urn not in known for urn in named),
    )


def _forget_interrupted(subdomain: str, by: Actor) -> None:
    interrupted = get_network(subdomain)
    if interrupted is not None:
        operator.remove_unfinished(interrupted, by=by)


def _request(order: _Order) -> Network:
    facts = order.archive.manifest["network"]
    return tenants.request_restored(
        name=order.name,
        subdomain=order.subdomain,
        owner_email=facts["owner_email"],
        region=facts["region"],
        colour=facts["colour"],
        restored_from=_origin_of(order.archive),
    )


def _origin_of(archive: Reading) -> UUID | None:
    """Return the network that an archive is of, for things to be merged back into it."""
    return None if _why_alone(archive) else UUID(archive.manifest["network"]["id"])


def _why_alone(archive: Reading) -> str:
    if not archive.manifest.get("is_full"):
        return "it is an owner’s archive, which leaves out who asked without their name, and votes"
    return "" if is_ours(archive) else "it was not written by this installation, or was changed, and may say anything"


def _fill(network: Network, order: _Order) -> None:
    """Write files, then rows and what settles them, in one transaction."""
    _put_files(order)
    with transaction.atomic():
        order.ids[UUID(order.archive.manifest["network"]["id"])] = network.id
        order.ids.update(_schools(order.archive))
        order.ids.update(take_in_accounts(_lines(order, ACCOUNTS)))
        _load_tables(order)
        if order.migrations is not None:
            _upgrade(network, order)
        begin_quietly()
        for settler in settlers():
            settler.settle(lambda name: _lines(order, name))


def _finish(network: Network, order: _Order, restored: Restored, by: Actor) -> None:
    for settler in settlers():
        if settler.finish is not None:
            settler.finish(order.publish)
    record("portability.network.restored", by=by, target=network, rows=restored.rows, files=restored.files)


def _upgrade(network: Network, order: _Order) -> None:
    """Bring the rows of an earlier release to this one, as an upgrade of a network does."""
    order.tell(Progress("migrations", 0, 0))
    try:
        upgrade_here(network)
    except (Error, schema.UnscriptableMigrationError) as error:
        raise RestoreRefusedError(f"It does not come to this release: {reason_of(error)}.") from error


def _tables(order: _Order) -> dict[str, str]:
    """Return the tables that there are at the archive's release; it names no others."""
    if order.migrations is not None:
        return schema.tables_at(order.migrations)
    return {model._meta.label: model._meta.db_table for model in network_models()}


def _load_tables(order: _Order) -> None:
    swap = swapping(order.ids)
    tables, known = order.archive.manifest["tables"], _tables(order)
    for number, (label, said) in enumerate(tables.items(), start=1):
        order.tell(Progress("tables", number, len(tables)))
        if label not in known or said["columns"] != columns_of(known[label]):
            raise RestoreRefusedError(f"The table of {label} has other columns in the archive.")
        rows = load(known[label], said["columns"], map(swap, order.archive.lines(said["file"])))
        if rows != said["rows"]:
            raise RestoreRefusedError(f"{label} has {rows} rows in the archive, and not {said['rows']}.")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def _put_files(order: _Order) -> None:
    rows = order.archive.manifest["tables"].get(_FILES)
    if rows is None:
        return
    for number, line in enumerate(order.archive.lines(rows["file"]), start=1):
        order.tell(Progress("files", number, rows["rows"]))
        row = json.loads(line)
        place = place_of(row["id"], row["name"])
        if place in order.archive.members:
            _put_file(row, order.archive.content(place), order.archive.members[place].sha256)


def _put_file(row: dict[str, Any], content: bytes, sha256: str) -> None:
    if row["sha256"] != sha256:
        raise RestoreRefusedError(f"The file {row['id']} is another than its row says.")
    try:
        put_back(row["path"], content)
    except FileNotFoundError:
        raise RestoreRefusedError(f"The file {row['id']} has no proper place.") from None


def _schools(archive: Reading) -> dict[UUID, UUID]:
    """Return the schools that have another id here, by the id in the archive."""
    urns = _urns(archive)
    here = ids_of_urns(urns)
    return {school_id: here[urn] for urn, school_id in urns.items() if urn in here}


def _urns(archive: Reading) -> dict[int, UUID]:
    """Return the schools of the national register that rows name, by URN, with their ids in the archive."""
    rows = (json.loads(line) for line in archive.lines(f"{SCHOOLS}.jsonl"))
    return {row["urn"]: UUID(row["id"]) for row in rows}


def _lines(order: _Order, name: str) -> Iterator[dict[str, Any]]:
    """Return the rows of a part; an earlier release may have known nothing of it."""
    there = f"{name}.jsonl" in order.archive.members
    lines: Iterable[str] = order.archive.lines(f"{name}.jsonl") if there else ()
    return (json.loads(line) for line in lines)
