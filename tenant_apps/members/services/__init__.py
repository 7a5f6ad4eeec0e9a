"""What people do to members, invitations and branding; only these change rows."""

from tenant_apps.members.services.branding import update_branding
from tenant_apps.members.services.counting import count_unseen
from tenant_apps.members.services.examples import example_people, forget_example_people
from tenant_apps.members.services.invitations import (
    AlreadyInvitedError,
    AlreadyMemberError,
    InvitationClosedError,
    accept_invitation,
    invite_member,
    invite_members,
    invite_owner,
    resend_invitation,
    revoke_invitation,
)
from tenant_apps.members.services.listed import forget_listed, list_writers
from tenant_apps.members.services.moving import accounts_of_members, take_in_accounts
from tenant_apps.members.services.people import (
    LastOwnerError,
    NotAllowedError,
    change_role,
    lift_suspension,
    note_role,
    reinstate_member,
    remove_member,
    reset_second_step,
    suspend_member,
)
from tenant_apps.members.services.profiles import (
    PostingDatesError,
    SchoolFacts,
    add_posting,
    end_posting,
    refresh_schools,
    settle_returned,
    update_profile,
)
from tenant_apps.members.services.proofs import CodeLimitError, WrongCodeError, check_code, send_code

__all__ = [
    "AlreadyInvitedError",
    "AlreadyMemberError",
    "CodeLimitError",
    "InvitationClosedError",
    "LastOwnerError",
    "NotAllowedError",
    "PostingDatesError",
    "SchoolFacts",
    "WrongCodeError",
    "accept_invitation",
    "accounts_of_members",
    "add_posting",
    "change_role",
    "check_code",
    "count_unseen",
    "end_posting",
    "example_people",
    "forget_example_people",
    "forget_listed",
    "invite_member",
    "invite_members",
    "invite_owner",
    "lift_suspension",
    "list_writers",
    "note_role",
    "refresh_schools",
    "reinstate_member",
    "remove_member",
    "resend_invitation",
    "reset_second_step",
    "revoke_invitation",
    "send_code",
    "settle_returned",
    "suspend_member",
    "take_in_accounts",
    "update_branding",
    "update_profile",
]
