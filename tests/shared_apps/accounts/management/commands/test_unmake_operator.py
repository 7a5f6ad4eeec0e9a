"""Who looks after the platform no more loses the console at once, and nothing of their networks."""

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from shared_apps.accounts.models import User
from shared_apps.api.models import ApiToken
from shared_apps.audit.models import PlatformEvent
from shared_apps.grants import services as grants
from tests.builders.accounts import client_of, make_account, token_client
from tests.builders.grants import actor, ask

ADDRESS = "olive@platform.example"


def test_unmake_operator_ends_everything_that_came_of_it(alder, birch, capsys):
    account = make_account(birch, email=ADDRESS, operator=True)
    console, program = client_of(account, "platform"), token_client(account, "platform")
    token_client(account, birch)
    visit = ask(alder, account)
    grants.allow(visit, now=timezone.now(), by=actor(make_account(alder)))
    before = console.get("/operator/").status_code, program.get("/api/v1/networks/").status_code

    call_command("unmake_operator", ADDRESS, dry_run=True)
    still = console.get("/operator/").status_code
    call_command("unmake_operator", ADDRESS)

    visit.refresh_from_db()
    assert (before, still) == ((200, 200), 200)
    assert console.get("/operator/").status_code == 302
    assert client_of(User.objects.get(pk=account.pk), "platform").get("/operator/").status_code == 403
    assert program.get("/api/v1/networks/").status_code == 401
    assert [each.network_id for each in ApiToken.objects.filter(account=account, revoked_at=None)] == [birch.id]
    assert visit.state == "ended"
    event = PlatformEvent.objects.get(name="accounts.account.unmade_operator")
    assert (event.target_id, event.details) == (account.pk, {"tokens": 1})
    assert "would be none" in capsys.readouterr().out


@pytest.mark.parametrize("email", ["nobody@platform.example", "priya@school.example"])
def test_unmake_operator_says_who_is_none(alder, email):
    make_account(alder)

    with pytest.raises(CommandError, match="is not an operator"):
        call_command("unmake_operator", email)
