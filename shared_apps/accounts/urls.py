"""Addresses of accounts, on every host. Names of the first list are those that allauth looks for."""

from django.urls import include, path

from shared_apps.accounts.views import account, sign_in, switch

own = [
    path("switch/", switch.switch, name="switch"),
    path("switch/acting/", switch.choose_acting, name="choose_acting"),
    path("switch/start/", switch.start, name="switch_start"),
    path("switch/leave/", switch.leave, name="switch_leave"),
    path("switch/arrive/", switch.arrive, name="switch_arrive"),
    path("account/", account.account, name="account"),
    path("account/name/", account.rename, name="rename"),
    path("account/theme/", account.choose_theme, name="choose_theme"),
    path("account/password/", account.change_password, name="change_password"),
    path("account/sign-out-everywhere/", account.sign_out_everywhere, name="sign_out_everywhere"),
    path("account/tokens/", account.create_token, name="create_token"),
    path("account/tokens/<uuid:token_id>/revoke/", account.revoke_token, name="revoke_token"),
]

urlpatterns = [
    path("sign-in/", sign_in.SignInView.as_view(), name="account_login"),
    path("sign-in/code/", sign_in.AskForCodeView.as_view(), name="account_request_login_code"),
    path("sign-in/code/type/", sign_in.TypeCodeView.as_view(), name="account_confirm_login_code"),
    path("sign-out/", sign_in.SignOutView.as_view(), name="account_logout"),
    path("sign-up/", sign_in.SignUpClosedView.as_view(), name="account_signup"),
    path("reset-password/", sign_in.AskForResetView.as_view(), name="account_reset_password"),
    path("reset-password/code/", sign_in.TypeResetCodeView.as_view(), name="account_confirm_password_reset_code"),
    path("reset-password/new/", sign_in.NewPasswordView.as_view(), name="account_complete_password_reset"),
    path("", include((own, "accounts"))),
]
