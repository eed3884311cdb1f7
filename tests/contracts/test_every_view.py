"""What all pages, fragments and dialogs of a project have in common: who may see them, and what if the cloud fails."""

from dataclasses import dataclass
from typing import Any

import pytest
import requests
from django.test import Client
from django.urls import URLPattern, get_resolver

from tests.support.canned import HTMX, SignIn
from tests.support.fake_cloud import (
    FAULT_HEADERS,
    KEYSTONE,
    OTHER_PROJECT,
    PROJECT,
    REQUEST_ID,
    FakeCloud,
    an_id,
    backup,
    fault,
    snapshot,
    volume,
)
from tests.support.pages import HERE, text_of

DISK, SNAPSHOT, BACKUP = an_id(1), an_id(1001), an_id(2001)


@dataclass(frozen=True)
class View:
    """An address below the project's, the path of the cloud's that it can't do without, whether it takes a POST."""

    path: str
    needs: str = ""
    posts: bool = False

    def __str__(self) -> str:
        return self.path.partition("?")[0]

    @property
    def url(self) -> str:
        return f"{HERE}/{self.path}"


VIEWS = [
    View("disks/", "/volumes/detail"),
    View("disks/?no_snapshot_for=7", "/snapshots/detail"),
    View("disks/changes/", "/volumes/detail"),
    View("disks/export/", "/volumes/detail"),
    View("disks/create/", posts=True),
    View("disks/delete/", posts=True),
    View("disks/create-snapshots/", posts=True),
    View("disks/quota/", "/limits"),
    View("disks/filter-choices/", "/types"),
    View("disks/instances/"),
    View(f"disks/{DISK}/", f"/volumes/{DISK}"),
    View(f"disks/{DISK}/more/", "/messages"),
    View(f"disks/{DISK}/delete/", f"/volumes/{DISK}"),
    View(f"disks/{DISK}/resize/", f"/volumes/{DISK}", posts=True),
    View(f"disks/{DISK}/change-type/", f"/volumes/{DISK}", posts=True),
    View(f"disks/{DISK}/rename/", f"/volumes/{DISK}", posts=True),
    View(f"disks/{DISK}/properties/", f"/volumes/{DISK}", posts=True),
    View(f"disks/{DISK}/bootable/", f"/volumes/{DISK}", posts=True),
    View(f"disks/{DISK}/clone/", f"/volumes/{DISK}", posts=True),
    View(f"disks/details/?failed={DISK}", "/messages"),
    View(f"disks/details/?counted={DISK}", "/snapshots/detail"),
    View(f"disks/{DISK}/snapshots/", f"/volumes/{DISK}"),
    View(f"disks/{DISK}/snapshots/changes/", "/snapshots/detail"),
    View(f"disks/{DISK}/snapshots/export/", f"/volumes/{DISK}"),
    View(f"disks/{DISK}/create-snapshot/", f"/volumes/{DISK}", posts=True),
    View(f"disks/{DISK}/create-backup/", f"/volumes/{DISK}", posts=True),
    View(f"disks/{DISK}/snapshots/{SNAPSHOT}/create-backup/", f"/snapshots/{SNAPSHOT}", posts=True),
    View(f"disks/{DISK}/snapshots/{SNAPSHOT}/roll-back/", f"/snapshots/{SNAPSHOT}", posts=True),
    View("snapshots/", "/snapshots/detail"),
    View("snapshots/?disk=data", "/volumes/detail"),
    View("snapshots/changes/", "/snapshots/detail"),
    View(f"snapshots/details/?disks={DISK}", f"/volumes/{DISK}"),
    View("snapshots/export/", "/snapshots/detail"),
    View("snapshots/clean-up/"),
    View("snapshots/create/", "/volumes/detail"),
    View("snapshots/delete/", posts=True),
    View(f"snapshots/{SNAPSHOT}/", f"/snapshots/{SNAPSHOT}"),
    View(f"snapshots/{SNAPSHOT}/more/", "/messages"),
    View(f"snapshots/{SNAPSHOT}/edit/", f"/snapshots/{SNAPSHOT}", posts=True),
    View(f"snapshots/{SNAPSHOT}/create-disk/", f"/snapshots/{SNAPSHOT}", posts=True),
    View(f"snapshots/{SNAPSHOT}/delete/", f"/snapshots/{SNAPSHOT}"),
    View("backups/", "/backups/detail"),
    View("backups/changes/", "/backups/detail"),
    View(f"backups/details/?disks={DISK}", f"/volumes/{DISK}"),
    View("backups/export/", "/backups/detail"),
    View("backups/delete/", posts=True),
    View(f"backups/{BACKUP}/create-disk/", f"/backups/{BACKUP}", posts=True),
    View(f"backups/{BACKUP}/delete/", f"/backups/{BACKUP}"),
]
# Everything that is about one thing, by its id
OF_ONE = [view for view in VIEWS if any(f"{one}/" in view.path for one in (DISK, SNAPSHOT, BACKUP))]
GONE = [view for view in OF_ONE if view.needs not in {"/snapshots/detail", "/messages"}]
EVERY = pytest.mark.parametrize("view", VIEWS, ids=str)
NEEDY = pytest.mark.parametrize("view", [view for view in VIEWS if view.needs], ids=str)
# As a page, and as a part of one
BOTH_WAYS: list[dict[str, str]] = [{}, HTMX]


