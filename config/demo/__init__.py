"""Reads the demonstration content beside this file; README.md there describes it."""

import csv
import datetime as dt
import tomllib
from pathlib import Path
from zoneinfo import ZoneInfo

FOLDER = Path(__file__).parent
SCHOOLS = FOLDER / "schools.csv"
SCHOOL_LINKS = FOLDER / "schools-links.csv"
LONDON = ZoneInfo("Europe/London")

type Row = dict  # one table of a TOML file


def networks() -> list[Row]:
    """Every network with its `members`, in order."""
    return _read(FOLDER / "networks.toml")["networks"]


def requests() -> list[Row]:
    """Every request for a network that waits for the operator."""
    return _read(FOLDER / "networks.toml")["requests"]


def discussions() -> list[Row]:
    """Every discussion, oldest first, with the subdomain its file is named after as `network`."""
    found = [
        {"followers": [], "unread": {}, "unopened": [], "replies": [], **discussion, "network": _network(path)}
        for path in sorted(FOLDER.glob("discussions/*.toml"))
        for discussion in _read(path)["discussions"]
    ]
    return sorted(found, key=when)


def suppliers() -> list[Row]:
    """Every supplier with its `recommendations` and `notes`, either of which may be empty."""
    return [
        {"recommendations": [], "notes": [], **supplier}
        for path in sorted(FOLDER.glob("suppliers-*.toml"))
        for supplier in _read(path)["suppliers"]
    ]


def surroundings(kind: str) -> list[Row]:
    """Every row of one kind of what surrounds the discussions: categories, wishes, emails, reports or archives."""
    return _read(FOLDER / "around.toml")[kind]


def file(name: str) -> bytes:
    """What is attached under this name."""
    return (FOLDER / "files" / name).read_bytes()


def schools() -> list[Row]:
    """The extract of the national register, by its official headers."""
    with SCHOOLS.open(encoding="cp1252", newline="") as lines:
        return list(csv.DictReader(lines))


def when(row: Row) -> tuple[int, str]:
    """A key that sorts rows by their time, oldest first."""
    return -row["days_ago"], row.get("time", "12:00")


def moment(today: dt.date, *, days_ago: int, time: str = "12:00") -> dt.datetime:
    """The local time of day, that many days before today."""
    return dt.datetime.combine(today - dt.timedelta(days=days_ago), dt.time.fromisoformat(time), tzinfo=LONDON)


def _network(path: Path) -> str:
    return path.stem.partition("-")[0]


def _read(path: Path) -> Row:
    return tomllib.loads(path.read_text(encoding="utf-8"))
