"""What the apps above show on the organisers' desk, in numbers."""

from collections.abc import Callable
from dataclasses import dataclass


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
