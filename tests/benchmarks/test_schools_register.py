"""A register of 50,000 schools, as wide as DfE's: imports beside a plain COPY, searches beside a look at every name."""

import csv
import os
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import cycle
from pathlib import Path

import pytest
from django.db import connection, transaction

from shared_apps.schools.models import School
from shared_apps.schools.selectors import search_schools
from tests.benchmarks.measuring import compare
from tests.benchmarks.reports import Table, times
from tests.builders.schools import EXTRACT, ROOT

pytestmark = [pytest.mark.benchmark, pytest.mark.django_db(transaction=True)]

ROWS = 50_000
COLUMNS = 139
COPIES, MEGABYTES = 60, 300  # times what a COPY of the file takes, start-up included
ROUNDS, EACH, PLAIN = 8, 12, "every name looked at"
BROAD = (
    "school",
    "primary school",
    "st",
    "academy",
    "s",
    "church of england",
    "catholic primary",
    "kent",
    "birmingham",
)


def test_register_of_50_000_schools(tmp_path, report):
    """First import, second import, one changed row in ten, each after a COPY; then seven kinds of search."""
    path, changed = tmp_path / "edubasealldata20240102.csv", tmp_path / "edubasealldata20240202.csv"
    write_register(path)
    write_register(changed, pupils="999")

    imports = {"first": path, "again": path, "changed": changed}
    runs = {name: (plain_import(each), *measured_import(each)) for name, each in imports.items()}
    searches = compare(calls_of_all_kinds(), rounds=ROUNDS, each=EACH)

    table = Table(f"a register of {ROWS:,} rows and {COLUMNS} columns", ("import", "seconds", "MB", ": COPY"))
    for name, (copy, seconds, megabytes) in runs.items():
        table.add(name, seconds, megabytes, times(seconds / copy))
    report(table)
    table = Table("its searches, milliseconds of CPU", ("", "p50", "p95", ": every name looked at"))
    slowest = {name: each.p95("cpu") / searches[PLAIN].p95("cpu") for name, each in searches.items()}
    for name, each in searches.items():
        table.add(name, each.middle("cpu"), each.p95("cpu"), times(slowest[name]))
    report(table)
    assert max(seconds / copy for copy, seconds, _ in runs.values()) < COPIES
    assert max(megabytes for _, _, megabytes in runs.values()) < MEGABYTES
    assert max(slowest.values()) <= 1


def calls_of_all_kinds() -> dict[str, Callable[[], object]]:
    """Return a call for each kind, which takes the next question each time, and the plain one with names."""
    kinds = queries_of_all_kinds()
    names = cycle(["school", *School.objects.values_list("name", flat=True)[:200]])
    return {PLAIN: lambda: plain(next(names))} | {
        name: partial(lambda queries: search_schools(next(queries)), cycle(list(queries)))
        for name, queries in kinds.items()
    }


def write_register(path: Path, *, pupils: str = "") -> None:
    """Write a register with names, places and postcodes mixed from real ones; `pupils` goes into one row in ten."""
    chance = random.Random(50_000)
    with EXTRACT.open(encoding="cp1252", newline="") as file:
        real = list(csv.DictReader(file))
    fillers = {f"Unused {number}": "Not applicable" for number in range(COLUMNS - len(real[0]))}
    with path.open("w", encoding="cp1252", newline="") as file:
        writer = csv.DictWriter(file, [*real[0], *fillers])
        writer.writeheader()
        for number in range(ROWS):
            row = mixed(real, chance) | fillers | {"URN": str(500_000 + number)}
            writer.writerow(row | ({"NumberOfPupils": pupils} if pupils and number % 10 == 0 else {}))


def mixed(real: list[dict[str, str]], chance: random.Random) -> dict[str, str]:
    """Return a school with one real school's type, another's place and the names of two."""
    first, second, third = (chance.choice(real) for _ in range(3))
    start, end = first["EstablishmentName"].split(), second["EstablishmentName"].split()
    place = {name: third[name] for name in ("Town", "County (name)", "LA (code)", "LA (name)", "Street")}
    postcode = third["Postcode"][:-2] + second["Postcode"][-2:]
    return second | place | {"EstablishmentName": " ".join(start[:2] + end[-2:]), "Postcode": postcode}


def measured_import(path: Path) -> tuple[float, float]:
    """Import with the command in a process of its own; return its seconds and the most memory any had so far, in MB."""
    database = connection.settings_dict
    url = f"postgresql://{database['USER']}@/{database['NAME']}?host={database['HOST']}"
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "manage.py", "import_schools", str(path)],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings"},
        check=False,
        capture_output=True,
        text=True,
    )
    seconds = time.perf_counter() - started
    assert done.returncode == 0, done.stderr
    return seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def queries_of_all_kinds() -> dict[str, Iterator[str]]:
    """Return what people type, made from schools of the register."""
    chance = random.Random(3)
    schools = chance.sample(list(School.objects.filter(is_open=True).order_by("urn")[:20_000]), 400)

    def each(make: Callable[[School], str]) -> Iterator[str]:
        return map(make, schools)

    return {
        "name": each(lambda school: school.name),
        "name and town": each(lambda school: f"{' '.join(school.name.split()[:2])} {school.town}"),
        "postcode": each(lambda school: school.postcode.replace(" ", "").lower()),
        "urn": each(lambda school: str(school.urn)),
        "town": each(lambda school: school.town),
        "typing error": each(lambda school: f"{slip(school.name, chance)} {school.town}"),
        "broad": iter(BROAD * 40),
    }


def slip(name: str, chance: random.Random) -> str:
    """Return the name with two letters of its longest word swapped."""
    word = max(name.split(), key=len)
    at = chance.randrange(1, len(word) - 1)
    return name.replace(word, word[:at] + word[at + 1] + word[at] + word[at + 2 :], 1)


def plain(query: str) -> list[School]:
    """Look through every name."""
    return list(School.objects.filter(is_open=True, name__icontains=query).order_by("name")[:20])


def plain_import(path: Path) -> float:
    """Return the seconds in which PostgreSQL alone reads the file into a table of texts."""
    names = ", ".join(f"c{number} text" for number in range(COLUMNS))
    started = time.perf_counter()
    with path.open("rb") as file, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE plain ({names}) ON COMMIT DROP")
        cursor.copy_expert("COPY plain FROM STDIN WITH (FORMAT csv, HEADER, ENCODING 'WIN1252')", file)
    return time.perf_counter() - started
