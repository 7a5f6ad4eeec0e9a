"""Listing networks, and suspending, reactivating and closing one by its subdomain."""

import json

import pytest
from django.core.management import CommandError, call_command, load_command_class

from shared_apps.audit.models import PlatformEvent
from tenants.enums import NetworkState
from tenants.lifecycle import set_state
from tenants.models import Network
from tests.builders.members import make_member


def test_list_networks_prints_objects(alder, birch, capsys):
    make_member(alder)
    set_state(birch, NetworkState.SUSPENDED)

    call_command("list_networks", json=True)

    assert json.loads(capsys.readouterr().out) == [
        {"name": "Alder SBM Network", "subdomain": "alder", "state": "live", "members": 1},
        {"name": "Birch Bursars", "subdomain": "birch", "state": "suspended", "members": 0},
    ]


def test_list_networks_prints_a_line_each(alder, birch, capsys):
    call_command("list_networks")

    lines = [line.split(maxsplit=3) for line in capsys.readouterr().out.splitlines()]
    assert lines == [["alder", "live", "0", "Alder SBM Network"], ["birch", "live", "0", "Birch Bursars"]]


def test_list_networks_says_when_there_is_none(db, capsys):
    Network.objects.filter(type="network").delete()

    call_command("list_networks")
    call_command("list_networks", json=True)

    assert capsys.readouterr().out == "No networks yet. Add one with create_network.\n[]\n"


def test_list_networks_costs_the_same_with_more(alder, birch, capsys, django_assert_num_queries):
    with django_assert_num_queries(1):
        call_command("list_networks")


@pytest.mark.parametrize(
    ("command", "before", "after", "words"),
    [
        ("suspend_network", "live", "suspended", "Alder SBM Network is suspended."),
        ("reactivate_network", "suspended", "live", "Alder SBM Network is live again."),
    ],
)
def test_a_command_moves_a_network(alder, birch, capsys, command, before, after, words):
    set_state(alder, NetworkState(before))

    call_command(command, "alder")

    assert capsys.readouterr().out == f"{words}\n"
    assert Network.objects.get(id=alder.id).state == after
    assert Network.objects.get(id=birch.id).state == NetworkState.LIVE
    event = PlatformEvent.objects.get(target_id=alder.id)
    assert (event.via, event.target_kind) == ("command", "tenants.network")


@pytest.mark.parametrize(
    ("command", "state"),
    [("suspend_network", "suspended"), ("reactivate_network", "live")],
)
def test_a_command_refuses_the_wrong_state(alder, command, state):
    set_state(alder, NetworkState(state))

    with pytest.raises(
        CommandError, match=r"^Alder SBM Network is (live|suspended), not (live|suspended)\.$"
    ) as refused:
        call_command(command, "alder")

    assert refused.value.returncode == 1
    assert not PlatformEvent.objects.filter(target_id=alder.id).exists()


@pytest.mark.parametrize("command", ["suspend_network", "reactivate_network", "close_network"])
@pytest.mark.parametrize(
    "subdomain",
    [
        "nowhere",
        "",
        "ALDER",
        "alder.localhost",
        "../x",
        "al\x00der",
        "al\udcffder",
        "a\nb",
        "'; --",
        "collective",
        "x" * 999,
    ],
)
def test_a_command_refuses_what_is_no_network(alder, command, subdomain):
    with pytest.raises(CommandError) as refused:
        call_command(command, subdomain)

    words = str(refused.value)
    assert words.startswith("There is no network with the subdomain ")
    assert words.isprintable()
    assert len(words) < 400
    assert Network.objects.get(id=alder.id).state == NetworkState.LIVE


@pytest.mark.parametrize("command", ["create_network", "list_networks", "suspend_network", "reactivate_network"])
def test_a_command_explains_itself(command):
    parser = load_command_class("shared_apps.operator", command).create_parser("manage.py", command)

    text = parser.format_help()

    assert parser.description.endswith(".")
    assert [action.dest for action in parser._actions if not action.help] == []
    assert command in text
