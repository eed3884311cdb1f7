"""Diskboard's own processor time for a whole request, when the cloud's answers come from memory at once."""

from collections.abc import Iterator
from functools import partial

from tests.bench.figures import Figure, in_ms, number
from tests.bench.in_process import Visit
from tests.bench.lab import PAGE_SIZES, Lab, Site
from tests.bench.pages import lists
from tests.bench.pairs import Spread, ratios

# The bars by the number of rows: over a bare view behind the same middleware and session. A call to Cinder alone takes
# as long as a bare view, two calls twice as long, and the frame of the page twice (docs/decisions/0017-bars.md).
MOST = {20: 7.0, 100: 11.0}
BARE = "bare/"
ROUNDS_PER_PAIR = 3
PROFILED_SECONDS = 4.0
PARTS = ("session", "middleware", "client", "values", "rows", "frame")


def figures(lab: Lab) -> Iterator[Figure]:
    """Measure the lists."""
    for name, path in lists(lab.many).items():
        for site in lab.sites:
            yield from _of_list(lab, site, name, path)


def _of_list(lab: Lab, site: Site, name: str, path: str) -> Iterator[Figure]:
    bare: Visit = (f"{lab.many.here}{BARE}", {})
    visits: list[Visit] = [(f"{path}?per_page={size}", {}) for size in PAGE_SIZES]
    prepare(lab, site, visits)
    base, *taken = site.inside.measure([bare, *visits], ROUNDS_PER_PAIR * lab.pairs)
    totals = {size: Spread.of(times) for size, times in zip(PAGE_SIZES, taken, strict=True)}
    split = _split(lab, site, dict(zip(PAGE_SIZES, visits, strict=True)), totals)
    for size, times in zip(PAGE_SIZES, taken, strict=True):
        parts = ", ".join(f"{part} {number(split[size][part] * 1000)}" for part in PARTS)
        yield Figure(
            f"{site.label}own CPU, {name}, {size} rows ÷ bare view",
            Spread.of(ratios(times, base)),
            most=MOST[size] if site is lab.own else None,
            besides=f"{in_ms('bare', Spread.of(base))}, {in_ms('page', totals[size])}: {parts}",
        )


def prepare(lab: Lab, site: Site, visits: list[Visit]) -> None:
    """Sign in, and let the upstream answer what these visits request from memory."""
    site.inside.sign_in(lab.many.project)
    for path, headers in visits:
        # What is read once an hour only is read by the first visit.
        site.inside.visit(path, **headers)
        lab.upstream.remember(lab.upstream.sent_by(partial(site.inside.visit, path, **headers)))
        site.inside.visit(path, **headers)


def _split(lab: Lab, site: Site, visits: dict[int, Visit], totals: dict[int, Spread]) -> dict[int, dict[str, float]]:
    """Return the seconds of each part by the number of rows.

    The markup is divided by its growth with the number of rows: what would remain without rows is the frame.
    """
    seconds = PROFILED_SECONDS * min(1, lab.pairs / 30)
    split = {
        size: {part: share * totals[size].median for part, share in site.inside.profile(visit, seconds).items()}
        for size, visit in visits.items()
    }
    fewer, more = PAGE_SIZES
    row = (split[more].get("markup", 0) - split[fewer].get("markup", 0)) / (more - fewer)
    for size, parts in split.items():
        parts["rows"] = row * size
        parts["frame"] = parts.pop("markup", 0) - parts["rows"]
    return {size: {part: parts.get(part, 0) for part in PARTS} for size, parts in split.items()}
