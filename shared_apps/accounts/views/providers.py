"""Signing in with Google or Microsoft, and linking their accounts; on the platform's host alone.

Providers send people back to one address. Who was on another host comes here first, by `switch.start` and
`switch.leave`, and goes back by the same hand-off, because `next` is then the address of `switch.leave`.

`callback` begins a session on a GET, and that is safe for the reason that `views/switch.py` gives: what it takes works
once, and only in the browser whose session holds the state, the verifier and the nonce. Everything else is a POST. The
page that a POST answers with leads to the provider by a header, not a redirect: our pages' policy lets forms lead to
ourselves only, and a browser would hold every stop of a school's own sign-in against it.
"""

import secrets
from dataclasses import asdict

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.core import ratelimit
from django.contrib import messages as flashes
from django.core.cache import caches
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from shared_apps.accounts import forms, messages, providers, selectors, services
from shared_apps.accounts.enums import Provider, Strength
from shared_apps.accounts.permissions import account_required, ask_anybody_for_proof
from shared_apps.core import flash

_UNKNOWN = "accounts.unknown_person"
_UNKNOWN_SECONDS = 15 * 60


@never_cache
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, provider: Provider) -> HttpResponse:
    """Say where this leads, and go there."""
    _check_offered(provider)
    path = selectors.local_path(request.POST.get("next") or request.GET.get("next"))
    if request.method == "POST":
        return _go(request, provider, path)
    values = {"provider": provider, "next": path, "ahead": selectors.site_ahead(path)}
    return render(request, "accounts/provider_start.html", values)


@never_cache
@require_GET
def callback(request: HttpRequest, provider: Provider) -> HttpResponse:
    """Sign in whom the provider's answer is about, link them, or ask who they are here."""
    try:
        answer = providers.finish(request, provider)
    except providers.ProviderError as error:
        return _failed(request, provider, error)
    if answer.linking:
        return _link(request, answer)
    if selectors.asks_for_address(answer.path):
        return _show_address(request, answer)
    account = services.account_of_person(answer.person, by=request.actor)
    if account is None:
        _keep_unknown(request, answer.person)
        return redirect(_with_path("accounts:unknown_person", answer.path))
    if request.user.is_authenticated:
        get_adapter(request).logout(request)
    record_authentication(request, account, method=Strength.PROVIDER.value, provider=provider.value)
    return perform_login(request, Login(user=account, redirect_url=answer.path if answer.path != "/" else None))


@never_cache
@require_GET
def unknown(request: HttpRequest) -> HttpResponse:
    """Ask somebody whom nobody linked to show once, in another way, who they are here."""
    person, path = _unknown_person(request), selectors.local_path(request.GET.get("next"))
    if person is None:
        return redirect(_with_path("account_login", path))
    on = _with_path("accounts:link_new", path)
    if request.user.is_authenticated:
        return redirect(on)
    form = forms.AskForCodeForm(initial={"email": person.email})
    return render(request, "accounts/provider_unknown.html", {"person": person, "form": form, "next": on})


# On one's own account ------------------------------------------------------------------------------------------------


@never_cache
@require_GET
@account_required
def links(request: HttpRequest) -> HttpResponse:
    """Who signs in to this account, and who could."""
    values = {"links": selectors.links_of(request.user), "offered": selectors.offered_providers()}
    return render(request, "accounts/links.html", values)


@never_cache
@require_http_methods(["GET", "POST"])
@account_required
def link(request: HttpRequest, provider: Provider) -> HttpResponse:
    """Ask who one is first, then say where this leads, and go there."""
    _check_offered(provider)
    ask_anybody_for_proof(request)
    if request.method == "POST":
        return _go(request, provider, reverse("accounts:links"), linking=str(request.user.pk))
    return render(request, "accounts/provider_link.html", {"provider": provider})


@never_cache
@require_http_methods(["GET", "POST"])
@account_required
def link_new(request: HttpRequest) -> HttpResponse:
    """Link the person whom nobody had linked to whoever has signed in since."""
    person, path = _unknown_person(request), selectors.local_path(request.GET.get("next"))
    if person is None:
        return redirect("accounts:links")
    ask_anybody_for_proof(request)
    if request.method == "GET":
        return render(request, "accounts/link_new.html", {"person": person, "next": path})
    caches["default"].delete(_UNKNOWN + request.session.pop(_UNKNOWN))
    _link_and_say(request, person)
    return redirect(path if path != "/" else "accounts:links")


