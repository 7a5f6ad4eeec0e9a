"""What the operator does: put a network on line, suspend, reactivate, finish what was interrupted, hold a drill."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NotRequired, TypedDict, Unpack
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from shared_apps.audit.services import Actor, record
from shared_apps.billing import selectors as plans
from shared_apps.billing import services as billing
from shared_apps.billing.models import Plan
from shared_apps.core import health
from shared_apps.jobs import services as jobs
from shared_apps.operator import drill, tasks
from shared_apps.operator.enums import DrillState
from shared_apps.operator.models import Drill, StepRun
from shared_apps.operator.selectors import unfinished_networks
from shared_apps.requests import services as requests
from shared_apps.requests.models import NetworkRequest
from tenants import lifecycle, upgrading
from tenants import services as tenants
from tenants.context import COLLECTIVE_SCHEMA, PUBLIC_SCHEMA
from tenants.enums import NetworkState
from tenants.models import Network
from tenants.names import NetworkNameError
from tenants.roles import as_owner, prepare
from tenants.selectors import network_url

logger = logging.getLogger("sbm.operator")

INTERRUPTED_AFTER = timedelta(minutes=2)
DRILL_LOST_AFTER = timedelta(hours=24)  # longer than all attempts of its job


class Wanted(TypedDict):
    """What a network is to be; what is left out is as usual."""

    name: str
    subdomain: str
    owner_email: str
    region: NotRequired[str]
    template: NotRequired[str]
    examples: NotRequired[bool]


class Changes(TypedDict, total=False):
    """What an operator makes otherwise than it was asked for."""

    name: str
    subdomain: str
    region: str
    template: str
    examples: bool


class OwnerEmailError(ValueError):
    """The owner's address cannot be used; the message says why in one line."""

    field = "owner_email"


class PlanError(ValueError):
    """There is no such plan; the message says so in one line."""

    field = "plan"


class DrillRunningError(ValueError):
    """A restore drill is under way; the message says so in one line."""


@dataclass(frozen=True, slots=True)
class Onboarded:
    """A network on line: its address, and the link to take it over (empty once the owner has)."""

    network: Network
    address: str
    invitation: str


def onboard_network(
    *, by: Actor, plan: str = "", on_progress: lifecycle.Watcher | None = None, **wanted: Unpack[Wanted]
) -> Onboarded:
    """Put a network on line, or finish one that was interrupted; repeated, it issues a fresh invitation.

    Raises one of NETWORK_ERRORS, each with one line for a person.
    """
    network = request_network(by=by, plan=plan, **wanted)
    return bring_on_line(network, by=by, on_progress=on_progress)


@transaction.atomic
def request_network(*, by: Actor, plan: str = "", **wanted: Unpack[Wanted]) -> Network:
    """Record that a network is wanted, and what it tries and begins with; asked again, return the first one."""
    chosen = _checked_plan(plan)
    wanted["owner_email"] = _checked_email(wanted["owner_email"])
    network = tenants.request_network(**wanted)
    if network.state == NetworkState.REQUESTED:
        has_examples = network.begins_with_examples
        record(
            "operator.network.requested", by=by, target=network, template=network.template, has_examples=has_examples
        )
        if chosen is not None:
            billing.begin_trial(network, plan=chosen)
    return network


@transaction.atomic
def request_and_start(*, by: Actor, plan: str = "", **wanted: Unpack[Wanted]) -> Network:
    """Record the request and let a job do the work, for a page that shows its progress."""
    network = request_network(by=by, plan=plan, **wanted)
    lifecycle.refuse_ended(network)
    tasks.bring_on_line.enqueue(network_id=network.id)
    return network


@transaction.atomic
def accept_request(
    asked: NetworkRequest, *, now: datetime, by: Actor, plan: str = "", **changes: Unpack[Changes]
) -> Network:
    """Put the network that somebody asked for on line, as they asked or changed; they own it and are invited by email.

    Raises NETWORK_ERRORS, or RequestError when it was decided meanwhile.
    """
    wanted = Wanted(name=asked.name, subdomain=asked.subdomain, region=asked.region, owner_email=asked.email)
    wanted.update(changes)
    network = request_and_start(by=by, plan=plan, **wanted)
    requests.accept(asked, network=network, now=now, by=by)
    return network


