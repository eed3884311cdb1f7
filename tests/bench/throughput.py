"""Pages a second with eight connections, beside Cinder's own answers a second."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from tests.bench.figures import Figure, number
from tests.bench.lab import PAGE_SIZES, Lab, Site
from tests.bench.pairs import Spread, in_turn, ratios

CONNECTIONS = 8
EACH = 6
PAIRS_PER_ROUND = 5


def figures(lab: Lab) -> Iterator[Figure]:
    """Measure the Disks page."""
    for size in PAGE_SIZES:
        path = f"{lab.many.here}disks/?per_page={size}"
        needed = lab.own.needs(lab.many, path)
        takes = [
            partial(a_second, needed.send_all),
            *(partial(a_second, _visit(lab, site, path)) for site in lab.sites),
        ]
        in_turn(1, *takes)
        raw, *taken = in_turn(max(1, lab.pairs // PAIRS_PER_ROUND), *takes)
        for site, speeds in zip(lab.sites, taken, strict=True):
            pages, answers = Spread.of(speeds), Spread.of(raw)
            yield Figure(
                f"{site.label}Disks, {size} rows, {CONNECTIONS} connections: pages ÷ Cinder's answers a second",
                Spread.of(ratios(speeds, raw)),
                besides=f"{number(pages.median)} pages, {number(answers.median)} answers a second",
            )


def _visit(lab: Lab, site: Site, path: str) -> Callable[[], object]:
    """Return what visits a page, on a connection for each thread."""
    browsers = threading.local()

    def visit() -> None:
        if not hasattr(browsers, "own"):
            browsers.own = site.browser(lab.many)
        browsers.own.get(path)

    return visit


def a_second(call: Callable[[], object]) -> float:
    """Call from several threads at once; return the calls a second."""
    ready = threading.Barrier(CONNECTIONS + 1)

    def work() -> None:
        # The connection is open before the clock starts.
        call()
        ready.wait()
        for _ in range(EACH):
            call()

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        working = [pool.submit(work) for _ in range(CONNECTIONS)]
        ready.wait()
        begun = time.perf_counter()
        for one in working:
            one.result()
    return CONNECTIONS * EACH / (time.perf_counter() - begun)
