"""How allauth behaves here: it says one thing to known and unknown addresses, its mail goes through the queue, and what
a second step is made of is kept encrypted."""

import base64
import hashlib
from datetime import timedelta
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.base import Provider
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from shared_apps.accounts import enums, messages, providers, selectors, services
from shared_apps.accounts.permissions import is_operator
from shared_apps.audit.enums import Via
from shared_apps.audit.services import Actor
from tenants.enums import Kind

_MAIL_KEPT = timedelta(hours=1)


class AccountAdapter(DefaultAccountAdapter):
    """The one adapter of every host."""

    error_messages = DefaultAccountAdapter.error_messages | messages.ERRORS

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up: joining is by invitation."""
        return False

    def is_ajax(self, request: HttpRequest) -> bool:
        """Answer with pages alone; allauth would hand JSON to whoever asks for it."""
        return False

    def is_safe_url(self, url: str) -> bool:
        """Go on to paths of this host alone; allauth would follow any host of ALLOWED_HOSTS, so any network's."""
        return bool(selectors.local_path(url, default=""))

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Go home after signing in: on the platform that is the console for operators, the way on for others."""
        if request.site_kind != Kind.PUBLIC:
            return "/"
        return "/operator/" if is_operator(request.user) else "/switch/"

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:
        """Say nothing of an account that was closed."""
        return redirect("account_login")

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        """Say nothing that the next page does not show by itself; only words given as such are said."""
        if kwargs.get("message"):
            super().add_message(request, level, message_template, *args, **kwargs)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Ask again only who has not shown lately who they are; signing in here minutes ago is enough."""
        return not selectors.proved_lately(self.request)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Ask who has a second step for that, not for the password that it was set up to back; or email a code."""
        methods = super().get_reauthentication_methods(user)
        by_email = {"id": "email", "description": "", "url": reverse("accounts:confirm_email")}
        return [each for each in methods if each["id"] != "reauthenticate"] or methods or [by_email]

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        """Set the password of somebody who has just proved, by a code, to be the account's owner."""
        actor = Actor(account_id=user.pk, label="", via=Via.PAGE, address=self.get_client_ip(self.request))
        services.set_password(user, password, by=actor)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue the message in the current schema, so that it carries this site's name and stays here."""
        words = {name: context.get(name, "") for name in ("code", "provider")}
        services.tell(email, template_prefix.rsplit("/", 1)[-1], keep=_MAIL_KEPT, **words)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        # allauth counts for each host; a network more would be ten guesses more.
        return selectors.normal_email(credentials.get("email", ""))


class SecondStepAdapter(DefaultMFAAdapter):
    """Passkeys, authenticator apps and recovery codes."""

    error_messages = DefaultMFAAdapter.error_messages | messages.ERRORS | {"incorrect_code": messages.SECOND_CODE_WRONG}

    def encrypt(self, text: str) -> str:
        """Keep secrets unreadable in the database and its copies."""
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Read a secret, also one kept under a key of SECRET_KEY_FALLBACKS."""
        return _box().decrypt(encrypted_text.encode()).decode()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Make a passkey good on every site of ours; browsers refuse that for localhost, where each has its own."""
        host = context.request.get_host().partition(":")[0].lower()
        is_ours = host == settings.PUBLIC_DOMAIN or host.endswith(f".{settings.PUBLIC_DOMAIN}")
        is_shared = is_ours and settings.PUBLIC_DOMAIN != "localhost"
        return {"id": settings.PUBLIC_DOMAIN if is_shared else host, "name": settings.MFA_TOTP_ISSUER}

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002 - allauth's name for it
        """Return what a passkey is called until its owner names it."""
        return "Passkey"


class ProviderAdapter(DefaultSocialAccountAdapter):
    """Google and Microsoft: what the environment names, never a row, and never a way to sign up."""

    def get_provider(self, request: HttpRequest, provider: str, client_id: str | None = None) -> Provider:
        """Return the one of this name."""
        return providers.provider_for(request, enums.Provider(provider))

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Nobody signs up: joining is by invitation."""
        return False


def _box() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    hashes = [hashlib.sha256(f"second step:{key}".encode()).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(each)) for each in hashes])
