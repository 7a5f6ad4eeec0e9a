"""The base of every resource, and the router that gives it addresses."""

from typing import Any
from uuid import UUID

from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter
from rest_framework.serializers import Serializer
from rest_framework.viewsets import GenericViewSet

from shared_apps.api.rest.idempotency import answering_once, answering_once_afterwards
from shared_apps.api.rest.parsers import refuse_unstorable
from shared_apps.api.rest.throttles import StrangerThrottle


class Resource(GenericViewSet):
    """Mix in DRF's `ListModelMixin` and its kin, or write `list`, `create` and so on; ids are UUIDs.

    In a method `request.user` is the account, `request.auth` the token, `request.network` the network of the host
    (None on the Collective and the platform), `request.actor` the audit's Actor.
    """

    lookup_value_converter = "uuid"
    enters_networks = False  # True of the platform's whose POST works in networks, and finds its own work done

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Check the token, the limits and the address; strangers are counted by their address."""
        for name, values in request.query_params.lists():
            for text in (name, *values):
                refuse_unstorable(text)
        try:
            super().initial(request, *args, **kwargs)
        except (AuthenticationFailed, NotAuthenticated):
            self._count_stranger(request)
            raise
        if request.method == "POST" and (post := getattr(self, "post", None)):
            once = answering_once_afterwards if self.enters_networks else answering_once
            self.post = once(post, replay=self.replay)

    def replay(self, request: Request, made: UUID | None, **address: Any) -> Response:
        """Answer a POST that was done before with how the thing with the id `made`, or of the address, is now.

        The status is that of the first answer. A resource whose POST answers anything but what `retrieve` does says
        so here.
        """
        return self.retrieve(request, **(address | ({"pk": made} if made else {})))  # type: ignore[attr-defined]

    def _count_stranger(self, request: Request) -> None:
        throttle = StrangerThrottle()
        if not throttle.allow_request(request, self):
            self.throttled(request, throttle.wait())


def valid_body(serializer: type[Serializer], request: Request) -> dict[str, Any]:
    """Return what was sent, as a serializer takes it; raises ValidationError."""
    return _valid(serializer, request.data)


def valid_query(serializer: type[Serializer], request: Request) -> dict[str, Any]:
    """Return what the address asks for, as a serializer takes it; raises ValidationError."""
    return _valid(serializer, request.query_params)


def _valid(serializer: type[Serializer], data: Any) -> dict[str, Any]:
    given = serializer(data=data)
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)


class Router(SimpleRouter):
    """Registers resources under their plural names: `router.register("discussions", DiscussionResource, "discussion")`.

    A nested one is `router.register("discussions/<uuid:discussion_id>/replies", ReplyResource, "reply")`. Addresses
    reverse as `api:discussion-list` and `api:discussion-detail`.
    """

    def __init__(self) -> None:
        super().__init__(trailing_slash=True, use_regex_path=False)
