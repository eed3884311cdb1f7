"""`diskboard serve --unix-socket` behind a web server that runs as another user, and the access log."""

import re
import stat
from collections.abc import Iterator

import pytest

from dashboard.devcloud.launcher import DevCloud
from tests.nodes.proxies import Site, site
from tests.support.devcloud import Project, wait_until
from tests.support.html import Page

pytestmark = pytest.mark.full
LINE = re.compile(
    r'(?P<client>\S+) \[[^]]+\] "(?P<request>[^"]+)" (?P<status>\d+) (?P<bytes>\d+) (?P<seconds>[\d.]+) (?P<id>req-\S+)'
)
FORGED_ADDRESS = "203.0.113.9"


@pytest.fixture(scope="module", params=["nginx", "caddy", "apache"])
def here(request: pytest.FixtureRequest, devcloud: DevCloud) -> Iterator[Site]:
    with site(devcloud.auth_url, request.param, unix=True, ACCESS_LOG="1") as running:
        yield running


def test_a_user_signs_in(here: Site, project: Project) -> None:
    with here.session() as client:
        page = Page(here.sign_in(client, project, {"X-Forwarded-For": FORGED_ADDRESS}))
    assert page.has("button", "Sign out")
    [line] = [one for one in here.audit if one.get("user_name") == project.username]
    assert line["address"] == "127.0.0.1"


def test_the_permissions_of_the_directory_decide(here: Site) -> None:
    mode = here.place.socket.stat().st_mode
    assert stat.S_ISSOCK(mode)
    assert stat.S_IMODE(mode) == 0o777


def test_the_access_log_has_no_query_string(here: Site) -> None:
    with here.session() as client:
        answer = client.get(f"{here.url}/sign-in/?next=/secret/", headers={"X-Forwarded-For": FORGED_ADDRESS})
    # It is written when the answer has been sent.
    wait_until(lambda: bool(logged(here, answer.headers["X-Request-Id"])), "it is in the log")
    [line] = logged(here, answer.headers["X-Request-Id"])
    assert (line["client"], line["request"], line["status"]) == ("127.0.0.1", "GET /sign-in/", "200")
    assert "secret" not in here.diskboard.log.read_text()


def logged(here: Site, request_id: str) -> list[re.Match[str]]:
    """The lines of the access log about one request."""
    lines = map(LINE.fullmatch, here.diskboard.log.read_text().splitlines())
    return [line for line in lines if line and line["id"] == request_id]
