"""One call puts a network on line, whoever asks; suspension shuts every door at once; what was killed is finished."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from collective.publications.models import Publication
from shared_apps.accounts.selectors import account_of_email
from shared_apps.audit.models import Event, PlatformEvent
from shared_apps.audit.services import Actor
from shared_apps.jobs.models import ScheduleSlot
from shared_apps.jobs.worker import Worker
from shared_apps.mail import services as mail
from shared_apps.mail.models import Message
from shared_apps.operator import services, tasks
from shared_apps.operator.models import StepRun
from shared_apps.operator.selectors import step_states
from shared_apps.operator.services import OwnerEmailError
from tenants import lifecycle
from tenants.context import in_collective, in_network
from tenants.enums import NetworkState
from tenants.lifecycle import AlreadyRunningError, Progress, Step, StepFailedError, WrongStateError
from tenants.models import Network
from tenants.names import NetworkNameError
from tenants.services import NetworkTakenError
from tests.builders.accounts import client_of, make_account, token_client
from tests.builders.discussions import make_discussion, share
from tests.builders.members import make_member

BY = Actor.system("command")
ROWAN = {"name": "Rowan", "subdomain": "rowan", "owner_email": "owner@rowan.example"}


@pytest.fixture(autouse=True)
def _own_registry(monkeypatch):
    monkeypatch.setattr(lifecycle, "_steps", dict(lifecycle._steps))


class BrokenError(Exception):
    """What a step of the test's own raises."""


def break_step(name: str, error: Exception | None = None) -> Callable[[], None]:
    """Make a step fail; return what mends it."""
    real = lifecycle._steps[name]

    def fail(_network: Network) -> None:
        raise error or BrokenError("it broke")

    lifecycle.register_step(replace(real, run=fail))
    return lambda: lifecycle.register_step(real)


# Onboarding


def test_onboard_network_answers_with_the_address_and_the_link(db):
    told: list[Progress] = []

    done = services.onboard_network(**ROWAN, by=BY, on_progress=told.append)

    assert done.network.state == NetworkState.LIVE
    assert done.address == "http://rowan.localhost:8000/"
    assert done.invitation.startswith("http://rowan.localhost:8000/join/")
    names = [step.name for step in lifecycle.steps()]
    assert [(each.step.name, each.seconds is None) for each in told] == [
        (name, begins) for name in names for begins in (True, False)
    ]


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"subdomain": "www"}, NetworkNameError),
        ({"name": ""}, NetworkNameError),
        ({"region": "x" * 41}, NetworkNameError),
        ({"owner_email": "nobody"}, OwnerEmailError),
        ({"subdomain": "alder"}, NetworkTakenError),
    ],
)
def test_onboard_network_refuses_before_anything_is_made(alder, change, error):
    before = Network.objects.count()

    with pytest.raises(error):
        services.onboard_network(**ROWAN | change, by=BY)

    assert Network.objects.count() == before
    assert not PlatformEvent.objects.exists()


def test_onboard_network_keeps_how_long_each_step_took(db):
    network = services.onboard_network(**ROWAN, by=BY).network

    runs = StepRun.objects.filter(network=network)

    assert {run.name for run in runs} == {step.name for step in lifecycle.steps()}
    assert all(run.seconds is not None and run.error == "" for run in runs)


def test_onboard_network_keeps_which_step_failed_and_forgets_it_when_mended(db):
    mend = break_step("categories")
    with pytest.raises(StepFailedError):
        services.onboard_network(**ROWAN, by=BY)
    network = Network.objects.get(subdomain="rowan")
    failed = StepRun.objects.get(network=network, name="categories")
    assert (network.state, network.failed_step) == ("failed", "categories")
    assert (failed.seconds, failed.error) == (None, "BrokenError")

    mend()
    services.onboard_network(**ROWAN, by=BY)

    mended = StepRun.objects.get(network=network, name="categories")
    assert (mended.seconds is not None, mended.error) == (True, "")


def test_an_onboarding_tried_many_times_sends_the_owner_one_letter(db):
    """Each try makes a fresh link and revokes the one before, whose letter must not reach the owner."""
    mend = break_step("sharing")
    for _try in range(3):
        with pytest.raises(StepFailedError):
            services.onboard_network(**ROWAN, by=BY)
    mend()

    done = services.onboard_network(**ROWAN, by=BY)
    Worker().drain()

    with in_network(done.network):
        letters = Message.objects.filter(kind="invitation")
        assert [letter.to_address for letter in letters] == ["owner@rowan.example"]
        assert done.invitation in letters[0].text


def test_request_and_start_leaves_the_work_to_a_job(db):
    network = services.request_and_start(**ROWAN, by=BY)
    assert network.state == NetworkState.REQUESTED

    Worker().drain()

    assert Network.objects.get(id=network.id).state == NetworkState.LIVE


