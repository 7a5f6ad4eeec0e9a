"""What a command does operators' programs can do too, or a reason says why not; what destroys can be looked at before.

A new command must be named here.
"""

from dataclasses import dataclass

import pytest
from django.core.management import get_commands, load_command_class

from shared_apps.api.rest.openapi import schema_of
from tenants.enums import Kind
from tests.cluster import PACKAGES

NETWORK = "/api/v1/networks/{id}/"


@dataclass(frozen=True)
class Done:
    """How programs do what a command does, and its option (or another command) that shows before what would change."""

    api: tuple[str, ...] = ()
    why_not: str = ""
    dry: str = ""


COMMANDS = {
    "accept_request": Done(api=("POST /api/v1/requests/{id}/accept/",)),
    "anonymise_accounts": Done(why_not="a schedule does it each night; by hand where it did not", dry="--dry-run"),
    "check_certificate": Done(why_not="anybody can, on the platform's own page"),
    "check_collective": Done(why_not="looks for faults of ours, which are mended where our code is"),
    "check_worker": Done(why_not="/readyz says it"),
    "close_network": Done(
        api=(f"POST {NETWORK}closing/", f"DELETE {NETWORK}closing/", f"GET {NETWORK}closing/preview/"), dry="--dry-run"
    ),
    "create_api_token": Done(why_not="no token makes another, which would outlive it; people make them on their page"),
    "create_network": Done(api=("POST /api/v1/networks/",)),
    "decline_request": Done(api=("POST /api/v1/requests/{id}/decline/",)),
    "env_example": Done(why_not="writes a file of the repository"),
    "evaluate_search": Done(why_not="reads a folder of the server, in a schema of its own"),
    "export_network": Done(why_not="holds what members keep to themselves; owners have theirs by their network's API"),
    "grant_roles": Done(why_not="gives rights in PostgreSQL, which only its owner can", dry="--check"),
    "import_mbox": Done(why_not="in the network's API, for its organisers", dry="--dry-run"),
    "import_schools": Done(why_not="reads a file of the server, of a hundred megabytes"),
    "list_networks": Done(api=("GET /api/v1/networks/",)),
    "list_requests": Done(api=("GET /api/v1/requests/",)),
    "make_operator": Done(api=("POST /api/v1/operators/",)),
    "merge_back": Done(api=(f"GET {NETWORK}merge-back/", f"POST {NETWORK}merge-back/"), dry="--dry-run"),
    "migrate_networks": Done(api=(f"GET {NETWORK}upgrade/", f"POST {NETWORK}upgrade/"), dry="--dry-run"),
    "network_domain": Done(api=(f"GET {NETWORK}domain/", f"DELETE {NETWORK}domain/"), dry="--check"),
    "reactivate_network": Done(api=(f"PATCH {NETWORK}",)),
    "rebuild_collective": Done(
        why_not="mends what a fault of ours did, while somebody watches", dry="check_collective"
    ),
    "rebuild_search": Done(why_not="mends what a fault of ours did, while somebody watches"),
    "receive_mail": Done(why_not="a server of its own"),
    "renew_second_step_keys": Done(why_not="needs the old key, which only the server's environment holds"),
    "reset": Done(why_not="of the embedded database, in development", dry="--dry-run"),
    "reset_second_step": Done(api=("DELETE /api/v1/second-steps/",), dry="--dry-run"),
    "restore_drill": Done(
        api=("GET /api/v1/restore-drills/preview/", "POST /api/v1/restore-drills/", "GET /api/v1/restore-drills/{id}/"),
        dry="--dry-run",
    ),
    "restore_network": Done(why_not="reads an archive that lies on the server", dry="--dry-run"),
    "run": Done(why_not="starts the product, in development"),
    "seed_demo": Done(why_not="in development"),
    "show_reply": Done(why_not="shows a file of the server"),
    "sponsor_network": Done(api=(f"PATCH {NETWORK}subscription/",), dry="--dry-run"),
    "support_access": Done(api=(f"POST {NETWORK}support/", f"DELETE {NETWORK}support/{{grant_id}}/")),
    "suspend_network": Done(api=(f"PATCH {NETWORK}",)),
    "unmake_operator": Done(api=("DELETE /api/v1/operators/",), dry="--dry-run"),
    "work": Done(why_not="a process that works until it is stopped"),
}
REFUSED = {
    "POST /api/v1/operators/",
    "DELETE /api/v1/operators/",
    "DELETE /api/v1/second-steps/",
}  # and says how it is done
LOOKED_AT_BEFORE = {  # what a program may delete, and what shows it first
    f"DELETE {NETWORK}closing/": f"GET {NETWORK}closing/",
    f"DELETE {NETWORK}domain/": f"GET {NETWORK}domain/",
    f"DELETE {NETWORK}support/{{grant_id}}/": f"GET {NETWORK}support/{{grant_id}}/",
}


@pytest.fixture(scope="module")
def operations() -> dict[str, dict]:
    """Every operation of the operators' API with what it answers."""
    paths = schema_of(Kind.PUBLIC)["paths"]
    return {f"{method.upper()} {path}": spec for path, methods in paths.items() for method, spec in methods.items()}


def test_every_command_is_named():
    ours = {name for name, app in get_commands().items() if app.partition(".")[0] in PACKAGES}

    assert set(COMMANDS) == ours


def test_every_command_is_in_the_api_or_has_a_reason(operations):
    neither = [name for name, done in COMMANDS.items() if bool(done.api) == bool(done.why_not)]
    missing = {each for done in COMMANDS.values() for each in done.api} - operations.keys()

    assert (neither, missing) == ([], set())


def test_what_tokens_may_not_do_is_refused_only(operations):
    answers = {name for name, spec in operations.items() if set(spec["responses"]) == {"403", "default"}}

    assert answers == REFUSED


def test_what_destroys_can_be_looked_at_before(operations):
    without = [
        name for name, done in COMMANDS.items() if done.dry and not {done.dry} <= options_of(name) | set(COMMANDS)
    ]
    deletes = {name for name in operations if name.startswith("DELETE ")} - REFUSED

    assert without == []
    assert deletes == set(LOOKED_AT_BEFORE)
    assert set(LOOKED_AT_BEFORE.values()) <= set(operations)


def options_of(name: str) -> set[str]:
    """Return the options of a command."""
    return set(load_command_class(get_commands()[name], name).create_parser("", name)._option_string_actions)
