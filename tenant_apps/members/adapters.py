"""What the apps above show on the organisers' desk: what is left to do, and numbers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the network, and how full that is of a hundred."""

    label: str
    words: str
    percent: int


_figures: list[Callable[[], Figure]] = []


def register_figure(figure: Callable[[], Figure]) -> None:
    """Add a figure, worked out in the current network; adding one twice is the same as once."""
    if figure not in _figures:
        _figures.append(figure)


def figures() -> list[Figure]:
    """Return the figures of the current network."""
    return [figure() for figure in _figures]


_tasks: list[Callable[[HttpRequest], Sequence[Any]]] = []


def register_tasks(finder: Callable[[HttpRequest], Sequence[Any]]) -> None:
    """Add who knows what is left to do for who asks, for components/task_list.html; twice is the same as once."""
    if finder not in _tasks:
        _tasks.append(finder)


def tasks_for(request: HttpRequest) -> list[Any]:
    """Return what is left to do for who asks."""
    return [task for finder in _tasks for task in finder(request)]
