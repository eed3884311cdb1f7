"""``make lighthouse``: Lighthouse's scores for the most used pages, on a phone and on a desktop.

It is not part of ``make test``: it takes minutes and needs Node. Only Diskboard gets requests while it measures.
"""

import json
import os
import re
import shutil
import subprocess
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import sync_playwright

from dashboard.devcloud.launcher import DevCloud
from dashboard.devcloud.sample import fill
from tests.browser.steps import fill_in_sign_in
from tests.load import serve
from tests.support.chromium import ARGUMENTS, NAMES
from tests.support.devcloud import wait_until

HERE = Path(__file__).parent
LIGHTHOUSE = HERE / "node_modules" / ".bin" / "lighthouse"
LEAST = {"accessibility": 100, "best-practices": 100, "performance": 98}
PRESETS: dict[str, list[str]] = {"phone": [], "desktop": ["--preset=desktop"]}
# On a machine that also does other things, a single run says little about the performance.
RUNS = 3
TRIES = 3
DISKS = re.compile(r"(.*/p/[^/]+/)disks/")


@dataclass(frozen=True)
class Measured:
    """The scores of one run, from 0 to 100, and the audits that cost points."""

    scores: dict[str, float]
    lost: dict[str, str]


@dataclass(frozen=True)
class Chromium:
    """A browser that keeps running, so that the user stays signed in; Lighthouse connects to its port."""

    process: subprocess.Popen[bytes]
    port: int

    @classmethod
    def start(cls, path: str, profile: Path) -> "Chromium":
        """Start a browser with an empty profile, in English."""
        command = [path, "--headless=new", "--remote-debugging-port=0", f"--user-data-dir={profile}", *ARGUMENTS]
        environment = {**os.environ, "LANGUAGE": "en"}
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        told = profile / "DevToolsActivePort"
        wait_until(told.exists, "Chromium tells its port")
        return cls(process, int(told.read_text().split()[0]))

    def sign_in(self, site: str) -> str:
        """Sign in as the user of the sample project; return the address of the project."""
        with sync_playwright() as playwright:
            page = playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{self.port}").contexts[0].new_page()
            page.goto(f"{site}/sign-in/")
            fill_in_sign_in(page, "demo", "demo")
            page.wait_for_url(DISKS)
            found = DISKS.fullmatch(page.url)
            page.close()
        return found[1] if found else site

    def stop(self) -> None:
        """End it."""
        self.process.terminate()
        self.process.wait()


def measure(url: str, preset: str, port: int) -> Measured:
    """Measure one page with Lighthouse."""
    command = [str(LIGHTHOUSE), url, f"--port={port}", "--output=json", "--quiet", "--no-enable-error-reporting"]
    command += [f"--only-categories={','.join(LEAST)}", *PRESETS[preset]]
    # Lighthouse sometimes misses the beginning of its own recording, and says that it must be run again.
    for _ in range(TRIES):
        done = subprocess.run(command, capture_output=True, check=False)
        if not done.returncode:
            break
    else:
        raise SystemExit(f"Lighthouse failed at {url}:\n{done.stderr.decode()}")
    report = json.loads(done.stdout)
    if report["finalDisplayedUrl"] != url:
        raise SystemExit(f"{url} led to {report['finalDisplayedUrl']}")
    return Measured(_scores(report), _lost(report))


def _scores(report: dict[str, Any]) -> dict[str, float]:
    return {name: 100 * (report["categories"][name]["score"] or 0) for name in LEAST}


def _lost(report: dict[str, Any]) -> dict[str, str]:
    weighty = {one["id"] for name in LEAST for one in report["categories"][name]["auditRefs"] if one["weight"]}
    audits = [audit for name, audit in report["audits"].items() if name in weighty]
    return {
        audit["title"]: audit.get("displayValue", "")
        for audit in audits
        if (1 if audit["score"] is None else audit["score"]) < 1
    }


def told(name: str, preset: str, runs: list[Measured]) -> bool:
    """Print the median of a page's runs and the audits that cost points; return whether the scores are good enough."""
    scores = {category: median(run.scores[category] for run in runs) for category in LEAST}
    print(f"{name:10} {preset:8} " + "  ".join(f"{category} {score:3.0f}" for category, score in scores.items()))
    for title, value in runs[-1].lost.items():
        print(f"{'':10} {title} {value}")
    return all(scores[category] >= least for category, least in LEAST.items())


def look_at_all(site: str, chromium: Chromium) -> bool:
    """Measure every page in every preset; return whether all are good enough."""
    # Measure this page before the sign-in: afterwards it redirects.
    enough = look_at("sign-in", f"{site}/sign-in/", chromium.port)
    project = chromium.sign_in(site)
    for name in ("disks", "snapshots"):
        enough = look_at(name, f"{project}{name}/", chromium.port) and enough
    return enough


def look_at(name: str, url: str, port: int) -> bool:
    """Measure one page in every preset; return whether it is good enough."""
    return all([told(name, preset, [measure(url, preset, port) for _ in range(RUNS)]) for preset in PRESETS])  # noqa: C419  all are printed


def main() -> int:
    """Run Lighthouse; return 1 if a page is not good enough."""
    chrome = os.environ.get("CHROME_PATH") or next(filter(None, map(shutil.which, NAMES)), None)
    if not chrome:
        raise SystemExit("Lighthouse needs Chromium: install your system's, or name one in CHROME_PATH.")
    with tempfile.TemporaryDirectory() as name, ExitStack() as ending:
        directory = Path(name)
        cloud = DevCloud(directory / "cloud")
        ending.callback(cloud.stop)
        cloud.start(print)
        fill(cloud)
        server, site = serve(cloud, directory)
        ending.callback(server.wait)
        ending.callback(server.terminate)
        chromium = Chromium.start(chrome, directory / "profile")
        ending.callback(chromium.stop)
        return 0 if look_at_all(site, chromium) else 1


if __name__ == "__main__":
    raise SystemExit(main())
