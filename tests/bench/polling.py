"""A poll of the Disks page: with nothing changed, and with five changed rows."""

from collections.abc import Iterator

from tests.bench.figures import Figure, in_ms
from tests.bench.lab import Lab, Site
from tests.bench.own_cpu import BARE, ROUNDS_PER_PAIR, prepare
from tests.bench.pairs import Spread, ratios
from tests.bench.serving import HTMX
from tests.support.html import Page

CHANGED = 5
HEADERS = {**HTMX, "HX-Trigger": "poller"}


def figures(lab: Lab) -> Iterator[Figure]:
    """Measure polls of a page with 100 rows."""
    for site in lab.sites:
        yield from _of_site(lab, site)


def _of_site(lab: Lab, site: Site) -> Iterator[Figure]:
    page = Page(site.browser(lab.many).get(f"{lab.many.here}disks/?per_page=100"))
    # As static/js/polling.js sends them
    busy = {row["id"].removeprefix("row-"): row["data-busy"] for row in page.select("[data-busy]")}
    settled = [disk_id for disk_id in lab.many.disk_ids[:100] if disk_id not in busy][:CHANGED]
    seen = {"nothing changed": busy, f"{CHANGED} rows changed": dict.fromkeys(settled, "creating")}
    changes = f"{lab.many.here}disks/changes/?per_page=100&seen="
    visits = [(changes + _in_url(states), HEADERS) for states in seen.values()]
    prepare(lab, site, visits)
    bare: tuple[str, dict[str, str]] = (f"{lab.many.here}{BARE}", {})
    base, *taken = site.inside.measure([bare, *visits], ROUNDS_PER_PAIR * lab.pairs)
    for name, (path, headers), times in zip(seen, visits, taken, strict=True):
        _status, size = site.inside.visit(path, **headers)
        yield Figure(
            f"{site.label}own CPU of a poll, {name} ÷ bare view",
            Spread.of(ratios(times, base)),
            besides=f"{in_ms('poll', Spread.of(times))}, {size} bytes",
        )


def _in_url(states: dict[str, str]) -> str:
    return ",".join(f"{disk_id}:{state}" for disk_id, state in states.items())
