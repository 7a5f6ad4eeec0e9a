"""What the resources of discussions have in common: finding what an address names, and telling refusals."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework.exceptions import Throttled, ValidationError
from rest_framework.request import Request

from collective.publications.services import PublicationGoneError
from shared_apps.api.rest.problems import ConflictError
from shared_apps.core.finding import found_or_404
from tenant_apps.discussions import selectors, services
from tenant_apps.discussions.models import Category, Discussion, Reply
from tenant_apps.discussions.permissions import can_moderate
from tenant_apps.members.models import Member
from tenant_apps.members.permissions import caller


def calling_moderator(request: Request) -> Member:
    """Return the moderator for whom a program asks; raises PermissionDenied."""
    if not can_moderate(caller(request)):
        raise PermissionDenied("Only moderators can use this.")
    return request.member


def discussion_or_404(request: Request, discussion_id: UUID) -> Discussion:
    return found_or_404(selectors.get_discussion(discussion_id, caller(request)))


def reply_or_404(request: Request, discussion_id: UUID, reply_id: UUID) -> Reply:
    return found_or_404(selectors.get_reply(reply_id, discussion_id, caller(request)))


def category_named(name: str) -> Category:
    """Return the open category with this name; raises ValidationError."""
    for category in selectors.categories():
        if category.name.casefold() == name.strip().casefold():
            return category
    raise ValidationError(
        {"category": ["No open category here has this name. Send a name as /api/v1/categories/ lists it."]}
    )


def refusing(act: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Call a service and tell its refusals as the API does: what is wrong with what was sent is a 400."""
    try:
        return _calling(act, *args, **kwargs)
    except services.DiscussionError as error:
        raise _pointing(error) from error


def deciding(act: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Call a service that acts on something as it stands; what does not fit how it stands is a 409.

    What names a field of what was sent is a 400 all the same.
    """
    try:
        return _calling(act, *args, **kwargs)
    except services.DiscussionError as error:
        raise (_pointing(error) if error.field else ConflictError(str(error))) from error


def _pointing(error: services.DiscussionError) -> ValidationError:
    return ValidationError({error.field or "non_field_errors": [str(error)]})


def _calling(act: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    try:
        return act(*args, **kwargs)
    except services.NotAllowedError as error:
        raise PermissionDenied(str(error)) from error
    except PublicationGoneError as error:
        raise Http404 from error
    except services.TooSoonError as error:
        raise Throttled(error.seconds, str(error)) from error
