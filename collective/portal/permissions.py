"""Who may use the portal: anybody with access to a live network, acting for one of theirs."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

from shared_apps.accounts.permissions import account_required
from shared_apps.accounts.selectors import acting_network

View = Callable[..., HttpResponse]


def reader_required(view: View) -> View:
    """Set `request.acting` to the network a person acts for; others sign in first."""

    @wraps(view)
    @account_required
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        request.acting = acting_network(request)
        return view(request, *args, **kwargs)

    return guarded
