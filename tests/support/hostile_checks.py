"""Rules that hold whatever is sent: for the answer, for the requests to the cloud, for stored data."""

import json
import re
import unicodedata
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.contrib.sessions.models import Session
from django.http import HttpResponseBase

from dashboard.web.models import Submission
from tests.support.fake_cloud import CINDER, KEYSTONE, NOVA, PROJECT, FakeCloud
from tests.support.html import Page

HOST = "testserver"
COLUMNS = ("columns_disks", "columns_snapshots", "columns_snapshots_of_disk", "columns_backups")
OUR_COOKIES = {f"diskboard_{name}" for name in ("csrf", "session", "messages", "language", "per_page", *COLUMNS)}
LINKS = {"href", "src", "action", "formaction", "hx-get", "hx-post", "data-src", "hx-push-url", "hx-replace-url"}


def stays_here(url: str) -> bool:
    """Whether a browser on a page of Diskboard stays on this host: it parses addresses more leniently than the RFC."""
    seen = re.sub(r"[\t\r\n]", "", url.strip("".join(map(chr, range(33))))).replace("\\", "/")
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", seen):
        return re.match(rf"https?://{HOST}(?:[/?#]|$)", seen) is not None
    return not seen.startswith("//")


def _check_page(page: Page) -> None:
    # Comments have no tag.
    for node in page.node.iter("*"):
        assert not str(node.tag).startswith("x-"), f"a strange element: {node.tag!s}"
        for name, value in node.attrib.items():
            assert not name.startswith(("x-", "on")), f"a strange attribute: {name}"
            assert name not in LINKS or stays_here(value), f"a link to elsewhere: {name}={value}"


def check_answer(answer: HttpResponseBase) -> None:
    """Check that an answer is no error of ours, has nothing strange in page or headers, and leads to no other host."""
    assert answer.status_code < 500
    for name, value in answer.items():
        assert not re.search(r"[\r\n\0]", name + value)
        (name + value).encode("latin-1")
        assert "x-evil" not in name.lower()
        if name in {"Location", "HX-Redirect", "HX-Location", "HX-Push-Url"}:
            assert stays_here(value), f"a way to elsewhere: {value!r}"
        if name.startswith("HX-Trigger") and value.startswith("{"):
            assert isinstance(json.loads(value), dict)
    for key, cookie in answer.cookies.items():
        assert key in OUR_COOKIES
        assert not re.search(r"[\r\n\0]", cookie.OutputString())
    if answer.get("Content-Type", "").startswith("text/html"):
        page: Any = answer
        _check_page(Page(page))


ONE = r"(?:/[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})"
PLACES = re.compile(
    rf"/|/v3/{PROJECT}/(?:(?:volumes|snapshots|backups)(?:{ONE}(?:/action|/metadata)?|/detail|/summary)?"
    rf"|messages|limits|types|os-availability-zone|os-quota-sets/{PROJECT}|resource_filters)"
)
KEYSTONES = re.compile(r"/v3(?:/auth/(?:tokens|projects))?")
QUERY = {
    "limit", "sort", "marker", "with_count", "cascade", "resource", "usage", "is_public", "volume_id", "status", "name",
    "name~", "metadata", "availability_zone", "bootable", "resource_uuid", "resource_type", "message_level",
}  # fmt: skip
KEY = re.compile("[A-Za-z0-9_:. /-]{1,255}")


def writes(cloud: FakeCloud) -> list[Any]:
    """The requests that would have changed something in the cloud."""
    return [one for one in cloud.requests() if one.method != "GET"]


def check_cloud(cloud: FakeCloud) -> None:
    """Check that the requests to the cloud used its addresses and kept its limits."""
    for one in [*cloud.requests(), *cloud.requests(KEYSTONE), *cloud.requests(NOVA)]:
        assert re.fullmatch(r"[!-~]+", one.url)
    for one in cloud.requests():
        parts = urlsplit(one.url)
        assert PLACES.fullmatch(parts.path), f"another address: {one.url}"
        assert one.method == "POST" or not parts.path.endswith("/action")
        asked = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
        assert {name for name, _value in asked} <= QUERY
        assert all(len(value) <= 1000 for _name, value in asked)
        if one.method != "GET" and one.body:
            _check_body(one.json())
    assert all(KEYSTONES.fullmatch(urlsplit(one.url).path) for one in cloud.requests(KEYSTONE))
    known = {urlsplit(one).netloc for one in (CINDER, KEYSTONE, NOVA)}
    assert {urlsplit(one.url).netloc for one in cloud.http.request_history} <= known


def _check_body(body: dict[str, Any]) -> None:
    ((kind, content),) = body.items()
    if kind == "metadata":
        return _check_properties(content)
    for name, value in content.items():
        if name in {"size", "new_size"}:
            assert type(value) is int
            assert 1 <= value < 2**31
        elif name == "metadata":
            _check_properties(value)
        elif name.endswith("_id") or name == "source_volid":
            assert re.fullmatch(ONE, f"/{value}")
        elif isinstance(value, str):
            _check_text(value)
            assert name not in {"name", "description"} or _is_one_line(value)
            assert name != "description" or kind == "volume" or all(map(_is_printable, value))
        else:
            assert isinstance(value, bool)
    return None


def _check_text(value: str) -> None:
    assert len(value) <= 255
    assert "\0" not in value
    value.encode()


def _check_properties(properties: dict[str, Any]) -> None:
    for key, value in properties.items():
        assert KEY.fullmatch(key)
        _check_text(value)
        assert _is_one_line(value)


def _is_one_line(text: str) -> bool:
    return len(f"{text}|".splitlines()) == 1


def _is_printable(sign: str) -> bool:
    """Whether Cinder accepts the character in a description (cinder/api/validation/parameter_types.py)."""
    category = unicodedata.category(sign)
    return ord(sign) < 0xFFFF and (category == "Zs" or category[0] not in "CZ")


def kept() -> list[Any]:
    """What Diskboard stores about users and the forms that they sent."""
    sessions = Session.objects.values_list("session_key", "session_data", "expire_date")
    return [*sessions, *Submission.objects.values_list("key")]
