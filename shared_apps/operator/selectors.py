"""Reads for the operator: which networks there are and how they are, never what they hold."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, TruncWeek

from shared_apps.accounts.enums import AccessState
from shared_apps.accounts.models import NetworkAccess
from shared_apps.jobs import selectors as jobs
from shared_apps.operator.enums import DrillState, Standing, standing_of
from shared_apps.operator.models import Drill, StepRun
from tenants import lifecycle
from tenants.enums import UNFINISHED_STATES, Kind, NetworkState, UpgradeState
from tenants.models import Network, Upgrade
from tenants.schema import current_release

WEEKS = 12
UPGRADED_STATES = (NetworkState.LIVE, NetworkState.SUSPENDED, NetworkState.CLOSED)
_SEARCH_WORDS = 5


@dataclass(frozen=True, slots=True)
class StepState:
    """One line of the page that watches an onboarding; `state` is done, now, next or failed."""

    name: str
    state: str
    seconds: float | None
    detail: str


@dataclass(frozen=True, slots=True)
class Figures:
    """How many networks stand how, and how many of the live ones somebody used in the last seven days."""

    by_standing: dict[Standing, int]
    active: int

    @property
    def total(self) -> int:
        """How many networks there are, whatever their state."""
        return sum(self.by_standing.values())


@dataclass(frozen=True, slots=True)
class MemberFigures:
    """Members of all networks together, each counted once for each network; `by_week` ends with this week."""

    total: int
    joined_this_month: int
    by_week: list[int]


@dataclass(frozen=True, slots=True)
class UpgradeFigures:
    """How many networks are behind this release, and how many of them because their upgrade failed."""

    behind: int
    failed: int


@dataclass(frozen=True, slots=True)
class JobsOverview:
    """How the jobs are: each failure with the name of its network, or nothing for the platform's."""

    queues: list[jobs.Queue]
    workers: list[jobs.Worker]
    failures: list[tuple[jobs.Failure, str]]


@dataclass(frozen=True, slots=True)
class Ahead:
    """What a restore drill would copy: tables of all schemas, and the bytes of the database."""

    tables: int
    size: int
    is_under_way: bool


def networks(*, standing: Standing | None = None, search: str = "", not_upgraded: bool = False) -> QuerySet[Network]:
    """Return networks with `member_count`, newest first; of all, those that stand so or whose upgrade failed."""
    found = Network.objects.filter(type=Kind.NETWORK).annotate(member_count=_member_count())
    if standing is not None:
        found = found.filter(state__in=standing.states)
    if not_upgraded:
        found = found.filter(_behind(), _failed_upgrade())
    for word in search.split()[:_SEARCH_WORDS]:
        found = found.filter(Q(name__icontains=word) | Q(subdomain__icontains=word))
    return found.order_by("-created_at", "id")


def get_network(network_id: UUID) -> Network | None:
    """Return one network with `member_count`, or None."""
    return networks().select_related("upgrade").filter(id=network_id).first()


def network_figures(now: datetime) -> Figures:
    """Return the console's figures in one query."""
    counts = {standing.name: Count("id", filter=Q(state__in=standing.states)) for standing in Standing}
    used = Q(state=NetworkState.LIVE, last_active_at__gte=now - timedelta(days=7))
    row = Network.objects.filter(type=Kind.NETWORK).aggregate(active=Count("id", filter=used), **counts)
    return Figures({standing: row[standing.name] for standing in Standing}, row["active"])


def networks_by_release() -> list[tuple[str, str, int]]:
    """Return how many networks there are of each state and release, in one query."""
    found = Network.objects.filter(type=Kind.NETWORK).order_by("state", "release")
    return list(found.values_list("state", "release").annotate(n=Count("id")))


def member_figures(now: datetime) -> MemberFigures:
    """Return how many people are members somewhere, and how that grew, in two queries."""
    members = NetworkAccess.objects.filter(state=AccessState.ACTIVE)
    this_month = Q(created_at__gte=now.replace(day=1, hour=0, minute=0, second=0, microsecond=0))
    row = members.aggregate(total=Count("id"), joined=Count("id", filter=this_month))
    return MemberFigures(row["total"], row["joined"], _growth(members, row["total"], now))


def networks_being_set_up(limit: int = 3) -> list[Network]:
    """Return networks on their way to being live, the last asked for first."""
    return list(networks(standing=Standing.SETTING_UP)[:limit])


def failed_networks(limit: int = 3) -> list[Network]:
    """Return networks that stopped on their way, the last first."""
    return list(networks(standing=Standing.FAILED).order_by("-state_changed_at")[:limit])


