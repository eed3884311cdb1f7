"""Bytes: what a row adds to the HTML, and twenty rows compressed."""

from collections.abc import Iterator

from tests.bench.figures import Figure
from tests.bench.lab import PAGE_SIZES, Lab
from tests.bench.pages import lists
from tests.bench.pairs import Spread

KB = 1000
MOST_OF_A_ROW = 1.4
# Those of a project's snapshots name twenty disks, too.
MOST_OF_TWENTY = {"Disks": 6.5, "Snapshots": 7.0, "a disk's snapshots": 6.5}


def figures(lab: Lab) -> Iterator[Figure]:
    """Count the bytes of the lists."""
    fewer, more = PAGE_SIZES
    for site in lab.sites:
        browser = site.browser(lab.many)
        for name, path in lists(lab.many).items():
            sizes = {}
            for size in PAGE_SIZES:
                answer = browser.get(f"{path}?per_page={size}")
                assert answer.headers["Content-Encoding"] == "gzip", "a page that isn't compressed"
                sizes[size] = len(answer.content), int(answer.headers["Content-Length"])
            is_own = site is lab.own
            (html_of_few, zipped_of_few), (html_of_more, zipped_of_more) = (sizes[size] for size in PAGE_SIZES)
            yield Figure(
                f"{site.label}HTML of a row, {name}",
                Spread.of([(html_of_more - html_of_few) / (more - fewer) / KB]),
                "kB",
                MOST_OF_A_ROW if is_own else None,
                f"{fewer} rows {html_of_few / KB:.0f} kB, {more} rows {html_of_more / KB:.0f} kB",
            )
            yield Figure(
                f"{site.label}{name}, {fewer} rows, gzipped",
                Spread.of([zipped_of_few / KB]),
                "kB",
                MOST_OF_TWENTY[name] if is_own else None,
                f"{more} rows {zipped_of_more / KB:.1f} kB",
            )
