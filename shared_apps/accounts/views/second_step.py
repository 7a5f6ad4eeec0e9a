"""The second step: typing its code, signing in with a passkey, setting it up, and showing again who one is.

The views are allauth's with our forms and pages. What needs a browser's passkeys is drawn hidden and shown by a script;
the app and the recovery codes work without one.
"""

import json
from typing import Any

from allauth.account import app_settings
from allauth.account import views as allauth
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.code_verification import AbstractCodeVerificationProcess
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

from shared_apps.accounts import forms, messages, selectors, services
from shared_apps.accounts.permissions import account_required, ask_anybody_for_proof, needs_second_step
from shared_apps.core import flash

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


class _EmailedProof(AbstractCodeVerificationProcess):
    """A code that was emailed to who has neither a password nor a second step; the session remembers it."""

    KEY = "account_confirm_code"

    def __init__(self, request: HttpRequest, state: dict[str, Any]) -> None:
        self.request = request
        tries, seconds = app_settings.LOGIN_BY_CODE_MAX_ATTEMPTS, app_settings.LOGIN_BY_CODE_TIMEOUT
        super().__init__(max_attempts=tries, timeout=seconds, state=state, user=request.user)

    @classmethod
    def of(cls, request: HttpRequest) -> "_EmailedProof | None":
        """Return the one that is on its way."""
        state = request.session.get(cls.KEY)
        return cls(request, state).abort_if_invalid() if state else None

    def persist(self) -> None:
        self.request.session[self.KEY] = self.state

    def abort(self) -> None:
        self.request.session.pop(self.KEY, None)

    def send(self) -> None:
        """Email a new code."""
        adapter = get_adapter(self.request)
        self.state["code"] = adapter.generate_login_code()
        adapter.send_mail("account/email/confirm_code", self.request.user.email, {"code": self.code})
        self.persist()


@method_decorator(account_required, name="dispatch")
@method_decorator(never_cache, name="dispatch")
class ConfirmEmailView(_Unprocessable, allauth.BaseReauthenticateView):
    """With an emailed code, where there is neither a password nor a second step."""

    form_class = forms.SignInCodeForm
    template_name = "accounts/confirm_email.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Look at the code that was typed, or send one."""
        if "code" not in request.POST:
            return self.send(request)
        return super().post(request, *args, **kwargs) if _EmailedProof.of(request) else self.ask_anew()

    def send(self, request: HttpRequest) -> HttpResponse:
        """Send a code, as seldom as to sign in with."""
        limit = {"app": "allauth.account", "action": "request_login_code", "key": request.user.email}
        if too_many := ratelimit.consume_or_429(request, **limit):
            return too_many
        _EmailedProof(request, _EmailedProof.initial_state(request.user)).send()
        return redirect(request.get_full_path())

    def ask_anew(self) -> HttpResponse:
        """Go back to the button that sends one."""
        flashes.warning(self.request, messages.ASK_ANEW)
        return redirect(self.request.get_full_path())

    def get_form_kwargs(self) -> dict[str, Any]:
        """Hand the code over that was sent."""
        proof = _EmailedProof.of(self.request)
        return super().get_form_kwargs() | {"code": proof.code if proof else ""}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say whether a code is on its way."""
        return super().get_context_data(**kwargs) | {"is_sent": bool(_EmailedProof.of(self.request))}

    def form_valid(self, form: forms.SignInCodeForm) -> HttpResponse:
        """Remember the proof and go on; the code is used up."""
        self.request.session.pop(_EmailedProof.KEY)
        record_authentication(self.request, self.request.user, "code", reauthenticated=True)
        return super().form_valid(form)

    def form_invalid(self, form: Form) -> HttpResponse:
        """Count the wrong code; after the last one the code is worth nothing any more."""
        proof = _EmailedProof.of(self.request)
        return super().form_invalid(form) if proof and proof.record_invalid_attempt() else self.ask_anew()


# Setting it up -------------------------------------------------------------------------------------------------------


class _AfterProof:
    """Lets in who has shown lately who they are; others show it first, also those whom allauth would not ask."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask first; who is not signed in signs in."""
        if request.user.is_authenticated:
            ask_anybody_for_proof(request)
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]  # a view's


class _MakesStrong:
    """What is set up counts as shown here; where it is the first step, what began without one elsewhere ends."""

    kind: Authenticator.Type

    def form_valid(self, form: Form) -> HttpResponse:
        """Keep it."""
        request: HttpRequest = self.request  # type: ignore[attr-defined]  # a view's
        is_first = not request.user.has_second_step
        response = super().form_valid(form)  # type: ignore[misc]  # a view's
        record_authentication(request, request.user, "mfa", type=self.kind.value)
        if is_first:
            services.end_sessions(request.user, keep_session=request.session.session_key)
            flash.say(request, messages.SECOND_STEP_SET_UP)
        return response


@method_decorator(never_cache, name="dispatch")
class AddAppView(_MakesStrong, _AfterProof, _Unprocessable, totp.ActivateTOTPView):
    """Set up an authenticator app."""

    form_class = forms.AddAppForm
    template_name = "accounts/app_add.html"
    kind = Authenticator.Type.TOTP


class RemoveAppView(_AfterProof, _Unprocessable, totp.DeactivateTOTPView):
    """Remove the authenticator app."""

    template_name = "accounts/app_remove.html"


@method_decorator(never_cache, name="dispatch")
class AddPasskeyView(_MakesStrong, _AfterProof, _Unprocessable, webauthn.AddWebAuthnView):
    """Add a passkey that can sign in alone."""

    form_class = forms.AddPasskeyForm
    template_name = "accounts/passkey_add.html"
    kind = Authenticator.Type.WEBAUTHN

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Hand over what the browser needs; the form is the one that was sent, where it was wrong."""
        options = auth.begin_registration(self.request.user, passwordless=True)
        return {"form": kwargs.get("form") or self.get_form(), "options": _as_text(options)}


class RemovePasskeyView(_AfterProof, webauthn.RemoveWebAuthnView):
    """Remove a passkey, which `?key=` names."""

    template_name = "accounts/passkey_remove.html"
    success_url = _BACK

    def get_object(self, queryset: Any = None) -> Authenticator:
        """Return one of one's own."""
        key = self.request.GET.get("key", "")
        return get_object_or_404(self.get_queryset(), pk=int(key) if key.isdecimal() and len(key) < 10 else 0)


@method_decorator(never_cache, name="dispatch")
class CodesView(_AfterProof, recovery_codes.ViewRecoveryCodesView):
    """Show the recovery codes, once."""

    template_name = "accounts/codes.html"


class NewCodesView(_AfterProof, _Unprocessable, recovery_codes.GenerateRecoveryCodesView):
    """Make new recovery codes; the ones before stop working."""

    template_name = "accounts/codes_new.html"


def _as_text(options: Any) -> str:
    return json.dumps(options, cls=DjangoJSONEncoder)
