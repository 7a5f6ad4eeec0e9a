"""Moving between hosts without a second sign-in.

A cookie of one host is worth nothing on another, so a person's way to a second host is a short exchange:

1. `start`, on the destination, sets a cookie there with a random state and sends the browser to the host where the
   person is signed in, with the state's hash.
2. `leave`, there, makes a single-use code bound to the account, both hosts, the state's hash and the strength of the
   sign-in, and sends the browser back with it.
3. `arrive`, on the destination, uses the code up, looks at the access again, and begins a session.

The session begins on a GET, and that is safe for the reason it is in OpenID Connect: the code works once, for 60
seconds, and only in the browser that holds the state cookie, which the destination itself set before. A link made
by somebody else (their code in your browser, or your code in theirs) meets no such cookie, so nobody can be signed in
as another, or led to sign another in. `start` and `leave` change nothing but that cookie and an unused code, which
nobody sees but the destination.

`with` names Google or Microsoft: the person then signs in on the platform's host between `start` and `leave`. With
`only=address` nobody is signed in: who is invited and has no account yet shows in this way whose the address is.
"""

import re
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages as flashes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from shared_apps.accounts import messages, selectors, services
from shared_apps.accounts.permissions import account_required
from shared_apps.accounts.views.sign_in import go_to_sign_in
from tenants.enums import Kind
from tenants.selectors import url_of

STATE_COOKIE = f"{settings.COOKIE_PREFIX}hand-off"
STATE_SECONDS = 300
STATE_SECONDS_WITH_PROVIDER = 900  # in which people also type a password and a code at their provider
_STATE_HASH = re.compile(r"[0-9a-f]{64}")


@never_cache
@require_GET
@account_required
def switch(request: HttpRequest) -> HttpResponse:
    """Every place this person may go to, and on the Collective the network they act for."""
    acting = selectors.acting_network(request)
    return render(request, "accounts/switch.html", {"places": selectors.places(request), "acting": acting})


@require_POST
@account_required
def choose_acting(request: HttpRequest) -> HttpResponse:
    """Choose the network to act for on the Collective."""
    wanted = request.POST.get("network", "")
    if any(str(network.id) == wanted for network in request.user.networks):
        request.session[selectors.ACTING_KEY] = wanted
    return redirect(selectors.local_path(request.POST.get("next"), default="/switch/"))


@never_cache
@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """Begin, on the destination: set the state and ask the other host."""
    path = selectors.local_path(request.GET.get("next"))
    if request.user.is_authenticated:
        return redirect(path)
    here, origin = selectors.site_of(request), selectors.site_of_host(request.GET.get("from", ""))
    if origin is None or origin.host == here.host:
        return go_to_sign_in(request, path)
    state = services.new_state()
    provider = _provider(request, origin)
    query = {"to": here.host, "state": services.hash_of(state), "next": path}
    query |= {"with": provider, **_only_address(request)} if provider else {}
    response = redirect(url_of(origin.host, f"/switch/leave/?{urlencode(query)}"))
    secure = settings.SESSION_COOKIE_SECURE
    seconds = STATE_SECONDS_WITH_PROVIDER if provider else STATE_SECONDS
    response.set_cookie(STATE_COOKIE, state, max_age=seconds, secure=secure, httponly=True, samesite="Lax")
    return response


@never_cache
@require_GET
def leave(request: HttpRequest) -> HttpResponse:
    """Hand a signed-in person on to the host that asked; those who may not go there find its sign-in page."""
    here, to = selectors.site_of(request), selectors.site_of_host(request.GET.get("to", ""))
    state_hash, path = request.GET.get("state", ""), selectors.local_path(request.GET.get("next"))
    if to is None or to.host == here.host or not _STATE_HASH.fullmatch(state_hash):
        return redirect("/switch/")
    if provider := _provider(request, here):
        query = {"to": to.host, "state": state_hash, "next": path, **_only_address(request)}
        again = reverse("accounts:switch_leave", query=query)
        return redirect(reverse(f"accounts:{provider}_start", query={"next": again}))
    if _only_address(request):
        return _leave_with_address(request, to, state_hash, path)
    if not request.user.is_authenticated or not selectors.may_enter_site(request.user, to):
        return redirect(url_of(to.host, f"/sign-in/?{urlencode({'next': path})}"))
    code = services.issue_hand_off(
        request.user,
        from_site=here,
        to_site=to,
        state_hash=state_hash,
        strength=selectors.strength_of(request),
        now=timezone.now(),
    )
    return redirect(url_of(to.host, f"/switch/arrive/?{urlencode({'code': code, 'next': path})}"))


def _leave_with_address(request: HttpRequest, to: selectors.Site, state_hash: str, path: str) -> HttpResponse:
    """Hand on that an address was shown here, once; where none was, its owner shows it there in another way."""
    shown = request.session.pop(selectors.ADDRESS_KEY, None)
    if shown is None:
        return redirect(url_of(to.host, path))
    code = services.issue_proof(
        shown["hash"], from_site=selectors.site_of(request), to_site=to, state_hash=state_hash, now=timezone.now()
    )
    return redirect(url_of(to.host, f"/switch/arrive/?{urlencode({'code': code, 'next': path})}"))


def _only_address(request: HttpRequest) -> dict[str, str]:
    return {"only": "address"} if request.GET.get("only") == "address" else {}


def _provider(request: HttpRequest, origin: selectors.Site) -> str:
    """Return the provider that the person chose to sign in with, or ""; only the platform's host has any."""
    wanted = request.GET.get("with", "")
    return wanted if origin.kind == Kind.PUBLIC and wanted in selectors.offered_providers() else ""


@never_cache
@require_GET
def arrive(request: HttpRequest) -> HttpResponse:
    """Use the code up and begin a session, or show the sign-in page with one sentence."""
    path = selectors.local_path(request.GET.get("next"))
    code, state = request.GET.get("code", ""), request.COOKIES.get(STATE_COOKIE, "")
    try:
        arrival = services.redeem_hand_off(code, state=state, to_site=selectors.site_of(request), now=timezone.now())
    except services.HandOffError:
        flashes.warning(request, messages.HAND_OFF_OVER)
        response = go_to_sign_in(request, path)
    else:
        if arrival.account is None:
            shown = {"hash": arrival.address_hash, "at": timezone.now().timestamp()}
            request.session[selectors.ADDRESS_KEY] = shown
        else:
            services.begin_session(request, arrival.account, strength=arrival.strength, is_handed_off=True)
        response = redirect(path)
    response.delete_cookie(STATE_COOKIE, samesite="Lax")
    return response
