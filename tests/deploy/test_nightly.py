"""What nightly.sh keeps of uploaded files, and that it does not say it is done when it is not."""

import os
import subprocess
import time
from pathlib import Path

import pytest

from tests.cluster import ROOT
from tests.deploy.machine import program

DAY = 86_400


@pytest.fixture
def media(tmp_path: Path) -> Path:
    """Uploaded files in a folder that has lain as it is for longer than backups are kept, as theirs does."""
    folder = tmp_path / "media"
    (folder / "networks").mkdir(parents=True)
    (folder / "networks/plan.pdf").write_text("a plan")
    age(folder, days=40)
    return folder


def age(folder: Path, *, days: int) -> None:
    moment = time.time() - days * DAY
    os.utime(folder, (moment, moment))


def nightly(media: Path, kept: Path, *arguments: str, path: str = "") -> subprocess.CompletedProcess[str]:
    kept.mkdir(exist_ok=True)
    environ = {"PATH": f"{path}:{os.environ['PATH']}", "MEDIA_ROOT": str(media), "KEPT_IN": str(kept)}
    command = [ROOT / "deploy/postgres/nightly.sh", "media", *arguments]
    return subprocess.run(command, env=environ, check=False, capture_output=True, text=True, timeout=60)


def test_nightly_keeps_each_days_files_for_four_weeks(media, tmp_path):
    program("rsync")
    kept = tmp_path / "kept"
    for name, days in (("recent", 20), ("old", 30)):
        (kept / name).mkdir(parents=True)
        age(kept / name, days=days)

    done = nightly(media, kept, "now")

    assert done.returncode == 0, done.stderr
    assert (kept / "latest/networks/plan.pdf").read_text() == "a plan"
    today = (kept / "latest").resolve().name
    assert {path.name for path in kept.iterdir()} == {"finished", "latest", "recent", today}


def test_nightly_says_that_a_backup_failed_and_goes_on(media, tmp_path):
    tools, kept = tmp_path / "tools", tmp_path / "kept"
    tools.mkdir()
    for name, does in (("rsync", "exit 11"), ("sleep", f"mkdir {tmp_path}/slept")):  # a second night does not come
        (tools / name).write_text(f"#!/bin/sh\n{does}\n")
        (tools / name).chmod(0o755)

    ended = nightly(media, kept, path=str(tools))

    assert "THE BACKUP OF media FAILED" in ended.stderr
    assert "slept" in ended.stderr  # it was about to wait for the next night
    assert not (kept / "finished").exists()
