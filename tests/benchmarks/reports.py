"""Tables that the benchmarks print, all together at the end of the run."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(slots=True)
class Table:
    """What was compared, in plain text: the first column is words, the others figures."""

    title: str
    columns: Sequence[str]
    rows: list[Sequence[str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    load: tuple[float, ...] = field(default_factory=os.getloadavg)

    def add(self, *cells: object) -> None:
        """Add a row; a float is shown with one decimal, or with two below ten."""
        self.rows.append([shown(cell) for cell in cells])

    def lines(self) -> list[str]:
        """Return the table as it is printed, with the machine's load when it was begun and now."""
        rows = [self.columns, *self.rows]
        widths = [max(len(row[place]) for row in rows) for place in range(len(self.columns))]
        drawn = [
            "  ".join(
                f"{cell:{'>' if place else '<'}{width}}"
                for place, (cell, width) in enumerate(zip(row, widths, strict=True))
            )
            for row in rows
        ]
        load = f"load average {self.load[0]:.1f} at the start, {os.getloadavg()[0]:.1f} at the end"
        return ["", self.title, "-" * len(drawn[0]), *drawn, *self.notes, load]


def shown(cell: object) -> str:
    """Return a cell as text."""
    if isinstance(cell, float):
        return f"{cell:,.1f}" if abs(cell) >= 10 else f"{cell:.2f}"
    return f"{cell:,}" if isinstance(cell, int) else str(cell)


def times(ratio: float) -> str:
    """Return a ratio as people read it."""
    return f"{ratio:.2f} ×" if ratio < 10 else f"{ratio:.0f} ×"