def test_request_and_start_is_nothing_when_its_transaction_fails(db):
    with transaction.atomic():
        services.request_and_start(**ROWAN, by=BY)
        transaction.set_rollback(True)

    assert not Network.objects.filter(subdomain="rowan").exists()
    assert not DBTaskResult.objects.filter(task_path__contains="bring_on_line").exists()


def test_the_job_of_a_removed_network_does_nothing(rowan):
    tasks.bring_on_line.run_now(network_id=str(rowan.id))
    other = services.request_network(**ROWAN | {"subdomain": "willow"}, by=BY)
    lifecycle.remove(other)

    tasks.bring_on_line.run_now(network_id=str(other.id))

    assert not Network.objects.filter(subdomain="willow").exists()


@pytest.mark.parametrize("state", [NetworkState.SUSPENDED, NetworkState.CLOSED, NetworkState.DELETED])
@pytest.mark.parametrize("act", [services.bring_on_line, services.start_again])
def test_an_ended_network_is_not_brought_on_line(alder, state, act):
    lifecycle.set_state(alder, state)

    with pytest.raises(WrongStateError):
        act(alder, by=BY)

    assert Network.objects.get(id=alder.id).state == state


# The reconciler


def test_finish_interrupted_leaves_alone_what_may_be_under_way(rowan):
    assert services.finish_interrupted(rowan.state_changed_at + services.INTERRUPTED_AFTER) == []
    later = rowan.state_changed_at + services.INTERRUPTED_AFTER + timedelta(seconds=1)

    assert services.finish_interrupted(later) == [rowan]


@pytest.mark.parametrize("state", ["live", "suspended", "closed"])
def test_finish_interrupted_touches_no_network_that_was_live(alder, birch, state):
    lifecycle.set_state(alder, NetworkState(state))

    assert services.finish_interrupted(timezone.now() + timedelta(days=1)) == []
    assert Network.objects.get(id=alder.id).state == state


def test_finish_interrupted_is_not_stopped_by_one_that_fails_again(rowan, monkeypatch, caplog):
    monkeypatch.setattr(lifecycle, "LOCK_WAIT", "50ms")
    willow = services.request_network(**ROWAN | {"subdomain": "willow"}, by=BY)
    real = lifecycle._steps["sharing"]

    def fail_for_rowan(network: Network) -> None:
        if network.subdomain == "rowan":
            raise BrokenError("a secret")
        real.run(network)

    lifecycle.register_step(replace(real, run=fail_for_rowan))

    with caplog.at_level(logging.WARNING):
        finished = services.finish_interrupted(timezone.now() + timedelta(hours=1))

    assert finished == [willow]
    assert Network.objects.get(id=rowan.id).state == NetworkState.FAILED
    assert f"network {rowan.id} did not finish: StepFailedError" in caplog.text
    assert "a secret" not in caplog.text


def test_finish_interrupted_passes_by_what_another_process_works_on(rowan, monkeypatch):
    def busy(_network: Network, **_: object) -> None:
        raise AlreadyRunningError("Rowan")

    monkeypatch.setattr(lifecycle, "advance", busy)

    assert services.finish_interrupted(timezone.now() + timedelta(hours=1)) == []


def test_the_reconciler_runs_by_itself(rowan):
    Network.objects.filter(id=rowan.id).update(state_changed_at=timezone.now() - timedelta(hours=1))
    worker = Worker()

    worker._care()
    worker.drain()

    assert Network.objects.get(id=rowan.id).state == NetworkState.LIVE


# Removing


@pytest.mark.django_db(transaction=True)
def test_remove_unfinished_forgets_its_jobs_and_keeps_the_event(alder):
    rowan = services.onboard_network(**ROWAN, by=BY).network
    lifecycle.set_state(rowan, NetworkState.FAILED)
    services.start_again(rowan, by=BY)
    ScheduleSlot.objects.create(name="x", slot="1", network_id=rowan.id)
    with in_network(alder):
        make_discussion(make_member(alder))
    others = {row.id for row in DBTaskResult.objects.all() if str(rowan.id) not in str(row.args_kwargs)}

    services.remove_unfinished(rowan, by=BY)

    left = DBTaskResult.objects.all()
    assert [row for row in left if str(rowan.id) in str(row.args_kwargs)] == []
    assert {row.id for row in left} == others
    assert not ScheduleSlot.objects.filter(network_id=rowan.id).exists()
    assert PlatformEvent.objects.filter(target_id=rowan.id, name="operator.network.removed").count() == 1


def test_remove_unfinished_refuses_what_has_been_live(alder):
    with pytest.raises(WrongStateError, match=r"^Alder SBM Network has been live and cannot be removed\.$"):
        services.remove_unfinished(alder, by=BY)

    assert not PlatformEvent.objects.filter(target_id=alder.id).exists()