@transaction.atomic
def start_again(network: Network, *, by: Actor) -> None:
    """Let a job finish what failed or was interrupted, or send the owner of a live network a fresh invitation."""
    lifecycle.refuse_ended(network)
    record("operator.network.started_again", by=by, target=network)
    tasks.bring_on_line.enqueue(network_id=network.id)


def bring_on_line(network: Network, *, by: Actor, on_progress: lifecycle.Watcher | None = None) -> Onboarded:
    """Run what is left of onboarding, recording each step for the page that watches."""
    outcome = lifecycle.advance(network, on_progress=_noting(network, on_progress))
    if not outcome.was_live:
        record("operator.network.live", by=by, target=network)
    return Onboarded(network, network_url(network), outcome.facts.get("invitation", ""))


def finish_interrupted(now: datetime) -> list[Network]:
    """Finish networks whose onboarding was killed or failed; one that fails again delays no other."""
    finished = []
    for network in unfinished_networks(untouched_since=now - INTERRUPTED_AFTER):
        try:
            finished.append(bring_on_line(network, by=Actor.system("job")).network)
        except NETWORK_ERRORS as error:
            logger.warning("onboarding of network %s did not finish: %s", network.id, type(error).__name__)
    return finished


@transaction.atomic
def suspend_network(network: Network, *, by: Actor) -> None:
    """Stop a network from answering; its publications are hidden in the same transaction."""
    tenants.suspend_network(network)
    record("operator.network.suspended", by=by, target=network)


@transaction.atomic
def reactivate_network(network: Network, *, by: Actor) -> None:
    """Let a suspended network answer again."""
    tenants.reactivate_network(network)
    record("operator.network.reactivated", by=by, target=network)


@transaction.atomic
def start_removal(network: Network, *, by: Actor) -> None:
    """Let a job take back a network that never went live: a web server may not remove tables."""
    lifecycle.refuse_been_live(network)
    record("operator.network.removal_started", by=by, target=network)
    tasks.remove.enqueue(network_id=network.id)


def remove_unfinished(network: Network, *, by: Actor) -> None:
    """Take back a network that never went live, with everything its onboarding made and its waiting jobs."""

    def forget() -> None:
        jobs.forget_network(network.id)
        requests.put_back(network, now=timezone.now())
        record("operator.network.removed", by=by, target=network)

    lifecycle.remove(network, also=forget)


def upgrade_platform() -> list[str]:
    """Bring the platform's and the Collective's schemas to this release; return those that were behind."""
    with as_owner():
        prepare()
        behind = [name for name in (PUBLIC_SCHEMA, COLLECTIVE_SCHEMA) if health.pending_schemas([name])]
        for name in behind:
            call_command("migrate_schemas", schema_name=name, interactive=False, verbosity=0)
    return behind


def upgrade_networks(
    *,
    by: Actor,
    only: Network | None = None,
    jobs: int = 1,
    past_canaries: bool = False,
    on_result: upgrading.Watcher | None = None,
) -> upgrading.Report:
    """Bring networks to this release, each in a transaction of its own; run again, it goes on with what is left."""
    behind = upgrading.networks_behind(only=only)
    report = upgrading.upgrade_networks(behind, jobs=jobs, past_canaries=past_canaries, on_result=on_result)
    for result in report.failed:
        logger.error("upgrade of network %s failed at %s", result.network.id, result.migration or "its beginning")
    if report.results:
        record("operator.networks.upgraded", by=by, networks=len(report.results), failed=len(report.failed))
    return report


@transaction.atomic
def start_upgrade(network: Network, *, by: Actor) -> None:
    """Let a job bring a network to this release."""
    record("operator.network.upgrade_started", by=by, target=network)
    tasks.upgrade.enqueue(network_id=network.id)


