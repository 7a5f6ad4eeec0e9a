"""What a network that is read-only still takes."""

from collections.abc import Callable, Iterable
from typing import Any

from django.urls import URLPattern

from tenants.context import current_network

_READING = ("GET", "HEAD", "OPTIONS", "TRACE")


def is_read_only_here() -> bool:
    """Whether what is written now would go into a network that is read-only."""
    network = current_network()
    return network is not None and network.is_read_only


def works_read_only[View: Callable[..., Any]](view: View) -> View:
    """Mark a view whose forms a read-only network takes too, such as signing in and paying."""
    view.works_read_only = True  # type: ignore[attr-defined]
    return view


def all_work_read_only(patterns: Iterable[URLPattern]) -> list[URLPattern]:
    """Mark the view of every one of these addresses, and return them."""
    found = list(patterns)
    for pattern in found:
        works_read_only(pattern.callback)
    return found


def is_refused_read_only(method: str | None, view: Callable[..., Any]) -> bool:
    """Whether a read-only network refuses a request of this method to a view."""
    return method not in _READING and not getattr(view, "works_read_only", False)
