"""What can be done with an account: making it, letting it into networks, its password, who else may say who it is, its
sessions, its way between hosts."""

from shared_apps.accounts.services.access import (
    NoAccessError,
    count_unseen,
    create_network_token,
    create_operator_token,
    describe_access,
    grant_access,
    require_second_step,
    restrict_access,
    revoke_access,
    revoke_token,
)
from shared_apps.accounts.services.linking import LinkedElsewhereError, account_of_person, link_person, unlink_person
from shared_apps.accounts.services.people import (
    EmailError,
    choose_theme,
    ensure_operator,
    get_or_create_account,
    mark_email,
    rename_account,
    set_password,
    sign_out_everywhere,
    unmake_operator,
)
from shared_apps.accounts.services.second_steps import (
    begin_grace,
    remove_second_step,
    remove_second_step_of_member,
    renew_second_step_keys,
)
from shared_apps.accounts.services.sessions import (
    HAND_OFF_LIVES,
    Arrival,
    HandOffError,
    begin_session,
    end_sessions,
    hash_of,
    issue_hand_off,
    new_state,
    prune,
    redeem_hand_off,
)
from shared_apps.accounts.services.telling import tell
from shared_apps.accounts.services.travelling import take_in_people

__all__ = [
    "HAND_OFF_LIVES",
    "Arrival",
    "EmailError",
    "HandOffError",
    "LinkedElsewhereError",
    "NoAccessError",
    "account_of_person",
    "begin_grace",
    "begin_session",
    "choose_theme",
    "count_unseen",
    "create_network_token",
    "create_operator_token",
    "describe_access",
    "end_sessions",
    "ensure_operator",
    "get_or_create_account",
    "grant_access",
    "hash_of",
    "issue_hand_off",
    "link_person",
    "mark_email",
    "new_state",
    "prune",
    "redeem_hand_off",
    "remove_second_step",
    "remove_second_step_of_member",
    "rename_account",
    "renew_second_step_keys",
    "require_second_step",
    "restrict_access",
    "revoke_access",
    "revoke_token",
    "set_password",
    "sign_out_everywhere",
    "take_in_people",
    "tell",
    "unlink_person",
    "unmake_operator",
]
