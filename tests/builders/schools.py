"""Files as DfE publishes them, real and made up, and schools in the register."""

import csv
import io
from collections.abc import Iterable
from itertools import count
from pathlib import Path
from typing import Any

from shared_apps.schools import matching
from shared_apps.schools.enums import SchoolStatus
from shared_apps.schools.models import LocalAuthority, School

ROOT = Path(__file__).resolve().parents[2]
EXTRACT = ROOT / "config" / "demo" / "schools.csv"
EXTRACT_LINKS = ROOT / "config" / "demo" / "schools-links.csv"
# The larger extracts that lie beside the repository where the product is developed; a clone elsewhere has none.
SHARED = ROOT.parent / "shared" / "data" / "schools"

SCHOOL = {
    "URN": "103120",
    "LA (code)": "330",
    "LA (name)": "Birmingham",
    "EstablishmentNumber": "1001",
    "EstablishmentName": "Bordesley Green East Nursery School",
    "TypeOfEstablishment (code)": "15",
    "TypeOfEstablishment (name)": "Local authority nursery school",
    "EstablishmentStatus (code)": "1",
    "EstablishmentStatus (name)": "Open",
    "CloseDate": "",
    "PhaseOfEducation (code)": "1",
    "PhaseOfEducation (name)": "Nursery",
    "NumberOfPupils": "98",
    "UKPRN": "10076257",
    "Street": "358 Bordesley Green East",
    "Locality": "Stechford",
    "Address3": "Bordesley Green",
    "Town": "Birmingham",
    "County (name)": "West Midlands",
    "Postcode": "B33 8QB",
    "Easting": "412817",
    "Northing": "286694",
    "HeadFirstName": "Must not be read",
    "LastChangedDate": "11-09-2023",
}
LINK = {
    "URN": "103120",
    "LinkURN": "140001",
    "LinkName": "Bordesley Green Academy",
    "LinkType": "Successor",
    "LinkEstablishedDate": "01-09-2023",
}
_urns = count(900_001)


def csv_bytes(rows: Iterable[dict[str, str]], *, encoding: str = "cp1252") -> bytes:
    """Return rows as a file of DfE's: cp1252, commas, lines ending in CR and LF, the columns of the first row."""
    rows = list(rows)
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


def schools_file(folder: Path, *changes: dict[str, str], name: str = "edubasealldata20240102.csv") -> Path:
    """Write a file with one school for each dict of differing cells."""
    path = folder / name
    path.write_bytes(csv_bytes([SCHOOL | change for change in changes or ({},)]))
    return path


def links_file(folder: Path, *changes: dict[str, str], name: str = "links_edubasealldata20240102.csv") -> Path:
    """Write a file with one link for each dict of differing cells."""
    path = folder / name
    path.write_bytes(csv_bytes([LINK | change for change in changes or ({},)]))
    return path


def make_school(name: str = "Alder Green Primary School", **fields: Any) -> School:
    """Return a school of the register; give `authority` as a name."""
    urn = fields.pop("urn", None) or next(_urns)
    authority = fields.pop("authority", "Birmingham")
    fields = {
        "status": SchoolStatus.OPEN,
        "town": "Birmingham",
        "postcode": "B33 8QB",
        "phase_name": "Primary",
    } | fields
    known, _ = LocalAuthority.objects.get_or_create(name=authority, defaults={"code": str(urn)[-3:]})
    return School.objects.create(
        urn=urn,
        name=name,
        local_authority=known,
        search_name=matching.normal_form(name),
        search_place=matching.normal_form(fields["town"]),
        search_numbers=f"{urn} {matching.normal_form(fields['postcode'])}",
        search_more=matching.normal_form(authority),
        **fields,
    )
