"""Announcing that a network closes, taking it back, moving it on when a day has come, and deleting it."""

from shared_apps.billing.services import GatewayError
from shared_apps.closing.services.deleting import QUIET, BusyError, delete, register_endings
from shared_apps.closing.services.planning import (
    ClosingError,
    Plan,
    advance,
    advance_all,
    announce,
    call_off,
    close_now,
    release_names,
)
from tenants.lifecycle import AlreadyRunningError

__all__ = [
    "QUIET",
    "AlreadyRunningError",
    "BusyError",
    "ClosingError",
    "GatewayError",
    "Plan",
    "advance",
    "advance_all",
    "announce",
    "call_off",
    "close_now",
    "delete",
    "register_endings",
    "release_names",
]