@pytest.fixture(autouse=True)
def _one_of_each(cloud: FakeCloud) -> None:
    cloud.volumes = [volume(1, name="data")]
    cloud.snapshots = [snapshot(1001)]
    cloud.backups = [backup(2001)]


def test_it_knows_all_views() -> None:
    """A new one belongs into the table above."""

    def patterns(resolver: Any) -> list[URLPattern]:
        found = [[one] if isinstance(one, URLPattern) else patterns(one) for one in resolver.url_patterns]
        return [one for some in found for one in some]

    [ours] = [one for one in get_resolver().url_patterns if str(one.pattern).startswith("p/")]
    assert len(patterns(ours)) == len({str(view) for view in VIEWS})


@EVERY
def test_it_works(signed_in: Client, view: View) -> None:
    for headers in BOTH_WAYS:
        page = signed_in.get(view.url, headers=headers)
        assert page.status_code in {200, 204}
        assert "no-store" in page["Cache-Control"]
        assert "default-src 'none'" in page["Content-Security-Policy"]
        assert "unsafe" not in page["Content-Security-Policy"]


@EVERY
def test_it_sends_to_sign_in_and_back(client: Client, db: None, view: View) -> None:  # noqa: ARG001
    answer = client.get(view.url)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/?next=%2Fp%2F")


@EVERY
def test_it_opens_sign_in_over_the_page(client: Client, db: None, view: View) -> None:  # noqa: ARG001
    for answer in (client.get(view.url, headers=HTMX), client.post(view.url, {"key": "k"}, headers=HTMX)):
        assert answer.status_code == 401
        assert answer["HX-Retarget"] == "#sign-in"
        assert answer["HX-Push-Url"] == "false"


@EVERY
def test_it_knows_no_other_project(cloud: FakeCloud, signed_in: Client, view: View) -> None:
    for project in (OTHER_PROJECT, "nonsense", f"{PROJECT}@nowhere"):
        url = view.url.replace(PROJECT, project)
        assert signed_in.get(url).status_code == 404
        assert signed_in.get(url, headers=HTMX).status_code == 404
        assert signed_in.post(url, {"key": "k", "confirmed": "1", "ids": SNAPSHOT}).status_code == 404
    assert cloud.asked() + cloud.asked(KEYSTONE) == []


@pytest.mark.parametrize("view", OF_ONE, ids=str)
def test_it_knows_nothing_by_a_bad_id(cloud: FakeCloud, signed_in: Client, view: View) -> None:
    kind, _id, rest = view.path.split("/", 2)
    for bad in ("x", "1", f"{DISK}x", "..%2F..", f"{DISK}%0A"):
        url = f"{HERE}/{kind}/{bad}/{rest}"
        assert signed_in.get(url).status_code == 404
        assert signed_in.post(url, {"key": "k"}).status_code == 404
    assert cloud.asked() == []