@transaction.atomic
def set_canary(network: Network, *, is_canary: bool, by: Actor) -> None:
    """Let a network be upgraded before the others, or with them."""
    tenants.set_canary(network, is_canary=is_canary)
    record("operator.network.canary_set", by=by, target=network, is_canary=is_canary)


@transaction.atomic
def retry_job(row_id: UUID, *, by: Actor) -> bool:
    """Let a failed job run again from its first attempt; return whether it was failed."""
    found = jobs.retry_failed(row_id)
    if found:
        record("operator.job.retried", by=by, target_kind="job", target_id=row_id)
    return found


@transaction.atomic
def start_drill(*, now: datetime, by: Actor) -> Drill:
    """Let a job hold a restore drill; one that nobody has heard of for a day is over. Raises DrillRunningError."""
    under_way = Drill.objects.filter(state=DrillState.UNDER_WAY)
    under_way.filter(asked_at__lt=now - DRILL_LOST_AFTER).update(
        state=DrillState.FAILED, ended_at=now, wrong=["Its worker was lost."]
    )
    held, is_new = Drill.objects.get_or_create(state=DrillState.UNDER_WAY, defaults={"asked_at": now})
    if not is_new:
        raise DrillRunningError("A restore drill is under way. Read how it ends, then start another.")
    record("operator.drill.started", by=by, target=held)
    tasks.hold_drill.enqueue(drill_id=held.id)
    return held


def hold_drill(held: Drill, *, by: Actor) -> None:
    """Restore what is in the database into a scratch database, and keep what was found; begun again, it begins anew.

    Does nothing once it is over.
    """
    if held.state != DrillState.UNDER_WAY:
        return
    live = drill.own_url()
    try:
        name = f"of_{drill.parse_dsn(live)['dbname']}"
        found = drill.examine_dump(live, settings.DRILL_DATABASE_URL or live, name=name)
    except drill.DrillError as error:
        found = drill.Findings(wrong=[error.kept])
    _end_drill(held, found, by=by)


@transaction.atomic
def _end_drill(held: Drill, found: drill.Findings, *, by: Actor) -> None:
    under_way = Drill.objects.filter(id=held.id, state=DrillState.UNDER_WAY)
    state = DrillState.FAILED if found.wrong else DrillState.PASSED
    figures = {name: getattr(found, name) for name in ("tables", "rows", "inserted", "unproved", "wrong")}
    if under_way.update(state=state, ended_at=timezone.now(), **figures):
        record("operator.drill.ended", by=by, target=held, state=state)


def _noting(network: Network, watcher: lifecycle.Watcher | None) -> lifecycle.Watcher:
    def note(progress: lifecycle.Progress) -> None:
        seen: dict[str, Any] = {"seconds": progress.seconds, "error": progress.error[:300]}
        if progress.begins:
            seen["started_at"] = timezone.now()
        StepRun.objects.update_or_create(network=network, name=progress.step.name, defaults=seen)
        if watcher:
            watcher(progress)

    return note


def _checked_plan(code: str) -> Plan | None:
    """Return the plan, or None where none is named and the trial's own is meant."""
    plan = plans.get_plan(code) if code else None
    if code and plan is None:
        offered = ", ".join(each.code for each in plans.offered_plans())
        raise PlanError(f"There is no plan {code[:20]!a}. There are: {offered}.")
    return plan


def _checked_email(email: str) -> str:
    email = email.strip().lower()
    try:
        validate_email(email if email.isprintable() else "")
        Network._meta.get_field("owner_email").run_validators(email)
    except ValidationError:
        raise OwnerEmailError("Enter the owner’s email address, like name@school.example.") from None
    return email


NETWORK_ERRORS = (
    NetworkNameError,
    OwnerEmailError,
    PlanError,
    tenants.NetworkTakenError,
    tenants.WrongStateError,
    lifecycle.StepFailedError,
    lifecycle.AlreadyRunningError,
)
