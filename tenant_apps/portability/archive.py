"""The one file in which a network leaves: a ZIP with a SHA-256 of every member, which can be gone on with after a kill.

It is written beside its name and renamed when it is whole. Now and then it is closed for a moment, so that everything
before is a ZIP of its own; a note beside it says how far that is.
"""

import base64
import fcntl
import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from django.core.signing import BadSignature, Signer

CHECKPOINT_BYTES = 32 * 1024 * 1024
MANIFEST = "manifest.json"
_CHUNK = 1024 * 1024
_PACKED_ALREADY = (".jpg", ".jpeg", ".png", ".webp", ".pdf", ".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp")


@dataclass(frozen=True, slots=True)
class Progress:
    """What is being done, and how much of it."""

    doing: str
    done: int
    total: int


Watcher = Callable[[Progress], None]


class ArchiveError(Exception):
    """This is no archive of ours, or it is damaged; the message says which, in one line."""


class ArchiveBusyError(Exception):
    """Another process is writing this archive."""


class ArchiveRemovedError(FileNotFoundError):
    """What there was of the archive was removed while it was written."""


@dataclass(frozen=True, slots=True)
class Member:
    """A file in the archive."""

    size: int
    sha256: str


@contextmanager
def only_writer(path: Path) -> Iterator[None]:
    """Keep other processes from writing this archive; raises ArchiveBusyError where one is at it.

    The lock is of a file beside it, and ends with the process however it is killed.
    """
    lock = path.with_name(f"{path.name}.lock")
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _take(descriptor)
        try:
            yield
        finally:
            lock.unlink(missing_ok=True)
    finally:
        os.close(descriptor)


def _take(descriptor: int) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise ArchiveBusyError from None
    if not os.fstat(descriptor).st_nlink:  # whose it was has taken the file away meanwhile
        raise ArchiveBusyError


class _Hashing:
    """Passes bytes on and remembers their number and hash."""

    def __init__(self, target: IO[bytes]) -> None:
        self.target, self.digest, self.size = target, hashlib.sha256(), 0

    def write(self, content: bytes) -> int:
        """Write bytes."""
        self.digest.update(content)
        self.size += len(content)
        return self.target.write(content)


