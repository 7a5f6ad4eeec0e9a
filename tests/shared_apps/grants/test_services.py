"""Asking, answering, ending, and what ends it besides."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from shared_apps.accounts import services as accounts
from shared_apps.accounts.models import Session, User
from shared_apps.accounts.permissions import may_enter
from shared_apps.audit.models import Event
from shared_apps.audit.services import Actor
from shared_apps.grants import selectors, services
from shared_apps.grants.enums import GrantState
from shared_apps.grants.models import SupportGrant
from shared_apps.operator import services as operating
from tenants.context import in_network
from tenants.enums import Kind
from tests.builders.accounts import client_of, make_account
from tests.builders.grants import actor, ask, let_in


@pytest.fixture
def owner(alder):
    return make_account(alder, email="olu@alder.example", name="Olu Owner")


def log(network):
    with in_network(network):
        return list(Event.objects.filter(name__startswith="support.").order_by("id").values_list("name", flat=True))


def may_look(account, network):
    fresh = User.objects.with_networks().get(pk=account.pk)
    return may_enter(fresh, kind=Kind.NETWORK, network_id=network.id)


def test_asking_opens_nothing_and_is_in_the_networks_log(alder, birch, operator):
    grant = ask(alder, operator)

    assert grant.state == GrantState.ASKED
    assert not may_look(operator, alder)
    assert (log(alder), log(birch)) == (["support.access.asked"], [])


def test_allowed_it_opens_this_network_to_this_operator_until_its_end(alder, birch, operator, owner):
    colleague = make_account(email="otto@operator.example", name="Otto", operator=True)
    now = timezone.now()

    grant = let_in(alder, operator, owner, now=now)

    assert grant.ends_at == now + timedelta(hours=1)
    assert [may_look(operator, alder), may_look(operator, birch), may_look(colleague, alder)] == [True, False, False]
    assert not may_enter(operator, kind=Kind.COLLECTIVE)
    assert log(alder) == ["support.access.asked", "support.access.allowed"]


def test_time_ends_it_without_any_job(alder, operator, owner):
    let_in(alder, operator, owner, now=timezone.now() - timedelta(minutes=61))

    assert not may_look(operator, alder)


def test_the_job_writes_down_what_ran_out_and_what_nobody_answered(alder, birch, operator, owner):
    let_in(alder, operator, owner, now=timezone.now() - timedelta(minutes=61))
    ask(birch, operator, now=timezone.now() - timedelta(days=8))

    assert services.tidy(timezone.now()) == 2
    assert services.tidy(timezone.now()) == 0

    assert set(SupportGrant.objects.values_list("state", flat=True)) == {GrantState.EXPIRED}
    assert log(alder)[-1] == log(birch)[-1] == "support.access.expired"


def test_refused_it_is_over(alder, operator, owner):
    grant = ask(alder, operator)

    services.refuse(grant, now=timezone.now(), by=actor(owner))

    assert not may_look(operator, alder)
    with pytest.raises(services.GrantError, match="decided meanwhile: refused"):
        services.allow(grant, now=timezone.now(), by=actor(owner))


def test_ending_it_ends_the_sessions_there_and_no_others(alder, birch, operator, owner):
    grant = let_in(alder, operator, owner)
    for place in (alder, birch, "platform"):
        client_of(operator, place)

    services.end(grant, now=timezone.now(), by=actor(owner))

    left = Session.objects.filter(account_id=operator.pk).values_list("network_id", flat=True)
    assert set(left) == {birch.id, None}
    assert not may_look(operator, alder)


def test_a_second_request_waits_for_the_end_of_the_first(alder, birch, operator):
    first = ask(alder, operator)
    with pytest.raises(services.GrantError, match="a request for this network already"):
        ask(alder, operator)
    with pytest.raises(IntegrityError), transaction.atomic():
        SupportGrant.objects.create(
            network=alder, account=operator, reason="Again.", minutes=30, asked_at=timezone.now()
        )

    ask(birch, operator)
    services.end(first, now=timezone.now(), by=actor(operator))
    assert ask(alder, operator).state == GrantState.ASKED


def test_what_ran_out_is_no_obstacle(alder, operator, owner):
    let_in(alder, operator, owner, now=timezone.now() - timedelta(hours=2))

    assert ask(alder, operator).state == GrantState.ASKED


def test_only_operators_who_are_no_members_ask_and_only_live_networks(alder, operator, owner):
    member = make_account(alder, email="both@alder.example", name="Both", operator=True)
    for account in (owner, member):
        with pytest.raises(services.GrantError, match="Only operators"):
            ask(alder, account)
    operating.suspend_network(alder, by=Actor.system())

    with pytest.raises(services.GrantError, match="live"):
        ask(alder, operator)


@pytest.mark.parametrize("said", [{"reason": " \n "}, {"reason": "x" * 301}, {"minutes": 45}])
def test_a_reason_and_a_length_are_needed(alder, operator, said):
    with pytest.raises(services.GrantError, match="Give a reason"):
        ask(alder, operator, **said)


def test_suspending_the_network_ends_it_for_good(alder, operator, owner):
    let_in(alder, operator, owner)

    operating.suspend_network(alder, by=Actor.system())
    operating.reactivate_network(alder, by=Actor.system())

    assert not may_look(operator, alder)
    assert log(alder)[-1] == "support.access.ended"


def test_who_is_no_operator_any_more_is_outside_at_once(alder, operator, owner):
    let_in(alder, operator, owner)
    User.objects.filter(pk=operator.pk).update(is_operator=False)

    assert not may_look(operator, alder)
    services.tidy(timezone.now())
    User.objects.filter(pk=operator.pk).update(is_operator=True)
    assert not may_look(operator, alder)


def test_a_request_of_who_is_no_operator_any_more_cannot_be_allowed(alder, operator, owner):
    grant = ask(alder, operator)
    User.objects.filter(pk=operator.pk).update(is_operator=False)

    with pytest.raises(services.GrantError, match="no operator any more"):
        services.allow(grant, now=timezone.now(), by=actor(owner))


@pytest.mark.parametrize("place", ["alder", "platform"])
def test_signing_out_there_or_on_the_platform_ends_it(alder, operator, owner, place):
    let_in(alder, operator, owner)

    client_of(operator, alder if place == "alder" else place).post("/sign-out/")

    assert SupportGrant.objects.get().state == GrantState.ENDED
    assert not may_look(operator, alder)


def test_signing_out_everywhere_ends_it(alder, operator, owner):
    let_in(alder, operator, owner)

    accounts.sign_out_everywhere(operator, by=actor(operator))

    assert SupportGrant.objects.get().state == GrantState.ENDED


def test_a_grant_is_of_one_network(alder, birch, operator):
    grant = ask(alder, operator)

    assert selectors.get_grant(alder, grant.id) == grant
    assert selectors.get_grant(birch, grant.id) is None
