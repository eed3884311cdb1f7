"""The time of a page over that of the Cinder requests it needs, made by plain ``requests``."""

from collections.abc import Callable, Iterator
from functools import partial

from tests.bench.figures import Figure, in_ms
from tests.bench.fill import Filled
from tests.bench.lab import PAGE_SIZES, Lab
from tests.bench.pairs import Spread, in_turn, ratios, seconds

# The bars by the number of rows (docs/decisions/0017-bars.md). Cinder lists snapshots in a quarter of the time that it
# needs for as many disks, so the same work of Diskboard's is a larger part of the page.
MOST = {
    "Disks": {20: 1.45, 100: 1.35},
    "Snapshots": {20: 2.4, 100: 2.2},
    "a disk's snapshots": {20: 1.8, 100: 1.7},
}
MOST_OF_A_DISK = 1.9
# Visits before the first measurement; both workers have answered then.
WARM_UP = 6


def lists(filled: Filled) -> dict[str, str]:
    """The pages with rows, by their names."""
    return {
        "Disks": f"{filled.here}disks/",
        "Snapshots": f"{filled.here}snapshots/",
        "a disk's snapshots": f"{filled.here}disks/{filled.busiest}/snapshots/",
    }


def pages(filled: Filled) -> Iterator[tuple[str, str, float]]:
    """Yield each page to measure: its name, its path, and its bar. A disk's page has no rows."""
    for name, path in lists(filled).items():
        for size in PAGE_SIZES:
            yield f"{name}, {size} rows", f"{path}?per_page={size}", MOST[name][size]
    yield "a disk's page", f"{filled.here}disks/{filled.busiest}/", MOST_OF_A_DISK


def figures(lab: Lab) -> Iterator[Figure]:
    """Measure every page."""
    for name, path, most in pages(lab.many):
        yield from compared(lab, lab.many, name, path, most)


def compared(
    lab: Lab, filled: Filled, name: str, path: str, most: float, *, warm_up: int = WARM_UP, pairs: int = 0
) -> Iterator[Figure]:
    """Measure one page of each site over the requests that this checkout's page needs, in at most `pairs` if given."""
    raw, taken = measured(lab, filled, path, warm_up, min(pairs or lab.pairs, lab.pairs))
    for site, times in zip(lab.sites, taken, strict=True):
        besides = f"{in_ms('page', Spread.of(times))}, {in_ms('Cinder', Spread.of(raw))}"
        bar = most if site is lab.own else None
        yield Figure(f"{site.label}{name} ÷ Cinder", Spread.of(ratios(times, raw)), most=bar, besides=besides)


def measured(lab: Lab, filled: Filled, path: str, warm_up: int, pairs: int) -> tuple[list[float], list[list[float]]]:
    """Return the seconds of the raw requests, and for each site those of its page, measured in turn."""
    needed = lab.own.needs(filled, path)
    visits: list[Callable[[], object]] = [partial(site.browser(filled).get, path) for site in lab.sites]
    takes: list[Callable[[], object]] = [needed.send_all, *visits]
    for _ in range(min(warm_up, pairs)):
        for take in takes:
            take()
    raw, *taken = in_turn(pairs, *(partial(seconds, take) for take in takes))
    return raw, taken
