"""One's own account, the same on every host: name, password, light or dark, tokens, signing out everywhere."""

from urllib.parse import urlencode
from uuid import UUID

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from django.contrib import messages as flashes
from django.contrib.auth import update_session_auth_hash
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shared_apps.accounts import forms, messages, selectors, services
from shared_apps.accounts.permissions import account_required, proof_required
from shared_apps.api.selectors import tokens_of
from shared_apps.core import flash
from shared_apps.core.fields import status_of


@never_cache
@require_GET
@account_required
def account(request: HttpRequest) -> HttpResponse:
    """Everything about one's own account."""
    return _page(request)


@never_cache
@require_POST
@account_required
def rename(request: HttpRequest) -> HttpResponse:
    """Change one's name."""
    form = forms.AccountForm(request.POST)
    if not form.is_valid():
        return _page(request, name_form=form)
    services.rename_account(request.user, name=form.cleaned_data["name"], by=request.actor)
    return _done(request, "Your name is saved.")


@never_cache
@require_POST
@account_required
def choose_theme(request: HttpRequest) -> HttpResponse:
    """Choose light or dark pages."""
    form = forms.ThemeForm(request.POST)
    if not form.is_valid():
        return _page(request, theme_form=form)
    services.choose_theme(request.user, theme=form.cleaned_data["theme"])
    return _done(request, "Saved, on every site.")


@sensitive_post_parameters("present", "password")
@never_cache
@require_POST
@account_required
def change_password(request: HttpRequest) -> HttpResponse:
    """Change one's password, or choose a first one after showing who one is; sessions elsewhere end, this goes on."""
    too_many = ratelimit.consume_or_429(request, action="change_password")
    if too_many:
        return too_many
    had_one = request.user.has_usable_password()
    if not had_one and not selectors.proved_lately(request):
        flash.say(request, messages.PROVE_FIRST, level=flashes.WARNING)
        way = get_adapter(request).get_reauthentication_methods(request.user)[0]["url"]
        return redirect(f"{way}?{urlencode({'next': reverse('accounts:account')})}")  # what was typed is kept nowhere
    form = forms.ChangePasswordForm(request.POST, user=request.user)
    if not form.is_valid():
        return _page(request, password_form=form)
    key = request.session.session_key
    services.set_password(request.user, form.cleaned_data["password"], by=request.actor, keep_session=key)
    update_session_auth_hash(request, request.user)
    notice = "password_changed" if had_one else "password_set"
    get_adapter(request).send_notification_mail(f"account/email/{notice}", request.user)
    return _done(request, "Your password is changed. You are signed out everywhere else.")


@never_cache
@require_http_methods(["GET", "POST"])
@account_required
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """Ask, then end every session on every site, this one too."""
    if request.method == "GET":
        return render(request, "accounts/sign_out_everywhere.html")
    services.sign_out_everywhere(request.user, by=request.actor)
    request.session.flush()
    flash.say(request, "You are signed out on every site.")
    return redirect("account_login")


@never_cache
@require_POST
@account_required
@proof_required
def create_token(request: HttpRequest) -> HttpResponse:
    """Make an API token and show it, this once."""
    form = forms.TokenForm(request.POST, account=request.user)
    if not form.is_valid():
        return _page(request, token_form=form)
    name, place = form.cleaned_data["name"], form.cleaned_data["place"]
    if place == "platform":
        made = services.create_operator_token(request.user, name=name, by=request.actor)
    else:
        made = services.create_network_token(request.user, network_id=UUID(place), name=name, by=request.actor)
    return render(request, "accounts/token_made.html", {"name": name, "secret": made.secret})


@never_cache
@require_http_methods(["GET", "POST"])
@account_required
def revoke_token(request: HttpRequest, token_id: UUID) -> HttpResponse:
    """Ask, then revoke one of one's own tokens."""
    token = next((token for token in tokens_of(request.user.pk) if token.pk == token_id), None)
    if token is None:
        raise Http404
    if request.method == "GET":
        return render(request, "accounts/token_revoke.html", {"token": token})
    services.revoke_token(request.user, token_id=token_id, by=request.actor)
    return _done(request, f"The token “{token.name}” is revoked. Programs that use it are refused from now on.")


def _page(request: HttpRequest, **bad: Form) -> HttpResponse:
    person = request.user
    values = {
        "name_form": forms.AccountForm(initial={"name": person.name}),
        "theme_form": forms.ThemeForm(initial={"theme": person.theme}),
        "password_form": forms.ChangePasswordForm(user=person),
        "token_form": forms.TokenForm(account=person),
        **bad,
    }
    found = {"tokens": tokens_of(person.pk), "links_url": selectors.links_url(request)}
    status = status_of(*bad.values())
    return render(request, "accounts/account.html", values | found | {"has_errors": bool(bad)}, status=status)


def _done(request: HttpRequest, words: str) -> HttpResponse:
    flash.say(request, words)
    return redirect("accounts:account")
