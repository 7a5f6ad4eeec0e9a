"""The proxy in front learns which hosts get a certificate; nobody else learns anything, and nothing changes."""

import pytest
from django.test import Client, override_settings
from pytest_django import DjangoAssertNumQueries

from tenants.enums import NetworkState
from tenants.lifecycle import set_state
from tenants.middleware import forget_hosts
from tenants.models import Domain, Network

ANSWERING = ("live", "suspended", "closed", "deleted")
PROXY = Client(headers={"host": "127.0.0.1:8000"})


def ask(domain: str, client: Client = PROXY, **extra: str) -> int:
    """Return the status for a domain, as the proxy asks."""
    return client.get("/certificate", {"domain": domain}, **extra).status_code


@pytest.mark.parametrize("host", ["localhost", "collective.localhost", "alder.localhost", "Birch.Localhost"])
def test_certificate_is_for_every_host_that_answers(host, alder, birch):
    assert ask(host) == 200


def test_certificate_is_for_a_domain_of_a_networks_own(alder):
    before = ask("network.alder.example")
    Domain.objects.create(domain="network.alder.example", tenant=alder, is_primary=False)

    assert (before, ask("network.alder.example")) == (404, 200)


@pytest.mark.parametrize("state", NetworkState)
def test_certificate_is_for_networks_that_answer_also_that_they_have_closed(state, alder: Network):
    set_state(alder, state)
    forget_hosts()

    page = Client(headers={"host": "alder.localhost"}).get("/")

    assert (ask("alder.localhost"), page.status_code != 404) == ((200, True) if state in ANSWERING else (404, False))


@pytest.mark.parametrize("host", ["cedar.localhost", "www.alder.localhost", "evil.example"])
def test_certificate_is_for_no_other_host_and_costs_one_query(
    host, alder, django_assert_num_queries: DjangoAssertNumQueries
):
    with django_assert_num_queries(1):
        assert ask(host) == 404


@pytest.mark.parametrize(
    "host",
    ["", "127.0.0.1", "::1", "alder", "alder.localhost.", "alder_.localhost", "*.localhost", f"{'a' * 260}.example"],
)
def test_certificate_asks_nothing_about_what_is_no_host_name(
    host, alder, django_assert_num_queries: DjangoAssertNumQueries
):
    with django_assert_num_queries(0):
        assert ask(host) == 404


@pytest.mark.parametrize(
    "stranger",
    [
        {"REMOTE_ADDR": "203.0.113.9"},
        {"REMOTE_ADDR": "172.30.0.4"},
        {"REMOTE_ADDR": ""},
        {"HTTP_X_FORWARDED_FOR": "203.0.113.9"},
        {"HTTP_FORWARDED": "for=203.0.113.9"},
    ],
)
def test_certificate_is_no_page_for_strangers(stranger, alder):
    assert ask("alder.localhost", Client(headers={"host": "alder.localhost"}), **stranger) == 404


@pytest.mark.parametrize("peer", ["172.30.0.4", "::ffff:172.30.0.4", "::ffff:127.0.0.1", "::1"])
def test_certificate_answers_the_proxys_own_network(peer, alder):
    with override_settings(CERTIFICATE_NETWORKS=["127.0.0.0/8", "::1/128", "172.30.0.0/24"]):
        status = ask("alder.localhost", Client(headers={"host": "web:8000"}), REMOTE_ADDR=peer)

    assert status == 200
