"""Accounts are one for an address; access and passwords change for one person alone."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.utils import timezone

from shared_apps.accounts import services
from shared_apps.accounts.enums import Strength
from shared_apps.accounts.models import HandOff, NetworkAccess, Session, User
from shared_apps.accounts.selectors import has_verified_email, may_enter_network
from shared_apps.audit.models import PlatformEvent
from shared_apps.audit.services import Actor
from tests.builders.accounts import client_of, host_of, make_account

SYSTEM = Actor.system()


def test_an_address_has_one_account_whatever_its_case(db):
    first = services.get_or_create_account(" Priya@School.Example ", "Priya Raman")
    second = services.get_or_create_account("priya@school.example", "Somebody Else")

    assert (first.pk, second.name, second.email) == (second.pk, "Priya Raman", "priya@school.example")
    assert not first.has_usable_password()


def test_a_name_is_filled_in_where_there_is_none(db):
    services.get_or_create_account("priya@school.example")

    account = services.get_or_create_account("priya@school.example", "Priya Raman")

    assert User.objects.get().name == account.name == "Priya Raman"


@pytest.mark.parametrize(
    "email", ["", "priya", "a@b@c.example", "a b@c.example", "a\x00@c.example", "x" * 260 + "@c.example"]
)
def test_what_is_no_address_is_refused(db, email):
    with pytest.raises(services.EmailError):
        services.get_or_create_account(email)

    assert not User.objects.exists()


def test_the_database_keeps_addresses_in_lower_case(db):
    with pytest.raises(IntegrityError, match="account_email_lower"), transaction.atomic():
        User.objects.create(email="Priya@school.example")


def test_an_address_is_verified_once_shown(db):
    account = services.get_or_create_account("priya@school.example")
    assert not has_verified_email(account)

    services.get_or_create_account("priya@school.example", verified=True)
    services.get_or_create_account("priya@school.example")

    assert has_verified_email(account)


def test_an_operator_is_made_once(db):
    services.ensure_operator("operator@example.org", "Olive", by=SYSTEM)
    services.ensure_operator("operator@example.org", by=SYSTEM)

    assert User.objects.get().is_operator
    assert PlatformEvent.objects.filter(name="accounts.account.made_operator").count() == 1


def test_access_is_granted_renamed_ended_and_granted_again(alder, birch):
    account = make_account()

    def may() -> tuple[bool, bool]:
        return may_enter_network(account.pk, alder.id), may_enter_network(account.pk, birch.id)

    services.grant_access(account_id=account.pk, network=alder, display_name="Priya")
    services.grant_access(account_id=account.pk, network=alder, display_name="Priya Raman")
    granted = may()
    services.revoke_access(account_id=account.pk, network=alder)
    ended = may()
    services.grant_access(account_id=account.pk, network=alder, display_name="Priya Raman")

    assert (granted, ended, may()) == ((True, False), (False, False), (True, False))
    assert NetworkAccess.objects.get().display_name == "Priya Raman"


def test_a_password_is_set_and_audited_without_its_words(alder):
    account = make_account(alder)

    services.set_password(account, "a new one for me", by=Actor(account_id=account.pk, label="", via="page"))

    event = PlatformEvent.objects.get(name="accounts.account.password_set")
    assert User.objects.get().check_password("a new one for me")
    assert (event.actor_id, event.target_id, event.details) == (account.pk, account.pk, {})


def test_what_is_over_is_forgotten(alder):
    account, now = make_account(alder), timezone.now()
    client_of(account, alder)
    Session.objects.create(
        session_key="old", session_data="", expire_date=now - timedelta(minutes=1), host=host_of(alder)
    )
    for number, age in enumerate((0, 2)):
        HandOff.objects.create(
            code_hash=str(number), state_hash="", account=account, from_host="a", to_host="b",
            strength=Strength.CODE, expires_at=now - timedelta(days=age),
        )  # fmt: skip

    cache.clear()
    cache.set("old", 1, timeout=60)
    cache.set("new", 1, timeout=3600)

    forgotten = services.prune(now + timedelta(minutes=2))

    assert forgotten == 3
    assert cache.get("new") == 1
    assert (Session.objects.count(), HandOff.objects.get().code_hash) == (1, "0")
