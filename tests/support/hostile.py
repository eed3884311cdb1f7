"""What somebody could send to do harm, and what must hold of every answer to it."""

import importlib
import json
import random
import re
import unicodedata
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.http import HttpResponseBase
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from dashboard.forms import SignInForm, WritingForm
from tests.support.fake_cloud import CINDER, KEYSTONE, NOVA, OTHER_PROJECT, PROJECT, FakeCloud, an_id, backup, snapshot, volume
from volumes.filters import BACKUP_FILTERS, DISK_FILTERS, SNAPSHOT_FILTERS
from volumes.lists import BACKUP_SORTS, DISK_SORTS, SNAPSHOT_SORTS

Pairs = list[tuple[str, str]]

HOST = "testserver"
DISK, SNAPSHOT, BACKUP = an_id(1), an_id(1001), an_id(2001)


def cases(number: int) -> settings:
    """So many cases of a test: other ones in every run, each on the same cloud."""
    return settings(
        max_examples=number,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )


# What is looked for in every page: it must arrive as text, never as an element or attribute.
MARKUP = (
    "<x-evil x-mark=1>",
    "\"'><x-evil x-mark=1>",
    '" x-mark="1',
    "' x-mark='1",
    "a x-mark=1 b",
    "--></textarea></title></code></script></style><x-evil>",
    "&lt;x-evil&gt;&#60;x-evil&#62;",
    "</option></select><x-evil>",
    "{{ cloud.token }}{% debug %}",
    "javascript:alert(1)",
)
ELSEWHERE = (
    "//x-evil.test/",
    "///x-evil.test/",
    "/\\x-evil.test/",
    "\\\\x-evil.test/",
    "/\t/x-evil.test/",
    "/\n/x-evil.test/",
    "\x00//x-evil.test/",
    " //x-evil.test/",
    "http:x-evil.test",
    "http:/x-evil.test",
    "https://x-evil.test/",
    "http://testserver@x-evil.test/",
    "http://testserver\\@x-evil.test/",
    "//testserver.x-evil.test/",
    "http://[::1",
    "http://testserver/disks/",
    "x-evil",
    "x-evil:1",
    "home",
    "sign-out",
    "/sign-in/?next=//x-evil.test/",
    "?next=//x-evil.test/",
    "#",
    "./..//x-evil.test/",
    "/..//x-evil.test/",
    "/disks/..//..//x-evil.test/",
    "javascript:alert(1)//",
    "data:text/html,<x-evil>",
)
SIGNS = (
    "\x00",
    "a\x00b",
    "\x01\x1b[31m\x7f",
    "\ud800",
    "\udfff\ud800",
    "\u202etxt.exe\u202c",
    "\u200f\u2066\ufeff\u200b",
    "Ж́" * 90,
    "\U0001f4a9" * 256,
    "\uffff\ufffe\U0010ffff",
    "ﷺ" * 255,
    "İı" * 100,
    "x" * 256,
    "a\r\nSet-Cookie: x-evil=1\r\nX-Evil: 1",
    "a\u2028b\u2029c\x85d\x0be\x0cf\x1cg",
    "$(reboot)`reboot`;'\"\\",
    "%s%n%(name)s{0}{disk}",
    "%00%0d%0a%2e%2e%2f",
    "../../../../etc/passwd",
    "..%2f..%2f",
    "' OR 1=1 --",
)
NUMBERS = (
    "0", "-1", "1", "20", "+20", " 20 ", "1e9", "1_000", "20.0", "20.5", "٢٠", "²", "NaN", "inf", "0x20", "9" * 30,
    "9" * 5000, "2147483647", "2147483648", "-9223372036854775809", "True", "null",
)  # fmt: skip
IDS = (
    DISK,
    SNAPSHOT,
    BACKUP,
    an_id(77),
    OTHER_PROJECT,
    PROJECT,
    DISK.upper(),
    f"{DISK}\n",
    f"{DISK}/../{SNAPSHOT}",
    f"{DISK}/action",
    f"{DISK}?x=1#",
    f"{DISK},{an_id(77)},x",
    f"{DISK}:deleting,{an_id(77)}:creating,x:y",
    f"..%2Fsnapshots%2F{SNAPSHOT}",
)
WORDS = (
    "", "1", "on", "yes", "no", "all", "command", "empty", "snapshot", "disk", "backup", "error", "available", "true",
    "false", "ceph-ssd", "nova", "key=value", "key=value\nkey=value", "a/b=c", "=", "key=", "50", "100",
    *(f"-{one}" for one in DISK_SORTS), *BACKUP_SORTS, *SNAPSHOT_SORTS,
)  # fmt: skip
# All of it at once, and what lies just beyond each limit: these are tried in every single field.
ALL_MARKUP = f"""a"'>{"".join(MARKUP)}"""
BEYOND = (
    "x" * 256, "\U0001f4a9", "a\nb", "a\x07b", "\ud800", "a\x00b", "2147483648", "-1", "x/y=z", "é=1", "=1",
    "a=" + "x" * 256, f"{DISK}/action", f"{DISK}\n", "[" * 3000, '{"properties": ' + '{"a":' * 900 + "1" + "}" * 901,
    ALL_MARKUP,
)  # fmt: skip
NASTY = (*MARKUP, *ELSEWHERE, *SIGNS, *NUMBERS, *IDS)


