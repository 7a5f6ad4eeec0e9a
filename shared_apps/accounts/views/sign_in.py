"""Signing in by password or emailed code, choosing a new password, signing out; the same on every host.

The views are allauth's with our forms and pages. Every answer is the same for known and unknown addresses.
"""

from typing import Any

from allauth.account import views as allauth
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.internal.flows.password_reset_by_code import (
    PASSWORD_RESET_VERIFICATION_SESSION_KEY,
    PasswordResetVerificationProcess,
)
from allauth.account.stages import LoginByCodeStage, LoginStage, LoginStageController
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView
from django.views.generic.edit import FormView

from shared_apps.accounts import forms, messages, selectors


class _OwnForm:
    """Takes the form of the class, not one that a setting names, and never goes on to a half-finished sign-in."""

    def get_form_class(self) -> type:
        return self.form_class

    def _redirect_to_pending_stage(self, request: HttpRequest, stage: LoginStage) -> None:
        return None

    def form_invalid(self, form: Form) -> HttpResponse:
        """Show what is wrong, with the status that says so."""
        return self.render_to_response(self.get_context_data(form=form), status=422)  # type: ignore[attr-defined]


class SignInView(_OwnForm, allauth.LoginView):
    """By password; the same page asks for a code."""

    form_class = forms.SignInForm
    template_name = "accounts/sign_in.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Offer Google and Microsoft where there are IDs for them."""
        values = super().get_context_data(**kwargs)
        path = selectors.local_path(values.get("redirect_field_value"))
        return values | {"path": path, "ways_in": selectors.ways_in(self.request, path)}


class AskForCodeView(_OwnForm, allauth.RequestLoginCodeView):
    """Ask for a code to sign in with."""

    form_class = forms.AskForCodeForm
    template_name = "accounts/ask_for_code.html"
    extra_context = {"title": "Sign in with a code", "action": "Email me a code"}

    def form_valid(self, form: forms.AskForCodeForm) -> HttpResponse:
        """Send a code, or to an address without access here the news that it has none."""
        email = form.cleaned_data["email"]
        LoginCodeVerificationProcess.initiate(request=self.request, user=form.account, email=email)
        return FormView.form_valid(self, form)


class TypeCodeView(_OwnForm, allauth.ConfirmLoginCodeView):
    """Type the code and be signed in."""

    form_class = forms.SignInCodeForm
    template_name = "accounts/type_code.html"
    extra_context = {"ask_url_name": "account_request_login_code"}

    @method_decorator(never_cache)
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Say so when the code has run out, with the way to a new one."""
        stage = LoginStageController.enter(request, LoginByCodeStage.key)
        if stage and not request.user.is_authenticated and not LoginCodeVerificationProcess(stage=stage).is_valid():
            email = stage.state.get("email", "")
            LoginCodeVerificationProcess(stage=stage).abort()
            return _code_over(request, email, "account_request_login_code")
        return super().dispatch(request, *args, **kwargs)

    def form_invalid(self, form: forms.SignInCodeForm) -> HttpResponse:
        """Count the wrong code; after the last one the code is worth nothing any more."""
        email = self._process.state.get("email", "")
        if self._process.record_invalid_attempt():
            return super().form_invalid(form)
        return _code_over(self.request, email, "account_request_login_code")


class AskForResetView(_OwnForm, allauth.PasswordResetView):
    """Ask for a code to choose a new password with."""

    form_class = forms.AskForResetForm
    template_name = "accounts/ask_for_code.html"
    extra_context = {"title": "Choose a new password", "action": "Email me a code"}

    def form_valid(self, form: forms.AskForResetForm) -> HttpResponse:
        """Send a code, or to an address without access here the news that it has none."""
        email = form.cleaned_data["email"]
        PasswordResetVerificationProcess.initiate(request=self.request, user=form.account, email=email)
        return FormView.form_valid(self, form)


class TypeResetCodeView(_OwnForm, allauth.ConfirmPasswordResetCodeView):
    """Type the code to choose a new password."""

    form_class = forms.ResetCodeForm
    template_name = "accounts/type_code.html"
    extra_context = {"ask_url_name": "account_reset_password"}

    @method_decorator(never_cache)
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Say so when the code has run out, with the way to a new one."""
        state = request.session.get(PASSWORD_RESET_VERIFICATION_SESSION_KEY)
        if state and not PasswordResetVerificationProcess(request, state=state).is_valid():
            PasswordResetVerificationProcess(request, state=state).abort()
            return _code_over(request, state.get("email", ""), "account_reset_password")
        return super().dispatch(request, *args, **kwargs)

    def form_invalid(self, form: forms.ResetCodeForm) -> HttpResponse:
        """Count the wrong code; after the last one the code is worth nothing any more."""
        email = self._process.state.get("email", "")
        if self._process.record_invalid_attempt():
            return super().form_invalid(form)
        return _code_over(self.request, email, "account_reset_password")


class NewPasswordView(_OwnForm, allauth.CompletePasswordResetView):
    """Choose the new password, and be signed in with it."""

    form_class = forms.NewPasswordForm
    template_name = "accounts/new_password.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Hand the account to the form, without what only allauth's own form takes."""
        return {**FormView.get_form_kwargs(self), "user": self._process.user}


class SignOutView(allauth.LogoutView):
    """Sign out of this host: a page that asks, and the POST that does it."""

    template_name = "accounts/sign_out.html"


class SignUpClosedView(TemplateView):
    """Joining is by invitation; allauth's emails know this address as its sign-up page."""

    template_name = "accounts/sign_up_closed.html"


def _code_over(request: HttpRequest, email: str, ask_url_name: str) -> HttpResponse:
    path = selectors.local_path(request.POST.get("next") or request.GET.get("next"))
    values = {"email": email, "ask_url": reverse(ask_url_name), "title": messages.CODE_OVER, "next": path}
    return render(request, "accounts/code_over.html", values, status=400)


def go_to_sign_in(request: HttpRequest, path: str) -> HttpResponse:
    """Send to the sign-in page, and on to `path` after it."""
    return redirect(reverse("account_login", query={"next": path} if path != "/" else None))