# A page that watches its subject is left when that goes.
WATCHING = {
    f"{HERE}/disks/{DISK}/": f"{HERE}/disks/",
    f"{HERE}/snapshots/{SNAPSHOT}/": f"{HERE}/snapshots/",
}


@pytest.mark.parametrize("view", GONE, ids=str)
def test_it_says_when_that_is_gone(cloud: FakeCloud, signed_in: Client, view: View) -> None:
    cloud.volumes, cloud.snapshots, cloud.backups = [], [], []
    for headers in BOTH_WAYS:
        answer = signed_in.get(view.url, headers=headers)
        if headers and view.url in WATCHING:
            assert (answer.status_code, answer["HX-Redirect"]) == (204, WATCHING[view.url])
            continue
        assert answer.status_code == 404
        assert "doesn&#x27;t exist in this project" in text_of(answer)


@EVERY
def test_it_knows_no_other_methods(cloud: FakeCloud, signed_in: Client, view: View) -> None:
    for method in ("put", "patch", "delete", *(() if view.posts else ("post",))):
        assert getattr(signed_in, method)(view.url).status_code == 405
    assert cloud.asked() == []


@EVERY
def test_it_changes_nothing_by_a_link(cloud: FakeCloud, signed_in: Client, view: View) -> None:
    sent = {"key": "k", "name": "x", "confirmed": "1", "ids": SNAPSHOT, "size": "10", "source": "snapshot"}
    signed_in.get(view.url, sent)
    signed_in.head(view.url)
    assert {one.method for one in cloud.requests()} <= {"GET"}


@pytest.mark.parametrize("view", [view for view in VIEWS if view.posts], ids=str)
def test_it_wants_the_csrf_token(cloud: FakeCloud, sign_in: SignIn, view: View) -> None:
    client = sign_in()
    client.handler.enforce_csrf_checks = True
    assert client.post(view.url, {"key": "k", "confirmed": "1", "ids": SNAPSHOT}).status_code == 403
    assert cloud.asked() == []


@NEEDY
def test_it_says_when_the_cloud_is_down(cloud: FakeCloud, signed_in: Client, view: View) -> None:
    cloud.http.get(cloud.at(view.needs), exc=requests.ConnectTimeout("no route"))
    for headers in BOTH_WAYS:
        answer = signed_in.get(view.url, headers=headers)
        assert answer.status_code == 503
        text = text_of(answer)
        assert 'class="reason"' in text
        assert not any(words in text for words in ("yet</h2>", "None.", "gone already", "There is no disk"))
        assert ("<html" in text) == (not headers)


@NEEDY
def test_it_shows_the_clouds_reason_and_request_id(cloud: FakeCloud, signed_in: Client, view: View) -> None:
    for theirs, ours, headers in ((403, 403, {}), (500, 502, HTMX), (429, 429, HTMX)):
        body = fault("fault", theirs, "The <hamster> is tired.")
        cloud.http.get(cloud.at(view.needs), status_code=theirs, json=body, headers=FAULT_HEADERS)
        answer = signed_in.get(view.url, headers=headers)
        assert answer.status_code == ours
        assert "The &lt;hamster&gt; is tired." in text_of(answer)
        assert REQUEST_ID in text_of(answer)


@NEEDY
def test_it_asks_to_sign_in_when_the_token_has_ended(cloud: FakeCloud, signed_in: Client, view: View) -> None:
    cloud.http.get(cloud.at(view.needs), status_code=401)
    part = signed_in.get(view.url, headers=HTMX)
    assert part.status_code == 401
    assert part["HX-Retarget"] == "#sign-in"
    # That has signed out: without a script, too, one gets there.
    assert signed_in.get(view.url)["Location"].startswith("/sign-in/")
