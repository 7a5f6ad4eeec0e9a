"""The command prints a token that works, or one clear line."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from shared_apps.api.models import ApiToken, hash_of
from tests.builders.accounts import make_account


def run(*arguments: str) -> list[str]:
    out = StringIO()
    call_command("create_api_token", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue().splitlines()


def test_the_last_line_is_a_networks_token(alder):
    account = make_account(alder)

    lines = run("Priya@School.example", "--network", "alder", "--name", "Finance system")

    token = ApiToken.objects.get()
    assert lines == [lines[-1]]
    assert token.token_hash == hash_of(lines[-1])
    assert (token.account, token.network, token.is_operator, token.name) == (account, alder, False, "Finance system")


def test_the_last_line_is_an_operators_token(db):
    make_account(operator=True)

    (line,) = run("priya@school.example", "--operator")

    token = ApiToken.objects.get()
    assert (token.token_hash, token.network, token.is_operator) == (hash_of(line), None, True)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nobody@school.example", "--network", "alder"], "No account has the address nobody@school.example."),
        (
            ["priya@school.example", "--network", "oak"],
            "There is no network with the subdomain 'oak'.",
        ),
        (["priya@school.example", "--network", "birch"], "This person has no access to this network."),
        (["priya@school.example", "--operator"], "This person is not an operator."),
        (["priya@school.example"], "Error: one of the arguments --network --operator is required"),
        (["priya@school.example", "--operator", "--network", "alder"], "not allowed with argument"),
    ],
)
def test_anything_else_is_one_clear_line(alder, birch, arguments, words):
    make_account(alder)

    with pytest.raises(CommandError) as error:
        run(*arguments)

    assert words in str(error.value)
    assert "\n" not in str(error.value)
    assert not ApiToken.objects.exists()
