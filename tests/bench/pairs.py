"""Measuring several things in turn, and what the measurements have in common."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Self


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of some measurements, the quartiles around it, and how many measurements there are."""

    median: float
    low: float
    high: float
    count: int

    @classmethod
    def of(cls, values: Sequence[float]) -> Self:
        """Summarise at least one measurement."""
        if len(values) == 1:
            return cls(values[0], values[0], values[0], 1)
        low, _middle, high = quantiles(values, n=4, method="inclusive")
        return cls(median(values), low, high, len(values))

    def __mul__(self, factor: float) -> "Spread":
        """The same in another unit."""
        return Spread(self.median * factor, self.low * factor, self.high * factor, self.count)


def in_turn(rounds: int, *takes: Callable[[], float]) -> list[list[float]]:
    """Take one measurement of each in turn; return those of each.

    The order stays the same, so that each always follows the same other one and finds the same caches.
    """
    measured = [[take() for take in takes] for _ in range(rounds)]
    return [list(one) for one in zip(*measured, strict=True)]


def ratios(values: Sequence[float], bases: Sequence[float]) -> list[float]:
    """What was measured over its base in the same round."""
    return [value / base for value, base in zip(values, bases, strict=True)]


def seconds(call: Callable[[], object]) -> float:
    """How long a call takes, in seconds."""
    begun = time.perf_counter()
    call()
    return time.perf_counter() - begun
