"""The parts of the benchmark by their names, in the order of the table."""

from collections.abc import Callable, Iterable, Mapping

from tests.bench import (
    browsing,
    deletion,
    growth,
    own_cpu,
    pages,
    polling,
    signing_in,
    sizes,
    throughput,
    worker,
)
from tests.bench.figures import Figure
from tests.bench.lab import Lab

PARTS: Mapping[str, Callable[[Lab], Iterable[Figure]]] = {
    "pages": pages.figures,
    "own_cpu": own_cpu.figures,
    "throughput": throughput.figures,
    "sizes": sizes.figures,
    "browsing": browsing.figures,
    "growth": growth.figures,
    "deletion": deletion.figures,
    "polling": polling.figures,
    "signing_in": signing_in.figures,
    "worker": worker.figures,
}