@never_cache
@require_http_methods(["GET", "POST"])
@account_required
def unlink(request: HttpRequest, link_id: int) -> HttpResponse:
    """Ask, then let one of them sign in no more."""
    provider, row = next((each for each in selectors.links_of(request.user) if each[1].pk == link_id), (None, None))
    if provider is None or row is None:
        raise Http404
    ask_anybody_for_proof(request)
    if request.method == "GET":
        return render(request, "accounts/link_remove.html", {"provider": provider, "link": row})
    services.unlink_person(request.user, row, by=request.actor, keep_session=request.session.session_key)
    flash.say(request, messages.UNLINKED.format(provider=provider.label))
    return redirect("accounts:links")


def _check_offered(provider: Provider) -> None:
    if provider not in selectors.offered_providers():
        raise Http404


def _go(request: HttpRequest, provider: Provider, path: str, *, linking: str = "") -> HttpResponse:
    if too_many := ratelimit.consume_or_429(request, action="provider"):
        return too_many
    try:
        url = providers.begin(request, provider, path=path, linking=linking)
    except providers.ProviderError as error:
        return _failed(request, provider, error)
    response = render(request, "accounts/provider_go.html", {"provider": provider, "url": url})
    response["Refresh"] = f"0; url={url}"
    return response


def _failed(request: HttpRequest, provider: Provider, error: providers.ProviderError) -> HttpResponse:
    """Say what happened and how to go on; of what the provider said nothing is shown."""
    kind = {providers.CancelledError: "cancelled", providers.StrayError: "stray"}.get(type(error), "silent")
    return _say_why(request, provider, kind, error.path)


def _say_why(request: HttpRequest, provider: Provider, kind: str, path: str) -> HttpResponse:
    ahead, back = selectors.site_ahead(path), selectors.way_back(path)
    values = {"provider": provider, "kind": kind, "ahead": ahead, "back": back}
    return render(request, "accounts/provider_failed.html", values, status=400)


def _show_address(request: HttpRequest, answer: providers.Answer) -> HttpResponse:
    """Remember whose address it is for the site that asked, and sign nobody in."""
    if not answer.person.speaks_for_email:
        return _say_why(request, answer.person.provider, "address", answer.path)
    shown = {"hash": selectors.hash_of_address(answer.person.email), "at": timezone.now().timestamp()}
    request.session[selectors.ADDRESS_KEY] = shown
    return redirect(answer.path)


def _link(request: HttpRequest, answer: providers.Answer) -> HttpResponse:
    """Link, if it is still the person who asked for it, and they showed lately who they are."""
    if str(request.user.pk) != answer.linking:
        return _failed(request, answer.person.provider, providers.StrayError())
    if not selectors.proved_lately(request):
        flash.say(request, messages.PROVE_TO_LINK, level=flashes.WARNING)
    else:
        _link_and_say(request, answer.person)
    return redirect("accounts:links")


def _link_and_say(request: HttpRequest, person: providers.Person) -> None:
    try:
        services.link_person(request.user, person, by=request.actor)
    except services.LinkedElsewhereError:
        words, level = messages.LINKED_ELSEWHERE, flashes.ERROR
    else:
        words, level = messages.LINKED, flashes.SUCCESS
    flash.say(request, words.format(provider=person.provider.label), level=level)


def _keep_unknown(request: HttpRequest, person: providers.Person) -> None:
    """Remember whom nobody linked for as long as the next steps take.

    Apart from the session, which holds a random key and may live for weeks.
    """
    key = request.session[_UNKNOWN] = secrets.token_urlsafe(32)
    caches["default"].set(_UNKNOWN + key, asdict(person), _UNKNOWN_SECONDS)


def _unknown_person(request: HttpRequest) -> providers.Person | None:
    """Return whom this browser came back with from a provider minutes ago, whom nobody has linked yet."""
    kept = caches["default"].get(_UNKNOWN + request.session.get(_UNKNOWN, ""))
    return providers.Person(**kept | {"provider": Provider(kept["provider"])}) if kept else None


def _with_path(name: str, path: str) -> str:
    return reverse(name, query={"next": path} if path != "/" else None)
