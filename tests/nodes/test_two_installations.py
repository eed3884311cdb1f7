"""Two Diskboards on one host don't sign each other's users out: browsers send cookies to every port of a host."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager

import pytest
import requests

from tests.nodes.proxies import HOST, START_SECONDS, Place, Site, diskboard, nginx
from tests.support.certificates import write_certificate
from tests.support.devcloud import Project, wait_until
from tests.support.html import Page
from tests.support.local_servers import LocalServer, free_port, private_directory

pytestmark = pytest.mark.full
Ways = Callable[[str], AbstractContextManager[list[Site]]]
PREFIXES = ("/one", "/two/three")


@contextmanager
def at_two_ports(auth_url: str) -> Iterator[list[Site]]:
    """Without a web server in front."""
    with ExitStack() as stack:
        yield [started(stack, auth_url, "") for _ in range(2)]


@contextmanager
def below_two_prefixes(auth_url: str) -> Iterator[list[Site]]:
    """Behind one web server."""
    with ExitStack() as stack:
        folder = stack.enter_context(private_directory())
        place = Place(folder, free_port(), free_port(), unix=False)
        write_certificate(place.folder)
        found = [started(stack, auth_url, f"https://{HOST}:{place.port}{prefix}") for prefix in PREFIXES]
        front = nginx(place, "prefix")
        text = (folder / "site.conf").read_text()
        head, _location, rest = text.partition("    location /diskboard/ {")
        body = rest.partition("    }\n")[0]
        blocks = [
            f"    location {prefix}/ {{{body.replace('http://diskboard;', f'{one.direct};')}    }}\n"
            for prefix, one in zip(PREFIXES, found, strict=True)
        ]
        place.write("site.conf", "".join([head, *blocks, "}\n"]))
        stack.callback(front.stop)
        front.start()
        sites = [Site(one.url, one.direct, place, one.diskboard, front) for one in found]
        for one in sites:
            one.wait()
        yield sites


def started(stack: ExitStack, auth_url: str, url: str) -> Site:
    """A Diskboard of its own; `url` is its address behind a web server, if there is one."""
    folder = stack.enter_context(private_directory())
    place = Place(folder, 0, free_port(), unix=False)
    given = {"VAR_DIR": str(folder / "var"), "PORT": str(place.own_port), "OS_AUTH_URL": auth_url}
    server: LocalServer = diskboard(folder, {**given, **({"PUBLIC_URL": url, "TRUSTED_PROXIES": "1"} if url else {})})
    stack.callback(server.stop)
    server.start()
    direct = f"http://127.0.0.1:{place.own_port}"
    wait_until(lambda: is_up(direct, server), f"{direct} answers", START_SECONDS)
    return Site(url or direct, direct, place, server, server)


def is_up(url: str, server: LocalServer) -> bool:
    server.check()
    try:
        return requests.get(f"{url}/healthz", timeout=10).ok
    except requests.RequestException:
        return False


@pytest.mark.parametrize("ways", [at_two_ports, below_two_prefixes])
def test_a_user_of_both_stays_signed_in_to_both(ways: Ways, project: Project) -> None:
    with ways(project.auth_url) as (one, two), one.session() as client:
        pages = [here.sign_in(client, project).url for here in (one, two)]
        assert pages[0].startswith(f"{one.url}/p/")
        assert pages[1].startswith(f"{two.url}/p/")
        for page in pages:
            answer = client.get(page)
            assert answer.url == page
            assert Page(answer).has("button", "Sign out")