@pytest.mark.django_db(transaction=True)
def test_a_subdomain_is_free_again_and_the_new_network_is_another():
    first = services.onboard_network(**ROWAN, by=BY)
    lifecycle.set_state(first.network, NetworkState.FAILED)
    services.remove_unfinished(first.network, by=BY)

    second = services.onboard_network(**ROWAN | {"owner_email": "other@rowan.example"}, by=BY)

    path = first.invitation.partition(":8000")[2]
    assert second.network.id != first.network.id
    assert Client(headers={"host": "rowan.localhost"}).get(path).status_code == 404


# Suspending


@pytest.fixture
def shared(alder, birch) -> Publication:
    """A discussion of alder that birch finds in the Collective."""
    member = make_member(alder)
    with in_network(alder):
        discussion = share(make_discussion(member, title="Who does your canary testing?"), member)
    with in_collective():
        return Publication.objects.get(id=discussion.publication_id)


def test_suspending_hides_at_once_what_was_shared_and_reactivating_shows_it(alder, birch, shared):
    reader = make_account(birch, email="reader@birch.example")
    page, program = client_of(reader, "collective"), token_client(reader, birch, on="collective")

    def looks() -> list[bool]:
        return [
            "canary" in page.get("/?q=testing").content.decode(),
            page.get(f"/publications/{shared.id}/").status_code == 200,
            bool(program.get("/api/v1/search/?q=testing").json()["results"]),
            bool(program.get("/api/v1/publications/").json()["results"]),
            program.get(f"/api/v1/publications/{shared.id}/").status_code == 200,
        ]

    assert all(looks())

    services.suspend_network(alder, by=BY)
    suspended = looks()
    services.reactivate_network(alder, by=BY)

    assert not any(suspended)
    assert all(looks())


def test_suspending_makes_sessions_and_tokens_worthless_everywhere(alder, birch):
    """On the network's own host, in the Collective acting for it, and for the next sign-in; other networks go on."""
    account = make_account(alder, email="priya@alder.example")
    both = make_account(alder, birch, email="both@alder.example")
    page, program = client_of(account, alder), token_client(account, alder)
    portal, portal_program = client_of(account, "collective"), token_client(account, alder, on="collective")
    elsewhere, elsewhere_program = client_of(both, birch), token_client(both, birch, on="collective")

    services.suspend_network(alder, by=BY)

    assert page.get("/discussions/").status_code == 503
    assert program.get("/api/v1/discussions/").status_code == 503
    assert portal.get("/").status_code in (302, 403)
    assert portal_program.get("/api/v1/publications/").status_code in (401, 403)
    assert elsewhere.get("/account/").status_code == 200
    assert elsewhere_program.get("/api/v1/publications/").status_code == 200
    assert [network.subdomain for network in account_of_email("both@alder.example").networks] == ["birch"]


def test_reactivating_lets_the_same_sessions_in_again(alder):
    """Suspending is not signing out: who was signed in goes on where they were."""
    client = client_of(make_account(alder, email="priya@alder.example"), alder)
    services.suspend_network(alder, by=BY)
    assert client.get("/account/").status_code == 503

    services.reactivate_network(alder, by=BY)

    assert client.get("/account/").status_code == 200


def test_jobs_and_mail_of_a_suspended_network_wait(alder):
    member = make_member(alder)
    with in_network(alder):
        make_discussion(member)
        mail.queue_message(to="x@alder.example", subject="Hello", template="notice", context={}, kind="test")
    services.suspend_network(alder, by=BY)

    Worker().drain()
    with in_network(alder):
        assert Message.objects.get(kind="test").state == "queued"

    services.reactivate_network(alder, by=BY)
    DBTaskResult.objects.update(run_after=timezone.now())
    Worker().drain()

    with in_network(alder):
        assert Message.objects.get(kind="test").state != "queued"


@pytest.mark.parametrize(
    ("act", "start", "event"),
    [
        (services.suspend_network, "live", "operator.network.suspended"),
        (services.reactivate_network, "suspended", "operator.network.reactivated"),
    ],
)
def test_moves_are_recorded_on_the_platform_and_not_in_the_network(alder, act, start, event):
    lifecycle.set_state(alder, NetworkState(start))
    with in_network(alder):
        before = Event.objects.count()

    act(alder, by=BY)

    assert PlatformEvent.objects.get(target_id=alder.id).name == event
    with in_network(alder):
        assert Event.objects.count() == before


def test_a_step_registered_later_is_shown_as_not_started(rowan):
    lifecycle.register_step(Step("extra", "Something more", NetworkState.LIVE, lambda _: None, order=9))

    assert step_states([rowan])[rowan.id][-1].name == "Something more"
