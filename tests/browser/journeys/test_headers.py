"""What a browser may cache: built files for ever, pages never."""

import re
from collections.abc import Iterator

import pytest
import requests

from tests.support.html import Page

FOREVER = "max-age=315360000, public, immutable"
HASHED = re.compile(r"/static/.+\.[0-9a-f]{12}\.(css|js|svg)")


@pytest.fixture
def asking() -> Iterator[requests.Session]:
    """Sends requests as a browser would, without the proxies that the environment configures."""
    with requests.Session() as session:
        session.trust_env = False
        yield session


@pytest.fixture
def built(site: str, asking: requests.Session) -> list[str]:
    """The addresses of the built files that a page loads."""
    page = Page(asking.get(f"{site}/sign-in/", timeout=10))
    asked = {one["href"] or one["src"] for one in page.select("[href], [src]")}
    return sorted(one for one in asked if one.startswith("/static/"))


def test_built_files_may_be_kept_for_ever(site: str, asking: requests.Session, built: list[str]) -> None:
    """Their names change with their content."""
    assert {"css", "js"} <= {one.rsplit(".", 1)[1] for one in built}
    for path in built:
        assert HASHED.fullmatch(path)
        answer = asking.get(f"{site}{path}", timeout=10)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == FOREVER
        assert "Set-Cookie" not in answer.headers
        assert answer.content


def test_a_built_file_goes_compressed(site: str, asking: requests.Session, built: list[str]) -> None:
    path = next(one for one in built if one.endswith(".css"))
    answer = asking.get(f"{site}{path}", headers={"Accept-Encoding": "gzip"}, timeout=10)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in answer.headers["Vary"]


def test_a_file_under_its_plain_name_is_asked_for_again(site: str, asking: requests.Session, built: list[str]) -> None:
    plain = re.sub(r"\.[0-9a-f]{12}\.", ".", built[0])
    assert plain != built[0]
    answer = asking.get(f"{site}{plain}", timeout=10)
    assert answer.status_code == 200
    assert "immutable" not in answer.headers["Cache-Control"]


def test_a_page_may_not_be_kept(site: str, asking: requests.Session) -> None:
    for path in ("/sign-in/", "/disks/", "/nowhere/"):
        assert "no-store" in asking.get(f"{site}{path}", timeout=10).headers["Cache-Control"]
