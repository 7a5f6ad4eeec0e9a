"""The operator's page, the API and the command."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shared_apps.grants import services
from shared_apps.grants.enums import GrantState
from shared_apps.grants.models import SupportGrant
from shared_apps.jobs.worker import Worker
from shared_apps.mail.models import PlatformMessage
from tests.builders.accounts import client_of, make_account, token_client
from tests.builders.grants import actor, ask, let_in

WANTED = {"reason": "You wrote to us.", "minutes": "60"}


@pytest.fixture
def url(alder):
    return f"/operator/networks/{alder.id}/support/"


def test_an_operator_asks_sees_the_answer_and_the_way_in(alder, operator, url):
    browser, owner = client_of(operator, "platform"), make_account(alder, email="olu@alder.example")

    assert "Ask its owners" in browser.get(url).content.decode()
    assert "Waiting for an owner" in browser.post(url, WANTED, follow=True).content.decode()
    services.allow(SupportGrant.objects.get(), now=timezone.now(), by=actor(owner))
    page = browser.get(url).content.decode()

    assert "Open the network" in page
    assert "alder.localhost" in page
    Worker().drain()
    mail = PlatformMessage.objects.get(kind="grants.answer")
    assert (mail.to_address, mail.subject) == ("olive@platform.example", f"{alder.name} lets you look in")


@pytest.mark.parametrize("wrong", [{"reason": ""}, {"minutes": "45"}, {"reason": "x" * 301}])
def test_what_is_wrong_is_said(operator, url, wrong):
    answer = client_of(operator, "platform").post(url, WANTED | wrong)

    assert answer.status_code == 422
    assert not SupportGrant.objects.exists()


def test_an_operator_takes_a_request_back(alder, operator, url):
    grant, browser = ask(alder, operator), client_of(operator, "platform")

    assert browser.get(f"{url}{grant.id}/end/").status_code == 405
    browser.post(f"{url}{grant.id}/end/")

    assert SupportGrant.objects.get().state == GrantState.ENDED


def test_a_request_is_not_found_under_another_network(alder, birch, operator):
    grant = ask(alder, operator)

    answer = client_of(operator, "platform").post(f"/operator/networks/{birch.id}/support/{grant.id}/end/")

    assert answer.status_code == 404
    assert SupportGrant.objects.get().state == GrantState.ASKED


def test_others_are_refused(alder, url):
    member = make_account(alder, email="mia@alder.example")

    assert client_of(member, "platform").get(url).status_code == 403


def test_programs_ask_once_look_and_end(alder, operator):
    client, url = token_client(operator, "platform"), f"/api/v1/networks/{alder.id}/support/"
    wanted, key = {"reason": "You wrote.", "minutes": 30}, {"Idempotency-Key": "once"}

    made = client.post(url, wanted, content_type="application/json", headers=key)
    again = client.post(url, wanted, content_type="application/json", headers=key)
    other = client.post(url, wanted, content_type="application/json")

    assert (made.status_code, again.status_code, other.status_code) == (201, 201, 409)
    assert made.json() == again.json()
    assert client.get(url).json()["results"] == [made.json()]
    one = f"{url}{made.json()['id']}/"
    assert client.delete(one).status_code == 204
    assert client.delete(one).status_code == 409
    assert client.get(one).json()["state"] == "ended"
    assert client.post(url, {"reason": "", "minutes": 7}, content_type="application/json").status_code == 400


def test_the_command_asks_and_ends(alder, operator, capsys):
    said = ("support_access", "alder", "--operator", operator.email)

    call_command(*said, "--reason", "You wrote.", "--minutes", "30")
    assert SupportGrant.objects.get().minutes == 30
    with pytest.raises(CommandError, match="a request for this network already"):
        call_command(*said, "--reason", "Again.")
    call_command(*said, "--end")
    with pytest.raises(CommandError, match="Nothing is asked"):
        call_command(*said, "--end")
    with pytest.raises(CommandError, match="No operator"):
        call_command("support_access", "alder", "--operator", "nobody@school.example")

    assert SupportGrant.objects.get().state == GrantState.ENDED


def test_the_page_costs_the_same_with_one_request_and_three(alder, operator, url):
    browser, owner = client_of(operator, "platform"), make_account(alder, email="olu@alder.example")
    counts = []
    for number in range(3):
        grant = let_in(alder, operator, owner)
        with CaptureQueriesContext(connection) as queries:
            browser.get(url)
        counts.append(len(queries))
        if number < 2:
            services.end(grant, now=timezone.now(), by=actor(owner))

    assert counts[0] == counts[2]
