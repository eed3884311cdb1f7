"""The parts of the benchmark by their names, in the order of the table."""

from collections.abc import Callable, Iterable, Mapping

from tests.bench import deletion, own_cpu, pages, sizes
from tests.bench.figures import Figure
from tests.bench.lab import Lab

PARTS: Mapping[str, Callable[[Lab], Iterable[Figure]]] = {
    "pages": pages.figures,
    "own_cpu": own_cpu.figures,
    "sizes": sizes.figures,
    "deletion": deletion.figures,
}
