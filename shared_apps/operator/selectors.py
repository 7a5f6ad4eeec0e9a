"""Reads for the operator: which networks there are and how they are, never what they hold."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from shared_apps.accounts.enums import AccessState
from shared_apps.accounts.models import NetworkAccess
from shared_apps.operator.models import StepRun
from tenants import lifecycle
from tenants.enums import UNFINISHED_STATES, Kind, NetworkState
from tenants.models import Network


@dataclass(frozen=True, slots=True)
class StepState:
    """One line of the page that watches an onboarding; `state` is done, now, next or failed."""

    name: str
    state: str
    seconds: float | None
    detail: str


def networks(*, state: str = "", search: str = "") -> QuerySet[Network]:
    """Return networks with `member_count`, newest first."""
    found = Network.objects.filter(type=Kind.NETWORK).annotate(member_count=_member_count())
    if state:
        found = found.filter(state=state)
    for word in search.split()[:5]:
        found = found.filter(name__icontains=word) | found.filter(subdomain__icontains=word)
    return found.order_by("-created_at", "id")


def get_network(network_id: UUID) -> Network | None:
    """Return one network with `member_count`, or None."""
    return networks().filter(id=network_id).first()


def count_by_state() -> dict[str, int]:
    """Return how many networks are in each state."""
    rows = Network.objects.filter(type=Kind.NETWORK).values_list("state").annotate(Count("id")).order_by()
    return dict(rows)


def count_members() -> int:
    """Return how many people are members somewhere, each counted once for each network."""
    return NetworkAccess.objects.filter(state=AccessState.ACTIVE).count()


def unfinished_networks(*, untouched_since: datetime) -> list[Network]:
    """Return networks that stopped on their way to being live, the longest untouched first."""
    found = Network.objects.filter(type=Kind.NETWORK, state__in=UNFINISHED_STATES, state_changed_at__lt=untouched_since)
    return list(found.order_by("state_changed_at", "id"))


def step_states(network: Network) -> list[StepState]:
    """Return every step of onboarding and how it stands."""
    runs = {run.name: run for run in StepRun.objects.filter(network=network)}
    return [_step_state(step, runs.get(step.name), network) for step in lifecycle.steps()]


def is_settled(network: Network) -> bool:
    """Return whether nothing is going on that a page would want to watch."""
    return network.state == NetworkState.FAILED or network.state not in UNFINISHED_STATES


def _step_state(step: lifecycle.Step, run: StepRun | None, network: Network) -> StepState:
    seconds = run.seconds if run else None
    if lifecycle.is_finished(step, network) or seconds is not None:
        return StepState(step.label, "done", seconds, "")
    if run is not None and run.error:
        return StepState(step.label, "failed", None, run.error)
    return StepState(step.label, "now" if run else "next", None, "")


def _member_count() -> Coalesce:
    active = NetworkAccess.objects.filter(network=OuterRef("id"), state=AccessState.ACTIVE)
    count = active.order_by().values("network").annotate(n=Count("id")).values("n")
    return Coalesce(Subquery(count, output_field=IntegerField()), 0)
