"""Tests work as the app; what opens the owner's door within a test's own transaction becomes the owner on the spot.

Another connection would see nothing of such a test. Where there is no such transaction the product's own door is used.
Requests never open it: there the door stays shut, as in a web server.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest
from django.core.handlers.base import BaseHandler
from django.db import Error, connection
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from config import localpg
from tenants import roles


class NoOwnerHereError(Exception):
    """A request wants to work as the owner, whom a web server does not know; let a job do it."""


@pytest.fixture(scope="session", autouse=True)
def owner_within_tests() -> Iterator[None]:
    """Put the tests' door in the place of the product's."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(roles, "connected_as_owner", _door(roles.connected_as_owner))
        patch.setattr(BaseHandler, "get_response", _answering(BaseHandler.get_response))
        yield


def _door(real: Callable) -> Callable:
    @contextmanager
    def connected_as_owner() -> Iterator[None]:
        if _here.is_answering:
            raise NoOwnerHereError
        within_test = any(block._from_testcase for block in connection.atomic_blocks)
        with become(localpg.OWNER_ROLE) if within_test else real():
            yield

    return connected_as_owner


@contextmanager
def become(role: str) -> Iterator[None]:
    """Go on with this connection as another role."""
    before, options = connection.settings_dict["OPTIONS"], {"options": f"-c role={role}"}
    connection.settings_dict["OPTIONS"] = options
    _set_role(role)
    try:
        yield
    finally:
        connection.settings_dict["OPTIONS"] = before
        with suppress(Error):  # a transaction that failed goes back to its role by itself
            _set_role(before["options"].rpartition("=")[2])


def _set_role(role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {role}")


class _Here(threading.local):
    is_answering = False


_here = _Here()


def _answering(real: Callable) -> Callable:
    """Let a handler's thread know that it answers a request."""

    def get_response(handler: BaseHandler, request: HttpRequest) -> HttpResponseBase:
        outside, _here.is_answering = _here.is_answering, True
        try:
            return real(handler, request)
        finally:
            _here.is_answering = outside

    return get_response
