"""Email that waits for an organiser, by a program."""

import pytest

from shared_apps.accounts.models import User
from shared_apps.jobs.worker import Worker
from shared_apps.monitoring.models import NetworkDay
from tenant_apps.discussions.models import Discussion
from tenant_apps.members.enums import Role
from tenant_apps.members.models import Invitation
from tenants.context import in_network
from tenants.ids import random_id
from tests.builders.accounts import token_client
from tests.builders.emails import raw_email, send_in, stored
from tests.builders.members import make_member

HELD = "/api/v1/held-mail/"
STRANGER, TO = "dawn@home.example", "ict@alder.localhost"
JSON = {"content_type": "application/json"}


@pytest.fixture
def dawn(alder):
    return make_member(alder, name="Dawn Okafor", email="dawn@school.example")


@pytest.fixture
def member(alder, dawn):
    return token_client(User.objects.get(pk=dawn.account_id), alder)


@pytest.fixture
def organiser(alder):
    owner = make_member(alder, name="Olive Owner", role=Role.OWNER)
    return token_client(User.objects.get(pk=owner.account_id), alder)


@pytest.fixture
def held(alder):
    send_in(raw_email(sender=STRANGER, to=TO, subject="Printers", text="Down again?"), to=TO)
    return stored(alder)[0]


def test_what_waits_is_listed_and_shown(organiser, held):
    (listed,) = organiser.get(HELD).json()["results"]
    whole = organiser.get(f"{HELD}{held.id}/").json()

    assert (listed["subject"], listed["reason"], listed["from_address"]) == ("Printers", "unknown_sender", STRANGER)
    assert {**listed, **whole} == whole
    assert (whole["text"].strip(), whole["can_be_given"], whole["can_be_read"]) == ("Down again?", True, False)


def test_giving_it_to_a_member_posts_it(alder, organiser, held, dawn):
    given = organiser.post(f"{HELD}{held.id}/give/", {"member": str(dawn.id)}, **JSON)
    again = organiser.post(f"{HELD}{held.id}/give/", {"member": str(dawn.id)}, **JSON)
    Worker().drain()

    assert (given.status_code, given.json()["state"], again.status_code) == (200, "received", 404)
    with in_network(alder):
        assert list(Discussion.objects.values_list("title", "author_id")) == [("Printers", dawn.id)]
    assert organiser.get(f"{HELD}{held.id}/").status_code == 404


def test_discarding_is_undone_and_done_once(alder, organiser, held):
    path = f"{HELD}{held.id}/"
    states = [organiser.post(f"{path}{act}/").json().get("state") for act in ("discard", "restore", "discard")]

    twice = organiser.post(f"{path}discard/")

    assert states == ["discarded", "held", "discarded"]
    assert NetworkDay.objects.get(network=alder).mail_held == 1  # what is held again was counted then
    assert (twice.status_code, twice.json()["detail"]) == (409, "Somebody has dealt with this email already.")
    assert organiser.get(HELD, {"show": "discarded"}).json()["results"][0]["id"] == str(held.id)
    assert organiser.get(HELD, {"show": "nonsense"}).status_code == 400


def test_inviting_its_sender_twice_is_refused(alder, organiser, held):
    first, again = (organiser.post(f"{HELD}{held.id}/invite/") for _ in range(2))

    assert (first.status_code, again.status_code) == (200, 409)
    with in_network(alder):
        assert Invitation.objects.filter(email=STRANGER).count() == 1


def test_who_is_no_member_here_cannot_be_given_an_address(organiser, held):
    answer = organiser.post(f"{HELD}{held.id}/give/", {"member": str(random_id())}, **JSON)

    assert answer.json()["errors"] == [{"pointer": "#/member", "detail": "There is no such member here."}]


@pytest.mark.parametrize("act", ["again", "discard", "give", "invite", "restore"])
def test_it_is_for_organisers(alder, member, held, act):
    answers = [member.get(HELD), member.get(f"{HELD}{held.id}/"), member.post(f"{HELD}{held.id}/{act}/")]

    assert [each.status_code for each in answers] == [403] * 3
    assert stored(alder)[0].state == "held"
