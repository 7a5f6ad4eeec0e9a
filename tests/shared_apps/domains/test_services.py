"""A domain is used when both records are right, warns when they are not, and is one network's alone."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from shared_apps.audit.models import Event
from shared_apps.domains import selectors, services, tasks
from shared_apps.domains.enums import DomainState, Finding
from shared_apps.domains.models import OwnDomain
from shared_apps.domains.resolving import resolver_at
from shared_apps.jobs.worker import Worker
from shared_apps.mail.models import Message
from tenants.context import in_network
from tenants.models import Domain
from tests.builders.domains import BY, HOST, claim, look, use


def log(network) -> list[str]:
    with in_network(network):
        return list(Event.objects.filter(name__startswith="domains.").order_by("at").values_list("name", flat=True))


def told(network) -> list[str]:
    with in_network(network):
        return list(Message.objects.filter(kind__startswith="address.").order_by("id").values_list("kind", flat=True))


def hosts(network) -> set[str]:
    return set(Domain.objects.filter(tenant=network).values_list("domain", flat=True))


def after(**time: int):
    return timezone.now() + timedelta(**time)


def test_a_domain_is_used_when_it_is_proved_and_leads_here(alder, domain, servers):
    assert look(domain, servers).finding == Finding.NO_PROOF
    servers.prove(domain)
    servers.records["CNAME", HOST] = ["elsewhere.kentsbm.org.uk."]
    assert look(domain, servers).finding == Finding.ELSEWHERE
    assert hosts(alder) == {"alder.localhost"}
    servers.prove(domain)

    found = look(domain, servers)

    alder.refresh_from_db()
    assert (found.state, found.finding, alder.own_host) == (DomainState.LIVE, Finding.GOOD, HOST)
    assert hosts(alder) == {"alder.localhost", HOST}
    assert (log(alder), told(alder)) == (["domains.domain.claimed", "domains.domain.live"], ["address.live"])


def test_an_address_leads_here_as_well_as_an_alias(alder, domain, servers):
    servers.prove(domain)
    del servers.records["CNAME", HOST]
    servers.point(HOST)

    assert look(domain, servers).state == DomainState.LIVE


def test_the_proof_of_one_network_or_host_is_none_for_another(alder, birch, domain, servers):
    """Whoever sets alder's record for a host has proved nothing for birch, nor for another host."""
    servers.prove(domain)
    of_birch = claim(birch)
    other = OwnDomain(network=alder, host="other.kentsbm.org.uk", token=domain.token)

    assert look(of_birch, servers).finding == Finding.NO_PROOF
    assert of_birch.token != domain.token
    resolver = resolver_at(servers.address)
    assert services.resolving.examine(other.host, token=other.token, leads_to="alder.localhost", resolver=resolver) == (
        Finding.NO_PROOF
    )


def test_a_host_belongs_to_one_network(alder, birch, domain, servers):
    of_birch = claim(birch)
    use(alder)

    services.settle(of_birch, Finding.GOOD, now=timezone.now())

    of_birch.refresh_from_db()
    assert (of_birch.state, of_birch.finding) == (DomainState.WAITING, Finding.TAKEN)
    assert hosts(birch) == {"birch.localhost"}
    with pytest.raises(services.DomainError, match="in use here already") as refused:
        claim(birch)
    assert "alder" not in str(refused.value).lower()
    with pytest.raises(IntegrityError), transaction.atomic():
        OwnDomain.objects.filter(pk=of_birch.pk).update(state=DomainState.LIVE)


@pytest.mark.parametrize(
    "host",
    [
        *("", "localhost", "alder.localhost", "birch.localhost", "www.localhost", "kent", "kent.local", "kent.test"),
        *("https://kentsbm.org.uk", "kentsbm.org.uk/", "kentsbm.org.uk:8000", "127.0.0.1", "[::1]", "a b.org.uk"),
        *("_x.kentsbm.org.uk", "-x.kentsbm.org.uk", "k\u00e9nt.org.uk", "a" * 64 + ".org.uk", "x." * 130 + "uk"),
        *("kentsbm.org.uk\x00", "kentsbm.org.uk\n.evil.org", "collective.localhost."),
    ],
)
def test_what_is_no_domain_or_ours_or_nobodys_is_refused(alder, host):
    with pytest.raises(services.DomainError):
        claim(alder, host)

    assert not OwnDomain.objects.exists()


def test_a_domain_is_written_in_one_way(alder):
    assert claim(alder, " Community.KentSBM.org.uk. ").host == HOST


