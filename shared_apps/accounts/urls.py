"""Addresses of accounts, on every host or on the platform's alone. Names without "accounts:" are allauth's."""

from django.urls import URLPattern, include, path

from shared_apps.accounts.enums import Provider
from shared_apps.accounts.views import account, providers, second_step, sign_in, switch
from tenants.permissions import all_work_read_only

own = all_work_read_only(
    [
        path("switch/", switch.switch, name="switch"),
        path("switch/acting/", switch.choose_acting, name="choose_acting"),
        path("switch/start/", switch.start, name="switch_start"),
        path("switch/leave/", switch.leave, name="switch_leave"),
        path("switch/arrive/", switch.arrive, name="switch_arrive"),
        path("account/", account.account, name="account"),
        path("account/name/", account.rename, name="rename"),
        path("account/theme/", account.choose_theme, name="choose_theme"),
        path("account/confirm/email/", second_step.ConfirmEmailView.as_view(), name="confirm_email"),
        path("account/password/", account.change_password, name="change_password"),
        path("account/sign-out-everywhere/", account.sign_out_everywhere, name="sign_out_everywhere"),
        path("account/tokens/", account.create_token, name="create_token"),
        path("account/tokens/<uuid:token_id>/revoke/", account.revoke_token, name="revoke_token"),
    ]
)


def _of_provider(each: Provider) -> list[URLPattern]:
    named = {"provider": each}
    return [
        path(f"sign-in/{each}/", providers.start, named, name=f"{each}_start"),
        path(f"sign-in/{each}/callback/", providers.callback, named, name=f"{each}_callback"),
        path(f"account/links/{each}/", providers.link, named, name=f"{each}_link"),
    ]


platform_only = [
    path("sign-in/unknown/", providers.unknown, name="unknown_person"),
    path("account/links/", providers.links, name="links"),
    path("account/links/new/", providers.link_new, name="link_new"),
    path("account/links/<int:link_id>/remove/", providers.unlink, name="unlink"),
    *(pattern for each in Provider for pattern in _of_provider(each)),
]
urlpatterns = [
    *all_work_read_only(
        [
            path("sign-in/", sign_in.SignInView.as_view(), name="account_login"),
            path("sign-in/code/", sign_in.AskForCodeView.as_view(), name="account_request_login_code"),
            path("sign-in/code/type/", sign_in.TypeCodeView.as_view(), name="account_confirm_login_code"),
            path("sign-in/passkey/", second_step.PasskeySignInView.as_view(), name="mfa_login_webauthn"),
            path("sign-in/passkey/challenge/", second_step.passkey_challenge, name="passkey_challenge"),
            path("sign-in/second-step/", second_step.SecondStepView.as_view(), name="mfa_authenticate"),
            path("sign-out/", sign_in.SignOutView.as_view(), name="account_logout"),
            path("sign-up/", sign_in.SignUpClosedView.as_view(), name="account_signup"),
            path("reset-password/", sign_in.AskForResetView.as_view(), name="account_reset_password"),
            path(
                "reset-password/code/", sign_in.TypeResetCodeView.as_view(), name="account_confirm_password_reset_code"
            ),
            path("reset-password/new/", sign_in.NewPasswordView.as_view(), name="account_complete_password_reset"),
            path("account/confirm/", second_step.ConfirmCodeView.as_view(), name="mfa_reauthenticate"),
            path(
                "account/confirm/passkey/", second_step.ConfirmPasskeyView.as_view(), name="mfa_reauthenticate_webauthn"
            ),
            path("account/confirm/password/", second_step.ConfirmPasswordView.as_view(), name="account_reauthenticate"),
            path("account/security/", second_step.security, name="mfa_index"),
            path("account/security/app/", second_step.AddAppView.as_view(), name="mfa_activate_totp"),
            path("account/security/app/remove/", second_step.RemoveAppView.as_view(), name="mfa_deactivate_totp"),
            path("account/security/passkeys/add/", second_step.AddPasskeyView.as_view(), name="mfa_add_webauthn"),
            path(
                "account/security/passkeys/remove/", second_step.RemovePasskeyView.as_view(), name="mfa_remove_webauthn"
            ),
            path("account/security/codes/", second_step.CodesView.as_view(), name="mfa_view_recovery_codes"),
            path("account/security/codes/new/", second_step.NewCodesView.as_view(), name="mfa_generate_recovery_codes"),
        ]
    ),
    path("", include((own, "accounts"))),
]
platform_urlpatterns = [
    *urlpatterns[:-1],
    path("", include((own + all_work_read_only(platform_only), "accounts"))),
]
