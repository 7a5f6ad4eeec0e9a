"""Who may use the portal: anybody with access to a live network, acting for one of theirs."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse

from shared_apps.accounts.permissions import account_required
from shared_apps.accounts.selectors import acting_network

View = Callable[..., HttpResponse]


def reader_required(view: View) -> View:
    """Set `request.acting` to the network a person acts for; strangers sign in first, who has no network is refused."""

    @wraps(view)
    @account_required
    def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        request.acting = acting_network(request)
        if request.acting is None:
            raise PermissionDenied("The Collective is for members of a network. You are in none that is open now.")
        return view(request, *args, **kwargs)

    return guarded
