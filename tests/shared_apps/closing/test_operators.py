"""Operators close a network by page, by program and by command."""

import re
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from shared_apps.audit.models import PlatformEvent
from shared_apps.closing.enums import ClosingState
from shared_apps.closing.models import Closing
from tenant_apps.farewell.models import Farewell
from tenant_apps.members.enums import Role
from tenants.context import in_network
from tenants.enums import NetworkState
from tenants.models import Network
from tests.builders.accounts import token_client
from tests.builders.closing import announce
from tests.builders.members import make_member


def day(days=30):
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def state(network):
    return Network.objects.get(id=network.id).state


def test_an_operator_announces_with_a_reason_and_takes_it_back(alder, birch, console):
    make_member(alder, name="Olu Owner", role=Role.OWNER)
    url = f"/operator/networks/{alder.id}/closing/"
    said = {"closes_on": day(), "keeps_publications": "keep", "words": "Thank you."}

    assert "Say why" in console.post(url, said).content.decode()
    page = console.post(url, said | {"reason": "Nobody answers us."}, follow=True).content.decode()

    assert "Announced." in page
    assert "Nobody answers us." in page
    assert "Closing" in console.get(f"/operator/networks/{alder.id}/").content.decode()
    with in_network(alder):
        assert Farewell.objects.get().words == "Thank you."
    assert console.get(f"{url}stop/").status_code == 200
    assert "Taken back." in console.post(f"{url}stop/", follow=True).content.decode()
    assert Closing.objects.get().state == ClosingState.CALLED_OFF
    assert "not closing" in console.post(f"{url}stop/", follow=True).content.decode()
    assert Network.objects.get(id=birch.id).closes_at is None


def test_without_notice_the_subdomain_is_typed(alder, console, operator):
    announce(alder, make_member(alder, name="Olu Owner", role=Role.OWNER), keeps=True)
    url = f"/operator/networks/{alder.id}/closing/now/"
    said = {"reason": "A court asks for it.", "keeps_publications": "withdraw"}
    page = console.get(url).content.decode()
    assert "People who lose access" in page
    assert re.search(r'value="keep"[^>]* checked', page)  # as was announced

    refused = console.post(url, said | {"subdomain": "birch"})

    assert refused.status_code == 422
    assert state(alder) == NetworkState.LIVE
    page = console.post(url, said | {"subdomain": "alder"}, follow=True).content.decode()
    assert "is deleted within minutes" in page
    assert state(alder) == NetworkState.CLOSED
    closing = Closing.objects.get()
    assert (closing.reason, closing.keeps_publications) == ("A court asks for it.", False)
    assert PlatformEvent.objects.get(name="closing.network.deletion_begun").actor_id == operator.pk
    again = console.post(url, said | {"subdomain": "alder", "keeps_publications": "keep"}).content.decode()
    assert "is being deleted already, with another choice" in again


def test_programs_of_operators(alder, operator):
    program, url = token_client(operator, "platform"), f"/api/v1/networks/{alder.id}/closing/"
    said = {"reason": "Asked by letter.", "keeps_publications": True, "closes_on": day()}
    post = {"content_type": "application/json"}

    assert program.get(url).status_code == 404
    assert program.get(f"{url}preview/").json()["tables"] > 40
    assert program.post(url, {**said, "closes_on": day(3)}, **post).status_code == 409
    made = program.post(url, said, **post)
    assert (made.status_code, made.json()["state"]) == (201, "notice")
    assert program.post(url, said, **post).status_code == 409
    assert program.delete(url).status_code == 204
    assert program.delete(url).status_code == 409
    now = {"reason": "x", "keeps_publications": False, "now": True}
    assert program.post(url, now, **post).status_code == 400
    assert program.post(url, now | {"subdomain": "birch"}, **post).status_code == 400
    assert state(alder) == NetworkState.LIVE
    assert program.post(url, now | {"subdomain": "alder"}, **post).json()["state"] == "deleting"
    assert state(alder) == NetworkState.CLOSED


def test_the_command_announces_shows_and_takes_back(alder, capsys):
    call_command("close_network", "alder", "--dry-run")
    shown = capsys.readouterr().out
    assert "People who lose access: 0\nTables and rows: " in shown
    assert "Last archive of its owners: None" in shown
    assert not Closing.objects.exists()

    call_command("close_network", "alder", "--keep-publications")
    assert capsys.readouterr().out.startswith(f"Alder SBM Network closes on {day()}.\nIt is deleted on ")
    with pytest.raises(CommandError, match="closing already"):
        call_command("close_network", "alder")
    call_command("close_network", "alder", "--stop")
    assert capsys.readouterr().out == "Alder SBM Network does not close.\n"
    for wrong in (["--on", "31.1.2027"], ["--on", day(5)], ["--now", "--confirm", "birch"], ["--stop"]):
        with pytest.raises(CommandError):
            call_command("close_network", "alder", *wrong)
    assert state(alder) == NetworkState.LIVE


def test_the_command_deletes_at_once_and_prints_the_certificate(alder, birch, capsys):
    call_command("close_network", "alder", "--keep-publications")
    call_command("close_network", "alder", "--now", "--confirm", "alder")

    out = capsys.readouterr().out
    assert "Certificate of deletion" in out
    assert "without its name, because that was chosen" in out
    assert (state(alder), state(birch)) == (NetworkState.DELETED, NetworkState.LIVE)
