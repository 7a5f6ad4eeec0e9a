"""The second step: typing its code, signing in with a passkey, setting it up, and showing again who one is.

The views are allauth's with our forms and pages. What needs a browser's passkeys is drawn hidden and shown by a script;
the app and the recovery codes work without one.
"""

import json
from typing import Any

from allauth.account import views as allauth
from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import Login
from allauth.core.internal import ratelimit
from allauth.mfa.base import views as base
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.mfa.webauthn.internal import auth, flows
from django.contrib import messages as flashes
from django.core.serializers.json import DjangoJSONEncoder
from django.forms import Form
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from shared_apps.accounts import forms, messages, selectors
from shared_apps.accounts.permissions import account_required, needs_second_step

_BACK = reverse_lazy("mfa_index")


class _Unprocessable:
    """Answers what is wrong with the status that says so."""

    def form_invalid(self, form: Form) -> HttpResponse:
        """Show what is wrong."""
        return self.render_to_response(self.get_context_data(form=form), status=422)  # type: ignore[attr-defined]


@never_cache
@require_GET
@account_required
def security(request: HttpRequest) -> HttpResponse:
    """What is set up, and what can be."""
    values = {"steps": selectors.second_steps(request.user), "is_needed": needs_second_step(request.user)}
    return render(request, "accounts/security.html", values)


# Signing in ----------------------------------------------------------------------------------------------------------


class SecondStepView(base.AuthenticateView):
    """After the password or the emailed code: a code of the app, a recovery code, or a passkey."""

    form_class = forms.SecondStepForm
    webauthn_form_class = forms.PasskeySecondStepForm
    template_name = "accounts/second_step.html"

    def form_invalid(self, form: Form) -> HttpResponse:
        """Show what is wrong, with the status that says so."""
        return self.render_to_response(self.get_context_data(), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Hand over what a browser needs for a passkey, where there is one."""
        values = super().get_context_data(**kwargs)
        options = values.pop("js_data", {}).get("request_options")
        has_one = bool(selectors.second_steps(self.stage.login.user).passkeys)
        return values | {"options": _as_text(options) if has_one else ""}


@never_cache
@require_POST
@ratelimit.decorator(app="allauth.mfa", action="webauthn_login")
def passkey_challenge(request: HttpRequest) -> HttpResponse:
    """Answer the script of the sign-in page with what a passkey has to sign; the session remembers it."""
    return JsonResponse(auth.begin_authentication(user=None))


class PasskeySignInView(webauthn.LoginWebAuthnView):
    """Sign in with a passkey alone."""

    form_class = forms.PasskeySignInForm

    def form_valid(self, form: forms.PasskeySignInForm) -> HttpResponse:
        """Sign in, if the account may enter this host; else the passkey is as unknown as one that never was."""
        authenticator = form.cleaned_data["credential"]
        if not selectors.may_enter_site(authenticator.user, selectors.site_of(self.request)):
            return self.form_invalid(form)
        path = selectors.local_path(self.request.POST.get("next"), default="")
        login = Login(user=authenticator.user, redirect_url=path or None)
        return flows.perform_passwordless_login(self.request, authenticator, login)

    def form_invalid(self, form: Form) -> HttpResponse:
        """Go back to the sign-in page with one sentence, whatever was wrong."""
        flashes.error(self.request, messages.PASSKEY_WRONG)
        return redirect("account_login")


# Showing again who it is ---------------------------------------------------------------------------------------------


class ConfirmPasswordView(_Unprocessable, allauth.ReauthenticateView):
    """With the password, where there is no second step."""

    form_class = forms.ConfirmPasswordForm
    template_name = "accounts/confirm_password.html"


class ConfirmCodeView(_Unprocessable, base.ReauthenticateView):
    """With a code; the page offers the passkey too."""

    form_class = forms.ConfirmCodeForm
    template_name = "accounts/confirm_second_step.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Hand over what a browser needs for a passkey, where there is one."""
        has_one = bool(selectors.second_steps(self.request.user).passkeys)
        options = auth.begin_authentication(self.request.user) if has_one else None
        return super().get_context_data(**kwargs) | {"options": _as_text(options) if has_one else ""}


class ConfirmPasskeyView(webauthn.ReauthenticateWebAuthnView):
    """With a passkey."""

    form_class = forms.ConfirmPasskeyForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the page that offers both."""
        return redirect("mfa_reauthenticate")

    def form_invalid(self, form: Form) -> HttpResponse:
        """Go back to the page that offers both, with one sentence."""
        flashes.error(self.request, messages.PASSKEY_WRONG)
        return redirect("mfa_reauthenticate")


# Setting it up -------------------------------------------------------------------------------------------------------


@method_decorator(never_cache, name="dispatch")
class AddAppView(_Unprocessable, totp.ActivateTOTPView):
    """Set up an authenticator app."""

    form_class = forms.AddAppForm
    template_name = "accounts/app_add.html"

    def form_valid(self, form: forms.AddAppForm) -> HttpResponse:
        """Keep it; the code that was typed makes this session a strong one."""
        response = super().form_valid(form)
        record_authentication(self.request, self.request.user, "mfa", type=Authenticator.Type.TOTP.value)
        return response


class RemoveAppView(_Unprocessable, totp.DeactivateTOTPView):
    """Remove the authenticator app."""

    template_name = "accounts/app_remove.html"


@method_decorator(never_cache, name="dispatch")
class AddPasskeyView(_Unprocessable, webauthn.AddWebAuthnView):
    """Add a passkey that can sign in alone."""

    form_class = forms.AddPasskeyForm
    template_name = "accounts/passkey_add.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Hand over what the browser needs; the form is the one that was sent, where it was wrong."""
        options = auth.begin_registration(self.request.user, passwordless=True)
        return {"form": kwargs.get("form") or self.get_form(), "options": _as_text(options)}

    def form_valid(self, form: forms.AddPasskeyForm) -> HttpResponse:
        """Keep it; making it makes this session a strong one."""
        response = super().form_valid(form)
        record_authentication(self.request, self.request.user, "mfa", type=Authenticator.Type.WEBAUTHN.value)
        return response


class RemovePasskeyView(webauthn.RemoveWebAuthnView):
    """Remove a passkey, which `?key=` names."""

    template_name = "accounts/passkey_remove.html"
    success_url = _BACK

    def get_object(self, queryset: Any = None) -> Authenticator:
        """Return one of one's own."""
        key = self.request.GET.get("key", "")
        return get_object_or_404(self.get_queryset(), pk=int(key) if key.isdecimal() and len(key) < 10 else 0)


@method_decorator(never_cache, name="dispatch")
class CodesView(recovery_codes.ViewRecoveryCodesView):
    """Show the recovery codes, once."""

    template_name = "accounts/codes.html"


class NewCodesView(_Unprocessable, recovery_codes.GenerateRecoveryCodesView):
    """Make new recovery codes; the ones before stop working."""

    template_name = "accounts/codes_new.html"


def _as_text(options: Any) -> str:
    return json.dumps(options, cls=DjangoJSONEncoder)
