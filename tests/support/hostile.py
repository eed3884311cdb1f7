"""Hostile input. `hostile_checks.py` checks what must hold for it."""

import importlib
import json
import random
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.test import Client
from hypothesis import strategies as st

from dashboard.accounts.forms import SignInForm
from dashboard.web.forms import WritingForm
from tests.support.actions import BACKUP, DISK, SNAPSHOT
from tests.support.cloud_rows import an_id, backup, snapshot, volume
from tests.support.fake_cloud import OTHER_PROJECT, PROJECT, FakeCloud
from tests.support.pages import HERE
from volumes.backups.columns import BACKUP_TABLE
from volumes.disks.columns import DISK_TABLE
from volumes.lists.filters import BACKUP_FILTERS, DISK_FILTERS, SNAPSHOT_FILTERS
from volumes.snapshots.columns import SNAPSHOT_TABLE

Pairs = list[tuple[str, str]]

FORM = "application/x-www-form-urlencoded"
# A page of each kind, inside and outside of a project
PAGES = [f"{HERE}/disks/", "/", "/sign-in/", "/toasts/", f"{HERE}/disks/{DISK}/rename/", f"{HERE}/nothing/", "/healthz"]

# Markup that is looked for in every page: it must arrive as text, never as an element or attribute.
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
    *(f"-{one}" for one in DISK_TABLE.sorts), *BACKUP_TABLE.sorts, *SNAPSHOT_TABLE.sorts,
)  # fmt: skip
ALL_MARKUP = f"""a"'>{"".join(MARKUP)}"""
# Values just beyond the limits of each kind of field
TEXT = ("x" * 256, "\U0001f4a9", "a\nb", "a\x07b", "\ud800", "a\x00b")
NUMBER = ("2147483648", "-1", "9" * 30)
ID = (f"{DISK}/action", f"{DISK}\n", "\ud800")
PAIRS = ("x/y=z", "é=1", "=1", "a=" + "x" * 256, "a=\ud800", "a=b\x00")
JSON = ("[" * 3000, '{"properties": ' + '{"a":' * 900 + "1" + "}" * 901, "\ud800")
FLAG = ("x" * 256, "\ud800", "a\x00b")
BEYOND = (*TEXT, *NUMBER, *ID, *PAIRS, *JSON, ALL_MARKUP)
LIMITS = {
    "name": TEXT, "description": TEXT, "disk_type": TEXT, "zone": TEXT,
    "properties": PAIRS,
    "size": NUMBER, "smallest": NUMBER, "done": NUMBER, "failed": NUMBER,
    "ids": ID, "with_snapshots": ID, "shown": ID, "disk": ID, "source_id": ID,
    "seen": JSON,
    "attached": FLAG, "bootable": FLAG, "cascade": FLAG, "incremental": FLAG, "migrate": FLAG,
    "matching": FLAG, "source": FLAG, "key": FLAG[1:2],
}  # fmt: skip
# These fields decide what a form does, or show no error of their own: the others are tested with valid values in these.
DECIDING = ("attached", "ids", "key", "seen", "smallest", "source", "source_id", "with_snapshots")
NASTY = (*MARKUP, *ELSEWHERE, *SIGNS, *NUMBERS, *IDS)


def _fields_of(kind: type[WritingForm]) -> Iterator[str]:
    yield from getattr(kind, "base_fields", ())
    for one in kind.__subclasses__():
        yield from _fields_of(one)


# Importing the addresses loads all views, and these load all forms.
importlib.import_module("dashboard.urls")
# Every field of every form of a project, automatically including new forms, and what else a form sends
FIELDS = sorted({
    *_fields_of(WritingForm), *SignInForm.base_fields,
    "ids", "with_snapshots", "cascade", "shown", "disk", "matching", "done", "failed", "bootable",
    "project", "page_user", "csrfmiddlewaretoken",
})  # fmt: skip
OF_A_SELECTION = ["ids", "with_snapshots", "cascade", "shown", "disk", "matching", "done", "failed"]
PARAMETERS = sorted({
    *DISK_FILTERS, *SNAPSHOT_FILTERS, *BACKUP_FILTERS, *FIELDS,
    "q", "sort", "per_page", "marker", "back", "select", "seen", "disks", "failed", "counted", "command", "again",
    "_method",
})  # fmt: skip

# The disk's and the snapshot's values when a form is opened
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
    """Encode as a form does; text that is not valid Unicode is sent all the same."""
    return urlencode(pairs, errors="surrogatepass")


def _pairs(names: list[str]) -> st.SearchStrategy[Pairs]:
    named = st.sampled_from(names) | texts
    return st.lists(st.tuples(named, values), max_size=7)


queries_within = st.lists(st.tuples(st.sampled_from(PARAMETERS), texts), max_size=4).map(encoded)
values = st.one_of(texts, texts, json_texts, queries_within)
sent_fields = _pairs(FIELDS)
queries = _pairs(PARAMETERS).map(encoded)
# As WSGI servers pass a header to Django: bytes as Latin-1, never with line breaks or NUL
headers = texts.map(lambda text: re.sub(r"[\r\n\0]", "", text).encode(errors="surrogatepass").decode("latin-1"))
HEADERS = (
    "Accept", "Accept-Language", "Cookie", "Host", "HX-Boosted", "HX-Current-URL", "HX-Current-URL-URI-AutoEncoded",
    "HX-History-Restore-Request", "HX-Prompt", "HX-Request", "HX-Target", "HX-Trigger", "HX-Trigger-Name", "Origin",
    "Referer", "X-CSRFToken", "X-Forwarded-Host", "X-Forwarded-Proto", "X-HTTP-Method-Override", "Triggering-Event",
)  # fmt: skip


def stock(cloud: FakeCloud) -> None:
    """Reset the cloud to one resource of each kind, without any requests yet."""
    cloud.volumes = [volume(1, name="data")]
    cloud.snapshots = [snapshot(1001, name="data")]
    cloud.backups = [backup(2001)]
    cloud.forget()


SELECTED = {"disks/": DISK, "backups/": BACKUP}


def right_fields(path: str) -> dict[str, str]:
    """Valid fields for the dialog at this path, with an unused key."""
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
        "ids": next((one for kind, one in SELECTED.items() if path.startswith(kind)), SNAPSHOT),
    }


def send(client: Client, url: str, fields: Pairs | str, headers: dict[str, str] | None = None) -> Any:
    """Send a form, including invalid Unicode and invalid encodings."""
    body = fields if isinstance(fields, str) else encoded(fields)
    return client.post(url, body, content_type=FORM, headers=headers or {})
