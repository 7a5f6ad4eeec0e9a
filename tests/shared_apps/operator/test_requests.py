"""Operators and requests: the queue, one click or some words, by page, program and command."""

import json

import pytest
from django.core.management import CommandError, call_command

from shared_apps.audit.models import PlatformEvent
from shared_apps.jobs.worker import Worker
from shared_apps.mail.models import PlatformMessage
from shared_apps.requests.enums import RequestState
from shared_apps.requests.models import NetworkRequest
from tenant_apps.members.models import Invitation
from tenants.context import in_network
from tenants.enums import NetworkState
from tenants.models import Network
from tests.builders.accounts import client_of, make_account, token_client
from tests.builders.pages import count_queries, text_of
from tests.builders.requests import ask_for_network, make_request

AS_ASKED = {"name": "Rowan Bursars", "subdomain": "rowan", "region": "South East", "plan": "medium"}
URL = "/operator/requests/"


def test_an_operator_accepts_in_one_click_and_who_asked_is_invited(console, operator):
    row = make_request()

    assert "Rowan Bursars" in text_of(console.get("/operator/"))
    assert "Requests waiting 1" in text_of(console.get("/operator/figures/"))
    page = console.get(f"{URL}{row.id}/")
    assert page.context["form"].initial == AS_ASKED | {"plan": "medium"}
    answer = console.post(f"{URL}{row.id}/", page.context["form"].initial)

    network = Network.objects.get(subdomain="rowan")
    assert answer.headers["Location"] == f"/operator/networks/{network.id}/"
    Worker().drain()
    network.refresh_from_db()
    assert network.state == NetworkState.LIVE
    with in_network(network):
        assert Invitation.objects.get().email == "rhoda@rowan.example"
    accepted = PlatformEvent.objects.get(name="requests.request.accepted")
    assert (accepted.actor_id, accepted.details) == (operator.id, {"network": str(network.id)})
    assert "Accepted" in text_of(console.get(URL))


def test_what_was_asked_for_can_be_changed(console):
    row = make_request()

    taken = console.post(f"{URL}{row.id}/", AS_ASKED | {"subdomain": "www"})
    console.post(f"{URL}{row.id}/", AS_ASKED | {"name": "Rowan SBMs", "subdomain": "rowan-sbms", "plan": "any"})

    assert (taken.status_code, list(taken.context["form"].errors)) == (422, ["subdomain"])
    network = Network.objects.get(subdomain="rowan-sbms")
    assert (network.name, network.subscription.plan.code) == ("Rowan SBMs", "any")
    assert console.post(f"{URL}{row.id}/", AS_ASKED).status_code == 422


def test_an_address_that_was_taken_meanwhile_is_said_and_nothing_is_decided(alder, console):
    row = make_request()

    answer = console.post(f"{URL}{row.id}/", AS_ASKED | {"subdomain": "alder"})

    assert list(answer.context["form"].errors) == ["subdomain"]
    row.refresh_from_db()
    assert row.state == RequestState.WAITING


def test_an_operator_declines_with_words(console):
    row = make_request()

    assert console.post(f"{URL}{row.id}/decline/", {"answer": ""}).status_code == 422
    page = console.post(f"{URL}{row.id}/decline/", {"answer": "Join Alder."}, follow=True)

    assert "Declined. Rhoda Rowan gets your words by email." in text_of(page)
    assert "Join Alder." in PlatformMessage.objects.get(kind="requests.declined").text
    assert "Join Alder." in text_of(console.get(f"{URL}{row.id}/"))
    assert "meanwhile" in text_of(console.post(f"{URL}{row.id}/decline/", {"answer": "No."}, follow=True))


def test_others_see_nothing_of_it_and_nobody_what_is_not_confirmed(alder, console, client_for):
    row = make_request()
    ask_for_network(subdomain="hazel")
    hidden = NetworkRequest.objects.get(subdomain="hazel")
    member = client_of(make_account(alder, email="priya@alder.example"), "platform")

    for path in (URL, f"{URL}{row.id}/", f"{URL}{row.id}/decline/"):
        assert member.get(path).status_code == 403
        assert client_for("platform").get(path).status_code == 302
        assert client_of(make_account(email="x@y.example", operator=True), alder).get(path).status_code == 404
    assert "hazel" not in text_of(console.get(URL))
    assert console.get(f"{URL}{hidden.id}/").status_code == 404


def test_the_queue_costs_the_same_with_one_request_and_three(console):
    make_request()
    one = count_queries(console, URL)
    for name in ("hazel", "maple"):
        make_request(subdomain=name)

    assert count_queries(console, URL) == one


def test_programs_list_accept_once_and_decline(operator):
    first, second = make_request(), make_request(subdomain="hazel")
    client, url, key = token_client(operator, "platform"), "/api/v1/requests/", {"Idempotency-Key": "once"}

    assert [each["subdomain"] for each in client.get(url).json()["results"]] == ["hazel", "rowan"]
    accept = f"{url}{first.id}/accept/"
    wrong = client.post(accept, {"plan": "golden"}, content_type="application/json")
    made = client.post(accept, {"plan": "small"}, content_type="application/json", headers=key)
    again = client.post(accept, {"plan": "small"}, content_type="application/json", headers=key)
    other = client.post(accept, {}, content_type="application/json")

    assert [wrong.status_code, made.status_code, again.status_code, other.status_code] == [400, 202, 202, 409]
    assert made.json() == again.json()
    assert made.json()["network"] == str(Network.objects.get(subdomain="rowan").id)
    decline = f"{url}{second.id}/decline/"
    assert client.post(decline, {"answer": ""}, content_type="application/json").status_code == 400
    assert client.post(decline, {"answer": "No."}, content_type="application/json").json()["state"] == "declined"
    assert client.post(decline, {"answer": "No."}, content_type="application/json").status_code == 409


def test_commands_list_accept_and_decline(db, capsys):
    first, second = make_request(), make_request(subdomain="hazel")

    call_command("list_requests")
    assert [line.split()[1] for line in capsys.readouterr().out.splitlines()] == ["rowan", "hazel"]
    call_command("list_requests", "--json")
    assert json.loads(capsys.readouterr().out)[0]["email"] == "rhoda@rowan.example"
    call_command("accept_request", str(first.id), "--plan", "large")
    assert capsys.readouterr().out.startswith("address: http://rowan.localhost:8000/\n")
    call_command("decline_request", str(second.id), "--answer", "No.")
    with pytest.raises(CommandError, match="meanwhile"):
        call_command("accept_request", str(second.id))
    for wrong in ("nonsense", str(Network.objects.first().id)):
        with pytest.raises(CommandError, match="no request with the id"):
            call_command("decline_request", wrong, "--answer", "No.")

    assert Network.objects.get(subdomain="rowan").subscription.plan.code == "large"
