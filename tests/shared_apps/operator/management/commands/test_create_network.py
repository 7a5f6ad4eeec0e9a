"""`create_network` ends with the address and a link that works, finishes what was begun, and refuses in one line."""

import re
from dataclasses import replace

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from shared_apps.audit.models import PlatformEvent
from tenant_apps.discussions.models import Category
from tenant_apps.members.enums import Role
from tenants import lifecycle
from tenants.context import in_network
from tenants.enums import NetworkState
from tenants.models import Network
from tests.builders.members import make_member


def create(name: str = "Rowan", subdomain: str = "rowan", email: str = "owner@rowan.example", **options: str) -> None:
    call_command("create_network", name, subdomain=subdomain, owner_email=email, **options)


@pytest.fixture(autouse=True)
def _own_registry(monkeypatch):
    monkeypatch.setattr(lifecycle, "_steps", dict(lifecycle._steps))


def link_of(out: str) -> str:
    """Return the path of the printed invitation, after checking both lines."""
    lines = re.fullmatch(
        r"address: http://rowan\.localhost:8000/\ninvitation: http://rowan\.localhost:8000(/join/[\w-]+/)\n", out
    )
    assert lines, out
    return lines[1]


def status_of(path: str) -> int:
    return Client(headers={"host": "rowan.localhost"}).get(path).status_code


def test_create_network_puts_it_on_line(db, capsys):
    create(region="South East", template="bare", plan="large")

    link = link_of(capsys.readouterr().out)
    network = Network.objects.get(subdomain="rowan")
    assert (network.name, network.state, network.region) == ("Rowan", NetworkState.LIVE, "South East")
    with in_network(network):
        assert list(Category.objects.values_list("name", flat=True)) == ["General"]
    assert network.subscription.plan.code == "large"
    assert status_of(link) == 200
    names = PlatformEvent.objects.filter(target_id=network.id).order_by("id").values_list("name", "via", "actor_id")
    assert list(names) == [("operator.network.requested", "command", None), ("operator.network.live", "command", None)]


def test_create_network_shows_each_step_on_the_error_stream(db, capsys):
    create()

    lines = capsys.readouterr().err.splitlines()
    total = len(lifecycle.steps())
    assert len(lines) == total
    for number, (line, step) in enumerate(zip(lines, lifecycle.steps(), strict=True), start=1):
        assert re.fullmatch(rf"\[{number}/{total}\] {step.label}: \d+\.\d\d s", line)


def test_create_network_again_gives_a_fresh_link(db, capsys):
    create()
    first = link_of(capsys.readouterr().out)

    create()

    second = link_of(capsys.readouterr().out)
    assert (status_of(first), status_of(second)) == (404, 200)
    assert Network.objects.filter(subdomain="rowan").count() == 1


def test_create_network_again_reports_an_owner_who_has_come(db, capsys):
    create()
    make_member(Network.objects.get(subdomain="rowan"), role=Role.OWNER)
    capsys.readouterr()

    create()

    assert capsys.readouterr().out == "address: http://rowan.localhost:8000/\ninvitation: accepted already\n"


@pytest.mark.parametrize("other", [{"name": "Another"}, {"email": "another@rowan.example"}])
def test_create_network_refuses_anothers_subdomain(db, capsys, other):
    create()
    capsys.readouterr()

    with pytest.raises(
        CommandError, match=r"^The subdomain rowan belongs to another network or another owner\.$"
    ) as no:
        create(**other)

    assert no.value.returncode == 1
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("state", "words"),
    [("suspended", "Rowan is suspended. Reactivate it first."), ("closed", "Rowan is closed.")],
)
def test_create_network_leaves_an_ended_network_as_it_is(db, state, words):
    create()
    Network.objects.filter(subdomain="rowan").update(state=state)

    with pytest.raises(CommandError, match=f"^{words}$"):
        create()

    assert Network.objects.get(subdomain="rowan").state == state


def test_create_network_says_which_step_failed_and_goes_on_next_time(db, capsys):
    real = lifecycle._steps["sharing"]

    def fail(_network: Network) -> None:
        raise ValueError("two\nlines")

    lifecycle.register_step(replace(real, run=fail))
    with pytest.raises(CommandError, match=r"^The step “Joining the Collective” failed: two lines$"):
        create()
    assert Network.objects.get(subdomain="rowan").state == NetworkState.FAILED
    capsys.readouterr()

    lifecycle.register_step(real)
    create()

    assert status_of(link_of(capsys.readouterr().out)) == 200