def _fields_of(kind: type[WritingForm]) -> Iterator[str]:
    yield from getattr(kind, "base_fields", ())
    for one in kind.__subclasses__():
        yield from _fields_of(one)


# The addresses know all views, and these all forms.
importlib.import_module("dashboard.urls")
# Every field of every form of a project, also of those that don't exist yet, and what else a form sends
FIELDS = sorted({
    *_fields_of(WritingForm), *SignInForm.base_fields,
    "ids", "with_snapshots", "cascade", "confirmed", "shown", "disk", "matching", "done", "failed", "bootable",
    "project", "page_user", "held", "csrfmiddlewaretoken",
})  # fmt: skip
OF_A_SELECTION = ["ids", "with_snapshots", "cascade", "shown", "disk", "matching", "done", "failed"]
PARAMETERS = sorted({
    *DISK_FILTERS, *SNAPSHOT_FILTERS, *BACKUP_FILTERS, *FIELDS,
    "q", "sort", "per_page", "marker", "back", "select", "seen", "disks", "failed", "counted", "command", "again",
    "_method",
})  # fmt: skip

# What the disk and the snapshot are like when a form is opened
SEEN = {"name": "data", "description": "", "properties": {}}

any_text = st.text(st.characters(exclude_categories=()), max_size=40)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | any_text | st.sampled_from(NASTY),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(any_text, inner, max_size=3),
    max_leaves=6,
)
json_texts = st.one_of(
    st.dictionaries(st.sampled_from(["name", "description", "properties", "x"]), json_values, max_size=4).map(
        json.dumps
    ),
    json_values.map(json.dumps),
    st.sampled_from(
        ["{", "[" * 3000, '{"properties":' + '{"a":' * 2000, '{"name": ' + "9" * 5000 + "}", "[1e999, NaN]"]
    ),
)
texts = st.one_of(
    st.sampled_from(NASTY),
    st.sampled_from(WORDS),
    any_text,
    st.lists(st.sampled_from(NASTY) | any_text, min_size=2, max_size=4).map("".join),
)


def encoded(pairs: Pairs) -> str:
    """As a form sends it; what is no Unicode is sent all the same."""
    return urlencode(pairs, errors="surrogatepass")


def _pairs(names: list[str]) -> st.SearchStrategy[Pairs]:
    named = st.sampled_from(names) | texts
    return st.lists(st.tuples(named, values), max_size=7)