class Writing:
    """An archive being written, by its `only_writer`; `members` is what it holds so far."""

    file: BinaryIO
    zip: ZipFile

    def __init__(self, path: Path, *, resume: bool) -> None:
        self.path, self.part = path, path.with_name(f"{path.name}.part")
        self.note = path.with_name(f"{path.name}.part.json")
        self.members: dict[str, Member] = {}
        self.unnoted = 0
        self.is_open = False
        if not (resume and self._go_on()):
            self.begin()

    def begin(self) -> None:
        """Begin with nothing, whatever was there."""
        self.stop()
        self.note.unlink(missing_ok=True)
        self.part.unlink(missing_ok=True)
        descriptor = os.open(self.part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        self.members, self.unnoted = {}, 0
        self.file = os.fdopen(descriptor, "w+b")
        self.zip = ZipFile(self.file, "w", allowZip64=True)
        self.is_open = True

    @contextmanager
    def member(self, name: str, at: datetime) -> Iterator[_Hashing]:
        """Write one member, a part at a time."""
        info = ZipInfo(name, date_time=at.timetuple()[:6])
        info.compress_type = ZIP_STORED if name.lower().endswith(_PACKED_ALREADY) else ZIP_DEFLATED
        info.external_attr = 0o600 << 16
        with self.zip.open(info, "w", force_zip64=True) as raw:
            hashing = _Hashing(raw)
            yield hashing
        self.members[name] = Member(hashing.size, hashing.digest.hexdigest())
        self.unnoted += hashing.size

    def write(self, name: str, content: bytes, at: datetime) -> None:
        """Write a member whole."""
        with self.member(name, at) as file:
            file.write(content)

    def checkpoint(self, *, after: int = CHECKPOINT_BYTES) -> None:
        """Note how far it is, when so much has been written since it was noted last."""
        if self.unnoted < after:
            return
        end = self.zip.start_dir
        self._close_zip()
        self.file.seek(end)
        directory = base64.b64encode(self.file.read()).decode()
        members = {name: asdict(member) for name, member in self.members.items()}
        fresh = self.note.with_suffix(".new")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as note:
            json.dump({"end": end, "directory": directory, "members": members}, note)
            _sync(note)
        fresh.replace(self.note)
        self.zip, self.unnoted = ZipFile(self.file, "a", allowZip64=True), 0

    def finish(self) -> str:
        """Give the archive its name, now that it is whole, and return its SHA-256."""
        self._close_zip()
        self.file.close()
        try:
            with self.part.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            self.part.replace(self.path)
        except FileNotFoundError as error:
            raise ArchiveRemovedError(*error.args) from None
        self.note.unlink(missing_ok=True)
        return digest

    def stop(self) -> None:
        """Leave what there is, to be gone on with."""
        if self.is_open:
            self.zip.fp = None  # or it would write to the file when it is forgotten
            self.file.close()
        self.is_open = False

    def _close_zip(self) -> None:
        self.zip.close()
        _sync(self.file)

    def _go_on(self) -> bool:
        """Take up what an interrupted run left, back to what it noted last."""
        try:
            noted = json.loads(self.note.read_text())
            self.file = self.part.open("r+b")
        except (OSError, ValueError):
            return False
        self.file.truncate(noted["end"])
        self.file.seek(noted["end"])
        self.file.write(base64.b64decode(noted["directory"]))
        try:
            self.zip = ZipFile(self.file, "a", allowZip64=True)
        except BadZipFile:
            self.file.close()
            return False
        self.members = {name: Member(**each) for name, each in noted["members"].items()}
        self.is_open = True
        return True


class Reading:
    """An archive that was written here or elsewhere; raises ArchiveError for what is none."""

    def __init__(self, path: Path) -> None:
        try:
            self.zip = ZipFile(path)
            self.manifest: dict[str, Any] = json.loads(self.zip.read(MANIFEST))
            self.members = {name: Member(**each) for name, each in self.manifest["members"].items()}
        except OSError as error:
            raise ArchiveError(f"{path} cannot be read: {error.strerror}.") from None
        except (BadZipFile, KeyError, ValueError, TypeError):
            raise ArchiveError(f"{path} is no archive of a network, or was cut short.") from None

    def __enter__(self) -> "Reading":
        return self

    def __exit__(self, *_: object) -> None:
        self.zip.close()

    def verify(self) -> None:
        """Raise ArchiveError unless every member is there as the manifest says, and nothing else."""
        strange = sorted({*self.zip.namelist()} ^ {*self.members, MANIFEST})
        if strange:
            raise ArchiveError(f"The archive and its manifest disagree about {strange[0][:100]!a}.")
        for name, member in self.members.items():
            if self._measured(name, member.size) != member:
                raise ArchiveError(f"{name[:100]!a} is damaged: its checksum is another.")

    def lines(self, name: str) -> Iterator[str]:
        """Yield the lines of a member."""
        with self.zip.open(name) as file:
            for line in file:
                yield line.decode().rstrip("\n")

    def content(self, name: str) -> bytes:
        """Return a member whole."""
        return self.zip.read(name)

    def _measured(self, name: str, size: int) -> Member | None:
        """Measure a member, no further than it should reach."""
        digest, left = hashlib.sha256(), size + 1
        try:
            with self.zip.open(name) as file:
                while left > 0 and (chunk := file.read(min(_CHUNK, left))):
                    digest.update(chunk)
                    left -= len(chunk)
        except (BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError):
            return None
        return Member(size + 1 - left, digest.hexdigest())


def sealed(manifest: dict[str, Any], members: Mapping[str, Member]) -> str:
    """Return the seal of an archive: proof that this installation wrote it, of that network, and just so."""
    return _seal().sign(_summed_up(manifest, members))


def is_ours(archive: Reading) -> bool:
    """Whether this installation wrote an archive and nobody changed it since; `verify` has checked its members."""
    try:
        return _seal().unsign(str(archive.manifest.get("seal"))) == _summed_up(archive.manifest, archive.members)
    except BadSignature:
        return False


def _seal() -> Signer:
    return Signer(salt="portability.archive")


def _summed_up(manifest: dict[str, Any], members: Mapping[str, Member]) -> str:
    """Return a hash of what is sealed; it is made a member at a time, because there may be a hundred thousand."""
    digest = hashlib.sha256(f"{manifest['network']['id']} {manifest['is_full']}\n".encode())
    for name in sorted(members):
        digest.update(f"{members[name].sha256} {name}\n".encode())
    return digest.hexdigest()


def _sync(file: IO[Any]) -> None:
    file.flush()
    os.fsync(file.fileno())