def test_another_claim_takes_the_place_of_one_that_is_not_in_use(alder, domain):
    second = claim(alder, "kentsbm.org.uk")
    use(alder, "kentsbm.org.uk")

    assert second.token != domain.token
    with pytest.raises(services.DomainError, match="Remove it first"):
        claim(alder)


def test_a_domain_whose_records_go_warns_and_is_lost_after_a_week(alder, domain, servers):
    servers.prove(domain)
    look(domain, servers)
    proofs = dict(servers.records)
    servers.records.clear()

    assert look(domain, servers).state == DomainState.FAILING
    assert look(domain, servers, after(days=6)).state == DomainState.FAILING
    assert HOST in hosts(alder)
    lost = look(domain, servers, after(days=8))
    assert lost.state == DomainState.WAITING
    assert hosts(alder) == {"alder.localhost"}
    servers.records = proofs
    servers.point("alder.localhost")
    assert look(domain, servers).finding == Finding.NO_PROOF, "whoever has the domain by now can set the old record"
    servers.prove(lost)
    assert look(domain, servers).state == DomainState.LIVE

    assert told(alder) == ["address.live", "address.failing", "address.lost", "address.live"]


def test_links_leave_a_failing_domain_at_once_and_come_back_with_its_records(alder, domain):
    """Also for one that began to fail under a release that let links go on."""
    services.settle(domain, Finding.GOOD, now=timezone.now())
    led = []
    for finding in (Finding.ELSEWHERE, Finding.NO_ANSWER, Finding.GOOD):
        services.settle(domain, finding, now=timezone.now())
        alder.refresh_from_db()
        led.append(alder.own_host)
    OwnDomain.objects.update(state=DomainState.FAILING, failing_since=timezone.now())
    services.settle(domain, Finding.NO_PROOF, now=timezone.now())
    alder.refresh_from_db()

    assert (led, alder.own_host) == (["", "", HOST], "")
    assert hosts(alder) == {"alder.localhost", HOST}


def test_the_same_claim_again_keeps_its_record(alder, domain):
    assert claim(alder).token == domain.token
    assert log(alder) == ["domains.domain.claimed"]


def test_records_that_come_back_in_time_change_nothing(alder, domain, servers):
    servers.prove(domain)
    look(domain, servers)
    proofs = dict(servers.records)
    servers.records.clear()
    look(domain, servers)
    servers.records = proofs

    found = look(domain, servers)

    assert (found.state, found.failing_since) == (DomainState.LIVE, None)
    assert told(alder) == ["address.live", "address.failing", "address.recovered"]


def test_name_servers_that_do_not_answer_are_no_fault_of_the_domain_for_a_week(alder, domain, servers):
    servers.prove(domain)
    look(domain, servers)
    servers.is_broken = True

    found = look(domain, servers, after(days=6))
    assert (found.state, found.finding) == (DomainState.LIVE, Finding.NO_ANSWER)
    assert selectors.due_domains(after(days=6, hours=2)) == [domain.id]
    assert look(domain, servers, after(days=8)).state == DomainState.FAILING
    alder.refresh_from_db()
    assert alder.own_host == ""


def test_removed_the_network_answers_on_its_first_host_alone(alder, owner):
    domain = use(alder)

    services.remove(domain, by=BY)

    alder.refresh_from_db()
    assert (alder.own_host, hosts(alder), selectors.domain_of(alder)) == ("", {"alder.localhost"}, None)
    assert told(alder) == ["address.live", "address.removed"]
    with pytest.raises(services.DomainError, match="meanwhile"):
        services.remove(domain, by=BY)


def test_domains_are_looked_at_when_they_are_due(alder, birch, domain, servers, settings):
    settings.DNS_RESOLVER = servers.address
    used = use(birch, "birch.kentsbm.org.uk")
    servers.prove(domain)
    tasks.check_due.run_now()
    Worker().drain()

    domain.refresh_from_db()
    assert domain.state == DomainState.LIVE
    assert selectors.due_domains(timezone.now()) == []
    OwnDomain.objects.filter(pk=used.pk).update(state=DomainState.FAILING, failing_since=timezone.now())
    assert selectors.due_domains(after(hours=2)) == [used.id]
    assert set(selectors.due_domains(after(hours=25))) == {used.id, domain.id}


def test_a_new_claim_is_looked_at_every_ten_minutes(alder, domain):
    services.settle(domain, Finding.NO_PROOF, now=timezone.now())

    assert selectors.due_domains(after(minutes=9)) == []
    assert selectors.due_domains(after(minutes=11)) == [domain.id]
