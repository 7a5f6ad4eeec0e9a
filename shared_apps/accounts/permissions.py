"""Who may enter which host."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from allauth.account.adapter import get_adapter
from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from shared_apps.accounts.models import User
from tenants.enums import Kind

View = Callable[..., HttpResponse]


Guests = Callable[[User, UUID], bool]
_guests: list[Guests] = []


def register_guests(is_guest: Guests) -> None:
    """Add a way in for operators who are no members of a network; adding one twice is the same as once."""
    if is_guest not in _guests:
        _guests.append(is_guest)


def may_enter(account: User, *, kind: Kind, network_id: UUID | None = None) -> bool:
    """Whether an account may be signed in on a host: members of a network there, of any network on the Collective's.

    Everybody may sign in on the platform's host, where `/switch/` shows the way on. An operator may be a guest of a
    network, which is asked about nobody else, so it costs members nothing.
    """
    if not account.is_active:
        return False
    if kind == Kind.NETWORK:
        is_member = any(network.id == network_id for network in account.networks)
        return is_member or (account.is_operator and network_id is not None and _is_guest(account, network_id))
    return kind == Kind.PUBLIC or bool(account.networks)


def _is_guest(account: User, network_id: UUID) -> bool:
    return any(is_guest(account, network_id) for is_guest in _guests)


def is_operator(account: Any) -> bool:
    """Whether an account (or an anonymous visitor) runs the platform."""
    return account.is_authenticated and account.is_active and account.is_operator


def needs_second_step(account: Any) -> bool:
    """Whether an account holds a role, anywhere, for which a password or a mailbox alone is too little."""
    if not settings.SECOND_STEP_REQUIRED:
        return False
    return is_operator(account) or any(network.needs_second_step for network in account.networks)


def account_required(view: View) -> View:
    """Let signed-in people in and send others to sign in first."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    return guarded


def operator_required(view: View) -> View:
    """Let operators in, send the signed-out to sign in, and refuse others."""

    @wraps(view)
    @account_required
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_operator(request.user):
            raise PermissionDenied("Only the people who run the platform can see this.")
        return view(request, *args, **kwargs)

    return guarded


def proof_required(view: View) -> View:
    """Ask who has, or must have, a second step to show again who they are, unless they did so minutes ago."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        ask_for_proof(request)
        return view(request, *args, **kwargs)

    return guarded


def ask_for_proof(request: HttpRequest) -> None:
    """Do as `proof_required`, in a view where it depends on what was sent; the view begins anew after the proof."""
    if lacks_proof(request):
        raise ReauthenticationRequired


def lacks_proof(request: HttpRequest) -> bool:
    """Whether `proof_required` would ask; for a view that cannot begin anew, because what it answers is no page."""
    account: Any = request.user
    has_to = account.is_authenticated and (account.has_second_step or needs_second_step(account))
    return has_to and get_adapter(request).is_reauthentication_required(app="allauth.mfa")


def ask_anybody_for_proof(request: HttpRequest) -> None:
    """Stop a signed-in person here to show again who they are, unless they did so minutes ago on this host.

    What allauth does of itself lets everybody pass who has neither a password nor a second step.
    """
    if get_adapter(request).is_reauthentication_required(app="allauth.mfa"):
        raise ReauthenticationRequired
