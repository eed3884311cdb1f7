"""Signing in, over Keystone's own answer to the password."""

from collections.abc import Iterator
from functools import partial

import requests

from tests.bench.figures import Figure, in_ms
from tests.bench.lab import Lab, Site
from tests.bench.pairs import Spread, in_turn, ratios, seconds
from tests.bench.serving import Browser
from tests.support.devcloud import Project


def figures(lab: Lab) -> Iterator[Figure]:
    """Measure the sign-in form."""
    project = lab.many.project
    with requests.Session() as session:
        session.trust_env = False
        takes = [
            partial(seconds, partial(plainly, session, project)),
            *(partial(_through, site, project) for site in lab.sites),
        ]
        in_turn(1, *takes)
        raw, *taken = in_turn(lab.pairs, *takes)
    for site, times in zip(lab.sites, taken, strict=True):
        besides = f"{in_ms('form', Spread.of(times))}, {in_ms('Keystone', Spread.of(raw))}"
        yield Figure(f"{site.label}signing in ÷ Keystone", Spread.of(ratios(times, raw)), besides=besides)


def plainly(session: requests.Session, project: Project) -> None:
    """Request a token from Keystone."""
    user = {"name": project.username, "password": project.password, "domain": {"name": "Default"}}
    body = {"auth": {"identity": {"methods": ["password"], "password": {"user": user}}, "scope": "unscoped"}}
    session.post(f"{project.auth_url}/auth/tokens", json=body, timeout=60).raise_for_status()


def _through(site: Site, project: Project) -> float:
    """Send the form in a new browser; return the seconds from there to the answer."""
    browser = Browser(site.server.url)
    browser.session.trust_env = False
    sent = browser.sign_in_fields(project, browser.get("/sign-in/"))
    return seconds(lambda: browser.post("/sign-in/", sent))
