"""Deleting fifty snapshots through the page, over a plain client that deletes them with four threads."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any, Self

from tests.bench.figures import Figure, in_ms
from tests.bench.fill import Filled
from tests.bench.lab import Lab, Site
from tests.bench.pairs import Spread, in_turn, ratios
from tests.bench.serving import HTMX, Browser
from tests.support.devcloud import make_project
from tests.support.html import Element, Page
from tests.support.pages import triggers

COUNT = 50
DISKS = 5
THREADS = 4
POLL_SECONDS = 0.05
MOST_REQUESTS = 200
MOST = 1.15


@dataclass(frozen=True)
class Deletion:
    """A project whose snapshots are deleted, again and again."""

    filled: Filled
    cinder: Any

    @classmethod
    def of(cls, lab: Lab) -> Self:
        """Create the project, and its disks with their files."""
        project = make_project(lab.cloud, lab.administrator)
        disks = project.create_disks(DISKS)
        return cls(Filled(project, tuple(disk.id for disk in disks)), project.volume_client())

    def make(self) -> list[str]:
        """Create the snapshots, with their files; return their ids."""
        project = self.filled.project
        return [project.create_snapshot(self.filled.disk_ids[number % DISKS]).id for number in range(COUNT)]

    def wait(self) -> None:
        """Return when Cinder has none left."""
        while self.cinder.volume_snapshots.list(detailed=False, limit=1):
            time.sleep(POLL_SECONDS)

    def timed(self, delete: Callable[[list[str]], object]) -> float:
        """Make snapshots, delete them, and return how long it takes until none is left, in seconds."""
        ids = self.make()
        begun = time.perf_counter()
        delete(ids)
        self.wait()
        return time.perf_counter() - begun

    def plainly(self) -> float:
        """Delete by a plain client."""
        with ThreadPoolExecutor(THREADS) as pool:
            return self.timed(lambda ids: list(pool.map(self.cinder.volume_snapshots.delete, ids)))

    def through(self, site: Site) -> float:
        """Delete through the page of a site."""
        browser = site.browser(self.filled)
        page = f"{self.filled.here}snapshots/?per_page=100"
        token = csrf_token(Page(browser.get(page)))
        return self.timed(lambda ids: delete_through(browser, self.filled, ids, token))


def csrf_token(page: Page) -> str:
    """The token that every form of a page holds."""
    return page.hidden("csrfmiddlewaretoken")[0]


def delete_through(browser: Browser, filled: Filled, ids: list[str], token: str) -> None:
    """Open the preview, confirm it, and go on as the page's script does until nothing is left to send."""
    preview_path = f"{filled.here}snapshots/delete/"
    sent = [*(("ids", one) for one in ids), ("csrfmiddlewaretoken", token)]
    preview = Page(browser.post(preview_path, sent, **HTMX))
    [form] = [form for form in preview.find_all("form") if form.has("button", "Delete")]
    for _ in range(MOST_REQUESTS):
        answer = browser.post(form["hx-post"], fields(form), **HTMX)
        following = [form for form in Page(answer).find_all("form") if sends_itself(form)]
        if not following:
            return
        [form] = following
    raise AssertionError("The chain of requests doesn't end")


def sends_itself(form: Element) -> bool:
    """Whether the page's script sends a form as soon as it is there, perhaps after a pause."""
    return any(event.split()[:1] == ["load"] for event in triggers(form))


def fields(form: Element) -> list[tuple[str, str]]:
    """What a form sends: the boxes aren't ticked."""
    found = [field for field in form.select("input[name]") if field["type"] != "checkbox"]
    return [(field["name"], field.value) for field in found]


def figures(lab: Lab) -> Iterator[Figure]:
    """Measure the page of each site and the plain client in turn."""
    deletion = Deletion.of(lab)
    takes: list[Callable[[], float]] = [deletion.plainly, *(partial(deletion.through, site) for site in lab.sites)]
    for take in takes:
        take()
    plain, *taken = in_turn(lab.pairs, *takes)
    for site, times in zip(lab.sites, taken, strict=True):
        yield Figure(
            f"{site.label}deleting {COUNT} snapshots ÷ plain client",
            Spread.of(ratios(times, plain)),
            most=MOST if site is lab.own else None,
            besides=f"{in_ms('page', Spread.of(times))}, {in_ms('client', Spread.of(plain))}",
        )
