"""What one network signs is worth nothing on another, on another host, or for another purpose."""

import pytest
from django.core import signing

from tenants import lifecycle
from tenants.models import Network
from tenants.selectors import collective_host, host_of
from tenants.services import request_network
from tenants.signing import NetworkSigner


def signer_of(network: Network | None, host: str = "", purpose: str = "unsubscribe") -> NetworkSigner:
    return NetworkSigner(purpose, network=network, host=host or host_of(network))


def test_loads_returns_what_was_signed(alder):
    text = signer_of(alder).dumps({"member": "1"})

    assert signer_of(alder).loads(text, max_age=60) == {"member": "1"}


def test_loads_takes_the_host_in_any_case(alder):
    text = signer_of(alder).dumps("x")

    assert signer_of(alder, "Alder.LOCALHOST").loads(text, max_age=60) == "x"


def test_loads_refuses_what_another_place_signed(alder, birch):
    text = signer_of(alder).dumps("x")

    for other in (
        signer_of(birch),
        signer_of(birch, host_of(alder)),
        signer_of(alder, host_of(birch)),
        signer_of(alder, collective_host()),
        signer_of(None, collective_host()),
        signer_of(None, host_of(alder)),
        signer_of(alder, purpose="confirm"),
    ):
        with pytest.raises(signing.BadSignature):
            other.loads(text, max_age=60)


def test_loads_refuses_what_an_earlier_network_of_the_subdomain_signed(db):
    """The same name, subdomain, host and secret key: only the network's own id tells the two apart."""
    facts = {"name": "Rowan", "subdomain": "rowan", "owner_email": "o@rowan.example"}
    earlier = request_network(**facts)
    text = signer_of(earlier).dumps("x")
    assert signer_of(earlier).loads(text, max_age=60) == "x"

    lifecycle.remove(earlier)
    later = request_network(**facts)

    assert host_of(later) == host_of(earlier)
    with pytest.raises(signing.BadSignature):
        signer_of(later).loads(text, max_age=60)


@pytest.mark.parametrize("change", [lambda text: text[:-1], lambda text: "x" + text, lambda _: "", lambda _: "a:b:c"])
def test_loads_refuses_what_was_changed(alder, change):
    text = signer_of(alder).dumps("x")

    with pytest.raises(signing.BadSignature):
        signer_of(alder).loads(change(text), max_age=60)


def test_loads_refuses_what_is_too_old(alder):
    text = signer_of(alder).dumps("x")

    with pytest.raises(signing.SignatureExpired):
        signer_of(alder).loads(text, max_age=-1)
