"""The operator's page of a network's own domain."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from shared_apps.accounts.permissions import operator_required, proof_required
from shared_apps.core.console import network_crumbs, network_or_404
from shared_apps.core.finding import found_or_404
from shared_apps.core.flash import say
from shared_apps.domains import selectors, services
from shared_apps.domains.models import OwnDomain
from tenants.selectors import first_host_of


@require_http_methods(["GET", "HEAD", "POST"])
@operator_required
@proof_required
def own_domain(request: HttpRequest, network_id: UUID) -> HttpResponse:
    """Show the domain with its records as they were last seen; a POST removes it."""
    network = network_or_404(network_id)
    domain = selectors.domain_of(network)
    if request.method == "POST":
        _remove(request, found_or_404(domain))
        return redirect("domains:own_domain", network_id)
    context = {
        "network": network,
        "domain": domain,
        "records": selectors.records_of(domain) if domain else [],
        "first_host": first_host_of(network),
        "crumbs": network_crumbs(network),
    }
    return render(request, "domains/own_domain.html", context)


def _remove(request: Any, domain: OwnDomain) -> None:
    try:
        services.remove(domain, by=request.actor)
        say(request, f"{domain.host} is removed. The network’s owners are told.")
    except services.DomainError as error:
        say(request, str(error), level=messages.ERROR)
