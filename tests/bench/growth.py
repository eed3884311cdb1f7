"""Large projects: a page of 10,000 disks over one of 100, and a search over the listing that it needs."""

from collections.abc import Callable, Iterator
from functools import partial

from tests.bench.figures import Figure, in_ms
from tests.bench.fill import Filled
from tests.bench.lab import MANY, VERY_MANY, Lab
from tests.bench.pages import compared
from tests.bench.pairs import Spread, in_turn, ratios, seconds

FEW = 100
MOST_OF_A_PAGE = 1.1
MOST_OF_A_SEARCH = 1.15
# A search in 10,000 disks takes ten seconds and more, and wanders less than a page.
PAIRS_OF_A_LONG_SEARCH = 8
# A part of some names. A stock Cinder can't search for it.
WANTED = "00042"


def figures(lab: Lab) -> Iterator[Figure]:
    """Measure pages of large projects, then searches."""
    few, very_many = lab.filled(FEW), lab.filled(VERY_MANY)
    middle = f"?per_page=20&marker={very_many.disk_ids[VERY_MANY // 2]}"
    for name, query in {"first page": "?per_page=20", "a page in the middle": middle}.items():
        small, large = (few, f"{few.here}disks/?per_page=20"), (very_many, f"{very_many.here}disks/{query}")
        yield from _grown(lab, name, small, large)
    for filled, count, pairs in ((lab.many, MANY, lab.pairs), (very_many, VERY_MANY, PAIRS_OF_A_LONG_SEARCH)):
        path = f"{filled.here}disks/?q={WANTED}"
        name = f"search in {count:,} disks"
        yield from compared(lab, filled, name, path, MOST_OF_A_SEARCH, warm_up=1, pairs=pairs)


def _grown(lab: Lab, name: str, small: tuple[Filled, str], large: tuple[Filled, str]) -> Iterator[Figure]:
    """Compare (page ÷ Cinder) of a large project with that of a small one."""
    raw = [lab.own.needs(*case).send_all for case in (small, large)]
    visits = [partial(site.browser(filled).get, path) for site in lab.sites for filled, path in (small, large)]
    takes: list[Callable[[], object]] = [*raw, *visits]
    in_turn(min(3, lab.pairs), *(partial(seconds, take) for take in takes))
    raw_of_small, raw_of_large, *taken = in_turn(lab.pairs, *(partial(seconds, take) for take in takes))
    for place, site in enumerate(lab.sites):
        of_small, of_large = taken[2 * place : 2 * place + 2]
        growth = ratios(ratios(of_large, raw_of_large), ratios(of_small, raw_of_small))
        yield Figure(
            f"{site.label}Disks, {name}: (page ÷ Cinder) of {VERY_MANY:,} over {FEW}",
            Spread.of(growth),
            most=MOST_OF_A_PAGE if site is lab.own else None,
            besides=f"{in_ms('page', Spread.of(of_large))}, {in_ms('Cinder', Spread.of(raw_of_large))}",
        )
