"""The figures of the table, and their bars."""

from collections.abc import Iterable
from dataclasses import dataclass

from tests.bench.pairs import Spread

MISSED = "missed"
HEAD = ("What", "Median", "Middle half", "At most", "", "Besides")


@dataclass(frozen=True, slots=True)
class Figure:
    """A line of the table: what was measured, and `most`, the bar for its median; None if there is no bar.

    `unit` follows the numbers. `besides` holds the absolute values behind a ratio.
    """

    what: str
    measured: Spread
    unit: str = "×"
    most: float | None = None
    besides: str = ""

    @property
    def is_missed(self) -> bool:
        """Whether it exceeds its bar."""
        return self.most is not None and self.measured.median > self.most

    def cells(self) -> tuple[str, ...]:
        """The cells of its line, in the order of HEAD."""
        spread = self.measured
        is_exact = spread.low == spread.high
        middle = "" if is_exact else f"{number(spread.low)} – {number(spread.high)}"
        most = "" if self.most is None else f"{self.most:g}"
        verdict = "" if self.most is None else MISSED if self.is_missed else "met"
        return (self.what, f"{number(spread.median)} {self.unit}".strip(), middle, most, verdict, self.besides)


def number(value: float) -> str:
    """Three significant digits, and all those before the point; a whole number without a point."""
    return f"{value:.0f}" if abs(value) >= 100 or value == int(value) else f"{value:#.3g}"


def in_ms(name: str, values: Spread) -> str:
    """Seconds, as the addition to a ratio."""
    return f"{name} {number(values.median * 1000)} ms"


def markdown(figures: Iterable[Figure]) -> str:
    """Return the table in Markdown, with columns of equal width."""
    lines = [HEAD, *(figure.cells() for figure in figures)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(HEAD))]
    rows = [[cell.ljust(width) for cell, width in zip(line, widths, strict=True)] for line in lines]
    rule = ["-" * max(3, width) for width in widths]
    return "\n".join(f"| {' | '.join(row)} |" for row in [rows[0], rule, *rows[1:]])


def exit_code(figures: Iterable[Figure]) -> int:
    """Return 1 if a figure misses its bar, else 0."""
    return int(any(figure.is_missed for figure in figures))
