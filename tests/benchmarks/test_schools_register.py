"""A register of 50,000 schools, as wide as DfE's: time and memory of imports, and how fast it is searched."""

import csv
import os
import random
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection

from shared_apps.schools.models import School
from shared_apps.schools.selectors import search_schools
from tests.builders.schools import EXTRACT, ROOT

pytestmark = [pytest.mark.benchmark, pytest.mark.django_db(transaction=True)]

ROWS = 50_000
COLUMNS = 139
SECONDS, MEGABYTES, SEARCH_MILLISECONDS = 60, 300, 50
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


def test_register_of_50_000_schools(tmp_path):
    """First import, second import, one changed row in ten, then 3,000 searches of seven kinds."""
    path, changed = tmp_path / "edubasealldata20240102.csv", tmp_path / "edubasealldata20240202.csv"
    write_register(path)
    write_register(changed, pupils="999")

    runs = [measured_import(path), measured_import(path), measured_import(changed)]
    searches = {name: timings(queries) for name, queries in queries_of_all_kinds().items()}

    print(f"\nregister of {ROWS:,} rows, {COLUMNS} columns, {path.stat().st_size / 1e6:.0f} MB")
    for name, (seconds, megabytes) in zip(("first", "again", "changed"), runs, strict=True):
        print(f"import {name:8} {seconds:6.1f} s {megabytes:6.0f} MB")
    for name, milliseconds in searches.items():
        print(f"search {name:15} p50 {statistics.median(milliseconds):5.1f} ms  p95 {p95(milliseconds):5.1f} ms")
    assert max(seconds for seconds, _ in runs) < SECONDS
    assert max(megabytes for _, megabytes in runs) < MEGABYTES
    assert max(p95(milliseconds) for milliseconds in searches.values()) < SEARCH_MILLISECONDS


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


def timings(queries: Iterator[str]) -> list[float]:
    """Return how many milliseconds each search took."""
    taken = []
    for query in queries:
        started = time.perf_counter()
        search_schools(query)
        taken.append((time.perf_counter() - started) * 1000)
    return taken


def p95(values: list[float]) -> float:
    """Return the value that 19 in 20 do not exceed."""
    return statistics.quantiles(values, n=20)[-1]
