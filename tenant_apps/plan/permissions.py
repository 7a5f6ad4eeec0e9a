"""The plan is for owners: it is they who spend their network's money."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from tenant_apps.members.permissions import is_owner, member_required, refusal

View = Callable[..., HttpResponse]


def owner_required(view: View) -> View:
    """As `member_required`, and answer 403 to a member who is no owner, saying who can help."""

    @wraps(view)
    @member_required
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_owner(getattr(request, "member", None)):
            raise PermissionDenied(refusal(owners=True))
        return view(request, *args, **kwargs)

    return checked
