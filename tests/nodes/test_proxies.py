"""Diskboard behind real proxies that are configured by the examples in docs/deploy."""

import re
from collections.abc import Iterator
from http.cookies import SimpleCookie
from typing import Any

import pytest
import requests
from requests.adapters import HTTPAdapter

from dashboard.devcloud.launcher import DevCloud
from tests.nodes.proxies import PREFIX, Site, program, site
from tests.support.devcloud import Project
from tests.support.html import Page

pytestmark = pytest.mark.full

CASES = [
    pytest.param(("nginx", "", False), id="nginx"),
    pytest.param(("nginx", PREFIX, False), id="nginx-prefix"),
    pytest.param(("nginx", PREFIX, True), id="nginx-prefix-removed"),
    pytest.param(("caddy", "", False), id="caddy"),
    pytest.param(("caddy", PREFIX, False), id="caddy-prefix"),
    pytest.param(("caddy", PREFIX, True), id="caddy-prefix-removed"),
    pytest.param(("apache", "", False), id="apache"),
    pytest.param(("apache", PREFIX, False), id="apache-prefix"),
    pytest.param(("apache", PREFIX, True), id="apache-prefix-removed"),
]
# The form in which OpenStack's services take over the ID of a request (oslo.middleware, request_id.py)
OPENSTACK_ID = re.compile(r"req-[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}")
FORGED_ID = "req-00000000-1111-4222-8333-444444444444"
FORGED_ADDRESS = "203.0.113.9"
# The client's own address, which differs from the proxy's, 127.0.0.1
CLIENT = "127.0.0.2"


class FromClient(HTTPAdapter):
    """Connects from the address CLIENT."""

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        super().init_poolmanager(*arguments, **options, source_address=(CLIENT, 0))


@pytest.fixture(scope="module", params=CASES)
def here(request: pytest.FixtureRequest, devcloud: DevCloud) -> Iterator[Site]:
    proxy, prefix, strip = request.param
    with site(devcloud.auth_url, proxy, prefix=prefix, strip=strip) as running:
        yield running


@pytest.fixture
def client(here: Site) -> Iterator[requests.Session]:
    with here.session() as session:
        session.mount("https://", FromClient())
        yield session


def test_a_user_signs_in_and_sees_disks(here: Site, client: requests.Session, project: Project) -> None:
    project.create_disk("data")
    answer = here.sign_in(client, project)
    assert answer.status_code == 200, answer.text
    # To the start page, then to the project's disks
    assert len(answer.history) <= 3
    assert answer.url.startswith(f"{here.url}/p/")
    page = Page(answer)
    assert page.has("link", "data")
    assert page.find("link", "Snapshots")["href"].startswith(f"{here.prefix}/p/")
    assert answer.headers["Cache-Control"].startswith("max-age=0, no-cache")
    assert answer.headers["Content-Encoding"] == "gzip"


def test_its_cookies_are_its_own(here: Site, client: requests.Session, project: Project) -> None:
    answers = [client.get(f"{here.url}/sign-in/"), *here.sign_in(client, project).history]
    kept: SimpleCookie = SimpleCookie()
    for answer in answers:
        for line in answer.raw.headers.getlist("Set-Cookie"):
            kept.load(line)
    guard, end = ("__Secure-", f"_{here.place.port}_diskboard") if here.prefix else ("__Host-", f"_{here.place.port}")
    assert {f"{guard}diskboard_session{end}", f"{guard}diskboard_csrf{end}"} <= set(kept)
    for name, cookie in kept.items():
        assert cookie["secure"], name
        assert cookie["samesite"] == "Lax", name
        assert cookie["path"] == (here.prefix or "/"), name
    assert kept[f"{guard}diskboard_session{end}"]["httponly"]


def test_static_files_are_compressed_and_kept_for_good(here: Site, client: requests.Session) -> None:
    page = Page(client.get(f"{here.url}/sign-in/"))
    [style] = [one["href"] for one in page.select("link[rel=stylesheet]")]
    assert style.startswith(f"{here.prefix}/static/")
    answer = client.get(here.url.removesuffix(here.prefix) + style)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"].endswith("immutable")
    assert answer.headers["Content-Encoding"] == "gzip"


def test_probes_answer_at_both_addresses(here: Site, client: requests.Session) -> None:
    for root in (here.url, here.direct, f"{here.direct}{here.prefix}"):
        for path in ("/healthz", "/readyz"):
            answer = client.get(root + path, allow_redirects=False, timeout=10)
            assert answer.status_code == 200, root + path
    # The prefix without a slash leads somewhere, too.
    assert Page(client.get(here.url)).has("button", "Sign in")


def test_the_audit_log_has_the_clients_address(here: Site, client: requests.Session, project: Project) -> None:
    here.sign_in(client, project, {"X-Forwarded-For": FORGED_ADDRESS, "Forwarded": f"for={FORGED_ADDRESS}"})
    [line] = [one for one in here.audit if one.get("user_name") == project.username]
    assert (line["action"], line["address"]) == ("sign-in", CLIENT)


def test_the_id_of_a_request_is_not_the_clients(here: Site, client: requests.Session) -> None:
    headers = {"X-Request-Id": FORGED_ID}
    given = client.get(f"{here.url}/sign-in/", headers=headers).headers["X-Request-Id"]
    assert OPENSTACK_ID.fullmatch(given)
    assert given != FORGED_ID
    # A trusted proxy may give one.
    assert client.get(f"{here.direct}/healthz", headers=headers).headers["X-Request-Id"] == FORGED_ID


def test_headers_with_underscores_change_nothing(here: Site, client: requests.Session) -> None:
    """Gunicorn takes them for the variables that a web server in the same process would set."""
    for root in (here.url, here.direct):
        for headers in ({"SCRIPT_NAME": "/elsewhere"}, {"PATH_INFO": "/elsewhere"}, {"X_FORWARDED_FOR": "x"}):
            assert client.get(f"{root}/healthz", headers=headers).status_code == 200, (root, headers)


@pytest.mark.parametrize("size", [4_000_000, 20_000_000])
def test_a_large_body_is_refused(here: Site, client: requests.Session, size: int) -> None:
    """By the proxy: Diskboard itself would answer before it has read the body, which proxies take for a failure."""
    try:
        answer = client.post(f"{here.url}/sign-in/", data={"user_name": "x" * size}, timeout=30)
    except requests.ConnectionError:
        # Caddy cuts a connection by HTTP/1.1 whose client goes on sending; browsers use HTTP/2, and see the answer.
        assert here.front.command[0] == program("caddy")
    else:
        assert answer.status_code == 413
        assert "X-Diskboard" not in answer.headers
    assert "Too Large" not in here.diskboard.log.read_text()


def test_it_comes_back_after_a_stop(here: Site, client: requests.Session, project: Project) -> None:
    page = here.sign_in(client, project).url
    here.diskboard.stop()
    assert here.diskboard.process
    assert here.diskboard.process.returncode == 0
    try:
        answer = client.get(page, timeout=60)
        assert answer.status_code in {502, 503, 504}
        # By this a page knows that its change has an unknown outcome.
        assert "X-Diskboard" not in answer.headers
    finally:
        here.start()
    assert client.get(page).url == page
