"""Addresses of members, of joining, of the organisers' desk and of the network's colour."""

from django.urls import path

from tenant_apps.members import views
from tenants.permissions import works_read_only

app_name = "members"
urlpatterns = [
    path("theme.css", views.theme, name="theme"),
    path("members/", views.member_list, name="member_list"),
    path("members/me/", views.me, name="me"),
    path("members/me/edit/", views.profile_edit, name="profile_edit"),
    path("members/me/postings/", views.posting_list, name="posting_list"),
    path("members/me/postings/add/", views.posting_add, name="posting_add"),
    path("members/me/postings/<uuid:posting_id>/end/", views.posting_end, name="posting_end"),
    path("members/suggest/", views.member_suggest, name="member_suggest"),
    path("members/<uuid:member_id>/", views.member_detail, name="member_detail"),
    path("join/<str:token>/", views.join, name="join"),
    path("join/<str:token>/code/", views.join_code, name="join_code"),
    path("join/<str:token>/school/", views.join_school, name="join_school"),
    path("join/<str:token>/details/", views.join_details, name="join_details"),
    path("manage/", views.manage, name="manage"),
    path("manage/members/", views.manage_members, name="manage_members"),
    path("manage/members/invite/", views.invite, name="invite"),
    path("manage/members/<uuid:member_id>/role/", views.member_role, name="member_role"),
    path("manage/members/<uuid:member_id>/role/confirm/", views.member_role_confirm, name="member_role_confirm"),
    path(
        "manage/members/<uuid:member_id>/second-step/",
        works_read_only(views.member_second_step),
        name="member_second_step",
    ),
    path("manage/members/<uuid:member_id>/remove/", views.member_remove, name="member_remove"),
    path("manage/members/<uuid:member_id>/reinstate/", views.member_reinstate, name="member_reinstate"),
    path("manage/invitations/<uuid:invitation_id>/resend/", views.invitation_resend, name="invitation_resend"),
    path("manage/invitations/<uuid:invitation_id>/revoke/", views.invitation_revoke, name="invitation_revoke"),
    path("manage/branding/", views.branding, name="branding"),
    path("manage/branding/preview.css", views.branding_preview, name="branding_preview"),
]