queries_within = st.lists(st.tuples(st.sampled_from(PARAMETERS), texts), max_size=4).map(encoded)
values = st.one_of(texts, texts, json_texts, queries_within)
sent_fields = _pairs(FIELDS)
queries = _pairs(PARAMETERS).map(encoded)
# As WSGI servers give a header to Django: bytes as Latin-1, never with line breaks or NUL
headers = texts.map(lambda text: re.sub(r"[\r\n\0]", "", text).encode(errors="surrogatepass").decode("latin-1"))
HEADERS = (
    "Accept", "Accept-Language", "Cookie", "Host", "HX-Boosted", "HX-Current-URL", "HX-Current-URL-URI-AutoEncoded",
    "HX-History-Restore-Request", "HX-Prompt", "HX-Request", "HX-Target", "HX-Trigger", "HX-Trigger-Name", "Origin",
    "Referer", "X-CSRFToken", "X-Forwarded-Host", "X-Forwarded-Proto", "X-HTTP-Method-Override", "Triggering-Event",
)  # fmt: skip


def stock(cloud: FakeCloud) -> None:
    """One of each, as at the beginning, and nothing asked yet."""
    cloud.volumes = [volume(1, name="data")]
    cloud.snapshots = [snapshot(1001, name="data")]
    cloud.backups = [backup(2001)]
    cloud.forget()


SELECTED = {"disks/": DISK, "backups/": BACKUP}


def right_fields(path: str) -> dict[str, str]:
    """What the dialog at this path takes, under a key that was not used yet."""
    return {
        "key": f"{random.getrandbits(64):x}",
        "name": "new",
        "description": "words",
        "properties": "key=value",
        "seen": json.dumps(SEEN),
        "size": "20",
        "source": "backup" if path.startswith("backups/") else "snapshot",
        "source_id": SNAPSHOT,
        "disk_type": "ceph-hdd",
        "zone": "nova",
        "confirmed": "1",
        "ids": next((one for kind, one in SELECTED.items() if path.startswith(kind)), SNAPSHOT),
    }


# --- What must hold ---------------------------------------------------------------------------------------------------

OUR_COOKIES = {"csrftoken", "diskboard_session", "messages", "django_language", "per_page"}
LINKS = {"href", "src", "action", "formaction", "hx-get", "hx-post", "data-src", "hx-push-url", "hx-replace-url"}


def stays_here(url: str) -> bool:
    """Whether a browser on a page of ours stays on this host: it reads addresses more leniently than the RFC."""
    seen = re.sub(r"[\t\r\n]", "", url.strip("".join(map(chr, range(33))))).replace("\\", "/")
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", seen):
        return re.match(rf"https?://{HOST}(?:[/?#]|$)", seen) is not None
    return not seen.startswith("//")


class _Page(HTMLParser):
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert not tag.startswith("x-"), f"an element of somebody else's: {tag}"
        for name, value in attrs:
            assert not name.startswith(("x-", "on")), f"an attribute of somebody else's: {name}"
            assert name not in LINKS or stays_here(value or ""), f"a link to elsewhere: {name}={value}"


def check_answer(answer: HttpResponseBase) -> None:
    """No fault of ours, nothing that somebody else wrote into page or headers, no way to another host."""
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
        reader = _Page()
        reader.feed(page.content.decode())
        reader.close()


ONE = r"(?:/[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})"
PLACES = re.compile(
    rf"/|/v3/{PROJECT}/(?:(?:volumes|snapshots|backups)(?:{ONE}(?:/action|/metadata)?|/detail)?"
    rf"|messages|limits|types|os-availability-zone|os-quota-sets/{PROJECT}|resource_filters)"
)
KEYSTONES = re.compile(r"/v3(?:/auth/(?:tokens|projects))?")
QUERY = {
    "limit", "sort", "marker", "with_count", "cascade", "resource", "usage", "is_public", "volume_id", "status", "name",
    "name~", "metadata", "availability_zone", "bootable", "resource_uuid", "resource_type", "message_level",
}  # fmt: skip
KEY = re.compile("[A-Za-z0-9_:. /-]{1,255}")


def writes(cloud: FakeCloud) -> list[Any]:
    """What would have changed something in the cloud."""
    return [one for one in cloud.requests() if one.method != "GET"]


def check_cloud(cloud: FakeCloud) -> None:
    """What reached the cloud stayed at its addresses and within its limits."""
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
    """Whether Cinder takes it in a description (cinder/api/validation/parameter_types.py)."""
    category = unicodedata.category(sign)
    return ord(sign) < 0xFFFF and (category == "Zs" or category[0] not in "CZ")
