"""The owners' page, their programs, and what operators see and do: pages, programs and the command."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from shared_apps.domains import selectors, services
from shared_apps.domains.enums import DomainState, Finding
from shared_apps.domains.models import OwnDomain
from shared_apps.jobs.worker import Worker
from shared_apps.mail.models import Message
from tenants.context import in_network
from tests.builders import accounts
from tests.builders.dns import name_server
from tests.builders.domains import HOST, claim, use
from tests.builders.members import client_of, make_member
from tests.builders.pages import text_of

URL = "/manage/address/"


@pytest.fixture
def servers(settings):
    with name_server() as found:
        found.point("alder.localhost")
        settings.DNS_RESOLVER = found.address
        yield found


def test_an_owner_claims_a_domain_sets_its_records_and_uses_it(alder, browser, servers):
    assert "Use a domain of your own" in text_of(browser.get(URL))
    page = browser.post(URL, {"host": HOST}, follow=True)

    domain = OwnDomain.objects.get()
    assert "data-poll" in page.content.decode()
    for _, name, value in selectors.records_of(domain):
        assert name in text_of(page)
        assert value in text_of(page)
    Worker().drain()
    assert "The TXT record is not there yet" in text_of(browser.get(f"{URL}state/"))
    servers.prove(domain)
    browser.post(f"{URL}check/")
    Worker().drain()

    assert "In use" in text_of(browser.get(URL))
    with in_network(alder):
        mail = Message.objects.get(kind="address.live")
    assert f"http://{HOST}:8000/manage/address/" in mail.text


@pytest.mark.parametrize("wrong", ["", "alder.localhost", "https://x.org.uk", "\x00.org.uk", "x" * 300])
def test_what_is_wrong_is_said(browser, wrong):
    answer = browser.post(URL, {"host": wrong})

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["host"])
    assert not OwnDomain.objects.exists()


def test_whose_a_domain_is_already_is_not_told(alder, birch, browser):
    use(birch)

    text = text_of(browser.post(URL, {"host": HOST}))

    assert "in use here already" in text
    assert birch.name not in text


def test_removing_asks_and_leads_to_the_host_that_stays(alder, owner, browser):
    use(alder)

    assert "Remove this domain?" in text_of(browser.get(f"{URL}remove/"))
    assert OwnDomain.objects.exists()
    there = client_of(owner, alder)
    answer = there.post(f"{URL}remove/")

    assert answer.headers["Location"] == "http://alder.localhost:8000/manage/address/"
    assert not OwnDomain.objects.exists()
    with in_network(alder):
        assert not Message.objects.filter(kind="address.removed").exists(), "who did it knows"
    assert browser.get(f"{URL}remove/").status_code == 404


def test_who_lost_a_domain_reads_that_its_record_is_a_new_one(alder, browser):
    domain, now = use(alder), timezone.now()
    services.settle(domain, Finding.NO_PROOF, now=now)
    failing = text_of(browser.get(URL))
    services.settle(domain, Finding.NO_PROOF, now=now + timedelta(days=8))

    assert "Until they are right, links lead to alder.localhost" in failing
    assert "the TXT record is a new one" in text_of(browser.get(URL))


def test_it_is_for_owners(alder, client_for):
    claim(alder)
    organiser = client_of(make_member(alder, role="organiser", email="org@alder.example"), alder)

    for path in (URL, f"{URL}state/", f"{URL}remove/"):
        assert organiser.get(path).status_code == 403
        assert client_for(alder).get(path).status_code == 302
    for path in (URL, f"{URL}check/", f"{URL}remove/"):
        assert organiser.post(path, {"host": HOST}).status_code == 403
    assert OwnDomain.objects.get().asked_at is None


def test_programs_of_owners_claim_look_and_remove(alder, owner):
    account = accounts.make_account(alder, email=owner.email)
    client, url, key = accounts.token_client(account, alder), "/api/v1/domain/", {"Idempotency-Key": "once"}

    assert client.get(url).status_code == 404
    made = client.post(url, {"host": HOST}, content_type="application/json", headers=key)
    again = client.post(url, {"host": HOST}, content_type="application/json", headers=key)
    ours = client.post(url, {"host": "x.localhost"}, content_type="application/json")

    assert [made.status_code, again.status_code, ours.status_code] == [201, 201, 409]
    assert made.json() == again.json() == client.get(url).json()
    assert made.json()["records"][1] == {"type": "CNAME", "name": HOST, "value": "alder.localhost"}
    assert client.post(f"{url}check/").status_code == 202
    assert [client.delete(url).status_code, client.delete(url).status_code] == [204, 409]
    assert client.post(f"{url}check/").status_code == 409


def test_an_operator_sees_and_removes_and_owners_are_told(alder, owner, operator, client_for):
    use(alder)
    url, console = f"/operator/networks/{alder.id}/domain/", accounts.client_of(operator, "platform")

    assert HOST in text_of(console.get(url))
    assert client_for("platform").get(url).status_code == 302
    page = console.post(url, follow=True)

    assert f"{HOST} is removed." in text_of(page)
    assert "No domain of its own" in text_of(page)
    with in_network(alder):
        assert Message.objects.get(kind="address.removed").to_address == owner.email
    assert console.post(url).status_code == 404


def test_programs_of_operators_see_and_remove(alder, birch, operator):
    claim(alder)
    client = accounts.token_client(operator, "platform")

    assert client.get(f"/api/v1/networks/{alder.id}/domain/").json()["state"] == "waiting"
    assert client.get(f"/api/v1/networks/{birch.id}/domain/").status_code == 404
    assert client.delete(f"/api/v1/networks/{alder.id}/domain/").status_code == 204
    assert not OwnDomain.objects.exists()


def test_the_command_shows_looks_and_removes(alder, servers, capsys):
    servers.prove(claim(alder))

    call_command("network_domain", "alder")
    assert capsys.readouterr().out.startswith(f"{HOST}: Waiting for its DNS records.")
    call_command("network_domain", "alder", "--check")
    assert capsys.readouterr().out.startswith(f"{HOST}: In use.")
    assert OwnDomain.objects.get().state == DomainState.LIVE
    call_command("network_domain", "alder", "--remove")
    with pytest.raises(CommandError, match="no domain of its own"):
        call_command("network_domain", "alder")
