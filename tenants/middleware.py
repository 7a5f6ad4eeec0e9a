"""Chooses the schema and the URLs from the host, and leaves the connection in public when the response is done."""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network
from time import monotonic

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import set_urlconf

from tenants import context, schema, selectors
from tenants.enums import SHOWN_STATES, Kind, NetworkState
from tenants.models import Network

GetResponse = Callable[[HttpRequest], HttpResponse]

CERTIFICATE_PATH = "/certificate"


@dataclass(frozen=True, slots=True)
class Site:
    """What answers on a host."""

    kind: Kind
    network: Network | None


class NetworkMiddleware:
    """Sets `request.network` (None on the platform and the Collective), `request.site_kind` and `request.urlconf`.

    A host is remembered for settings.HOST_CACHE_SECONDS in the process, so a page costs one round trip more than
    without networks (the SET search_path), and a suspension takes effect within those seconds.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer on the host's schema; an unknown host and one that is not live see nothing of any network."""
        context.leave()
        site = _site_or_none(request)
        if site is None:
            return _not_found(request)
        try:
            _enter(request, site)
            if site.network is not None and site.network.state != NetworkState.LIVE:
                return _closed(request, site.network)
            if site.network is not None and selectors.is_set_aside(site.network) and not _is_program(request):
                return _at_first_host(request, site.network)
            response = self.get_response(request)
            return _updating(request, site) if response.status_code == 500 and _is_other_release(site) else response
        finally:
            context.leave()


class OwnDomainMiddleware:
    """On a network's own domain, promises HTTPS for that host alone: what else is on the domain is not ours to bind."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Set the header that Django's SecurityMiddleware would set for all subdomains too."""
        response = self.get_response(request)
        host = request.headers.get("Host", "").rsplit(":", 1)[0].lower()
        if settings.SECURE_HSTS_SECONDS and request.is_secure() and not selectors.is_platform_host(host):
            response.headers.setdefault("Strict-Transport-Security", f"max-age={settings.SECURE_HSTS_SECONDS}")
        return response


class CertificateMiddleware:
    """`/certificate?domain=HOST` tells the proxy in front whether to get a certificate for a host: 200, or 404.

    Only the proxy's own question is answered: it comes from settings.CERTIFICATE_NETWORKS, and what the proxy passes on
    for others says so in a header. Anybody else finds no such page.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.networks = [ip_network(each) for each in settings.CERTIFICATE_NETWORKS]

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the proxy and pass everything else on."""
        if request.path_info != CERTIFICATE_PATH or not self._is_from_proxy(request):
            return self.get_response(request)
        context.leave()
        known = selectors.may_have_certificate(request.GET.get("domain", "").lower())
        response = HttpResponse(status=200 if known else 404, headers={"Cache-Control": "no-store"})
        response._has_been_logged = True  # "no" is an answer, not an error for the log
        return response

    def _is_from_proxy(self, request: HttpRequest) -> bool:
        if "x-forwarded-for" in request.headers or "forwarded" in request.headers:
            return False
        try:
            peer = ip_address(request.META.get("REMOTE_ADDR", ""))
        except ValueError:
            return False
        if isinstance(peer, IPv6Address) and peer.ipv4_mapped:
            peer = peer.ipv4_mapped
        return any(peer in network for network in self.networks)


def forget_hosts() -> None:
    """Forget every remembered host in this process."""
    with _lock:
        _remembered.clear()


def site_of_host(host: str) -> Site | None:
    """Return what answers on a host name (lower case, no port), remembering the answer for some seconds."""
    remembered = _remembered.get(host)
    if remembered is not None and remembered[0] > monotonic():
        return remembered[1]
    site = _look_up(host)
    if site is not None:
        with _lock:
            _remembered[host] = (monotonic() + settings.HOST_CACHE_SECONDS, site)
    return site


_remembered: dict[str, tuple[float, Site]] = {}
_lock = threading.Lock()


def _look_up(host: str) -> Site | None:
    if host == settings.PUBLIC_DOMAIN:
        return Site(Kind.PUBLIC, None)
    if host == selectors.collective_host():
        return Site(Kind.COLLECTIVE, None)
    network = selectors.network_of_host(host)
    return Site(Kind.NETWORK, network) if network and network.state in SHOWN_STATES else None


def _site_or_none(request: HttpRequest) -> Site | None:
    try:
        host = request.get_host().rsplit(":", 1)[0].lower()
    except DisallowedHost:
        return None
    return site_of_host(host)


def _enter(request: HttpRequest, site: Site) -> None:
    request.network, request.site_kind = site.network, site.kind
    request.urlconf = _urlconf_of(site.kind)
    set_urlconf(request.urlconf)
    context.enter_for_request(site.network, site.kind)


def _urlconf_of(kind: Kind) -> str:
    return str(settings.TENANT_TYPES[kind]["URLCONF"])


def _not_found(request: HttpRequest) -> HttpResponse:
    request.network, request.site_kind, request.is_host_unknown = None, Kind.PUBLIC, True
    request.urlconf = _urlconf_of(Kind.PUBLIC)
    if _is_program(request):
        return _problem(404, "Not found")
    return render(request, "errors/unknown_host.html", status=404)


def _closed(request: HttpRequest, network: Network) -> HttpResponse:
    status = 410 if network.state == NetworkState.DELETED else 503
    if _is_program(request):
        response = _problem(status, f"This network is {network.get_state_display().lower()}")
    else:
        context = {"network": network, "kept_url": selectors.url_of(selectors.host_of(None), "/kept/")}
        response = render(request, "errors/network_closed.html", context, status=status)
    response._has_been_logged = True  # Django would report it as an error of ours
    return response


def _at_first_host(request: HttpRequest, network: Network) -> HttpResponse:
    """Send somebody on from a host of the network's own whose records are wrong: it may be another's by now."""
    path = request.get_full_path() if request.method in ("GET", "HEAD") else "/"
    return redirect(selectors.url_of(selectors.first_host_of(network), path))


def _is_other_release(site: Site) -> bool:
    """Whether a network's tables are of another release than this process, in which what failed may be whole."""
    return site.network is not None and site.network.release != schema.current_release()


def _updating(request: HttpRequest, site: Site) -> HttpResponse:
    """Say plainly, in place of an error, that the network is being upgraded; the error has been reported."""
    context.leave()
    if _is_program(request):
        response = _problem(503, "This network is being updated. Try again in a minute.")
    else:
        response = render(request, "errors/network_updating.html", {"network": site.network}, status=503)
    response.headers["Retry-After"] = "60"
    response._has_been_logged = True
    return response


def _is_program(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def _problem(status: int, title: str) -> HttpResponse:
    body = {"type": "about:blank", "title": title, "status": status}
    return HttpResponse(json.dumps(body), status=status, content_type="application/problem+json")
