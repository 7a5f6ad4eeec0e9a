"""Reads about files."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import BooleanField, QuerySet, Sum
from django.db.models.expressions import RawSQL

from tenant_apps.files.enums import INCLUDED_BYTES
from tenant_apps.files.models import StoredFile
from tenants.statements import Statement


def get_file(file_id: UUID) -> StoredFile | None:
    """Return a file, or None."""
    return StoredFile.objects.filter(id=file_id).first()


def files_of(object_ids: Iterable[UUID]) -> dict[UUID, list[StoredFile]]:
    """Return the files of many things by the thing's id, in one query."""
    found: dict[UUID, list[StoredFile]] = defaultdict(list)
    for each in _FILES.rows(object_ids=list(object_ids)):
        found[each.object_id].append(each)
    return dict(found)


def _files(object_ids: list[UUID]) -> QuerySet[StoredFile]:
    """One condition however many there are, where `in` would be another statement for each number of them."""
    are_wanted = RawSQL("object_id = ANY(%s)", [object_ids], output_field=BooleanField())
    return StoredFile.objects.filter(are_wanted)


_FILES = Statement(_files, object_ids=[UUID(int=1)])


def storage_used() -> int:
    """Return how many bytes this network's files take."""
    return StoredFile.objects.aggregate(total=Sum("size"))["total"] or 0


@dataclass(frozen=True, slots=True)
class Storage:
    """How many bytes a network's files take, of how many that its plan holds."""

    used: int
    limit: int

    @property
    def percent(self) -> int:
        """How full it is; more than a hundred where it holds more than its plan."""
        return round(100 * self.used / self.limit)


def storage() -> Storage:
    """Return how full this network's storage is, in one query."""
    return Storage(used=storage_used(), limit=INCLUDED_BYTES)
