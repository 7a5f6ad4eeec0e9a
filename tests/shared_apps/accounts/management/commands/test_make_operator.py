"""Operators are made by a command, because no page may."""

import pytest
from django.core.management import CommandError, call_command

from shared_apps.accounts.selectors import account_of_email
from shared_apps.audit.models import PlatformEvent

ADDRESS = "olive@platform.example"


def test_make_operator_makes_account_and_audits_it_once(db, capsys):
    call_command("make_operator", ADDRESS, name="Olive Operator")
    call_command("make_operator", ADDRESS)

    account = account_of_email(ADDRESS)
    assert (account.is_operator, account.name, account.has_usable_password()) == (True, "Olive Operator", False)
    assert PlatformEvent.objects.filter(name="accounts.account.made_operator", target_id=account.pk).count() == 1
    assert capsys.readouterr().out == f"{ADDRESS} is an operator.\n" * 2


def test_make_operator_refuses_what_is_no_address(db):
    with pytest.raises(CommandError, match="address"):
        call_command("make_operator", "nobody")