def unfinished_networks(*, untouched_since: datetime) -> list[Network]:
    """Return networks that stopped on their way to being live, the longest untouched first."""
    found = Network.objects.filter(type=Kind.NETWORK, state__in=UNFINISHED_STATES, state_changed_at__lt=untouched_since)
    return list(found.order_by("state_changed_at", "id"))


def upgrade_figures() -> UpgradeFigures:
    """Return how many networks have tables of another release, and how many of those failed, in one query."""
    behind = Network.objects.filter(_behind(), type=Kind.NETWORK)
    row = behind.aggregate(behind=Count("id"), failed=Count("id", filter=_failed_upgrade()))
    return UpgradeFigures(row["behind"], row["failed"])


def failed_upgrades(limit: int = 3) -> list[Upgrade]:
    """Return upgrades to this release that failed, the last first, each with its network."""
    found = Upgrade.objects.filter(state=UpgradeState.FAILED, release=current_release())
    return list(found.select_related("network").order_by("-ended_at")[:limit])


def _behind() -> Q:
    return Q(state__in=UPGRADED_STATES) & ~Q(release=current_release())


def _failed_upgrade() -> Q:
    return Q(upgrade__state=UpgradeState.FAILED, upgrade__release=current_release())


def step_states(networks: list[Network]) -> dict[UUID, list[StepState]]:
    """Return every step of onboarding and how it stands, for each network, in one query."""
    runs = {(run.network_id, run.name): run for run in StepRun.objects.filter(network__in=networks)}
    return {
        network.id: [_step_state(step, runs.get((network.id, step.name)), network) for step in lifecycle.steps()]
        for network in networks
    }


def jobs_overview() -> JobsOverview:
    """Return the queues, the workers and the last failures, each with its network's name."""
    failures = jobs.recent_failures()
    named = dict(Network.objects.filter(id__in={each.network_id for each in failures}).values_list("id", "name"))
    by_text = {str(network_id): name for network_id, name in named.items()}
    return JobsOverview(
        queues=jobs.queues(),
        workers=jobs.workers(),
        failures=[(each, by_text.get(each.network_id or "", "")) for each in failures],
    )


def drills() -> QuerySet[Drill]:
    """Return the restore drills, the latest first."""
    return Drill.objects.all()


def get_drill(drill_id: UUID) -> Drill | None:
    """Return one restore drill, or None."""
    return Drill.objects.filter(id=drill_id).first()


def drill_ahead() -> Ahead:
    """Return what a restore drill would copy now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), pg_database_size(current_database()) FROM pg_tables"
            r" WHERE schemaname <> 'information_schema' AND schemaname NOT LIKE 'pg\_%'"
        )
        tables, size = cursor.fetchone()
    return Ahead(tables, size, drills().filter(state=DrillState.UNDER_WAY).exists())


def is_settled(network: Network) -> bool:
    """Return whether nothing is going on that a page would want to watch."""
    return standing_of(network.state) != Standing.SETTING_UP


def step_label(name: str) -> str:
    """Return what people call a step, also of one that no longer exists."""
    return next((step.label for step in lifecycle.steps() if step.name == name), name)


def _step_state(step: lifecycle.Step, run: StepRun | None, network: Network) -> StepState:
    seconds = run.seconds if run else None
    if run is not None and run.error:
        return StepState(step.label, "failed", None, run.error)
    if lifecycle.is_finished(step, network) or seconds is not None:
        return StepState(step.label, "done", seconds, "")
    return StepState(step.label, "now" if run else "next", None, "")


def _member_count() -> Coalesce:
    active = NetworkAccess.objects.filter(network=OuterRef("id"), state=AccessState.ACTIVE)
    count = active.order_by().values("network").annotate(n=Count("id")).values("n")
    return Coalesce(Subquery(count, output_field=IntegerField()), 0)


def _growth(members: QuerySet[NetworkAccess], total: int, now: datetime) -> list[int]:
    recent = members.filter(created_at__gte=now - timedelta(weeks=WEEKS))
    weeks = recent.annotate(week=TruncWeek("created_at")).values_list("week").annotate(n=Count("id")).order_by("week")
    joined = {week.date(): n for week, n in weeks}
    monday = (now - timedelta(days=now.weekday())).date()
    points = [total]
    for weeks_ago in range(WEEKS - 1):
        points.append(points[-1] - joined.get(monday - timedelta(weeks=weeks_ago), 0))
    return points[::-1]
