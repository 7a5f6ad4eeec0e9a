"""Pages of members: the directory, one's own details, joining, the organisers' desk, the network's colour."""

from tenant_apps.members.views.branding import branding, branding_preview, theme
from tenant_apps.members.views.desk import (
    invitation_resend,
    invitation_revoke,
    invite,
    manage,
    manage_members,
    member_reinstate,
    member_remove,
    member_role,
    member_role_confirm,
    member_second_step,
)
from tenant_apps.members.views.directory import member_detail, member_list
from tenant_apps.members.views.join import join, join_code, join_details, join_school
from tenant_apps.members.views.naming import member_suggest
from tenant_apps.members.views.profile import me, posting_add, posting_end, posting_list, profile_edit

__all__ = [
    "branding",
    "branding_preview",
    "invitation_resend",
    "invitation_revoke",
    "invite",
    "join",
    "join_code",
    "join_details",
    "join_school",
    "manage",
    "manage_members",
    "me",
    "member_detail",
    "member_list",
    "member_reinstate",
    "member_remove",
    "member_role",
    "member_role_confirm",
    "member_second_step",
    "member_suggest",
    "posting_add",
    "posting_end",
    "posting_list",
    "profile_edit",
    "theme",
]
