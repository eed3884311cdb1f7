"""A change whose answer never came: Diskboard says so, looks at the cloud, and shows what it found."""

from collections.abc import Callable
from typing import Any

import pytest
import requests
from django.test import Client

from tests.support.canned import HTMX
from tests.support.cloud_rows import an_id, backup, snapshot, volume
from tests.support.fake_cloud import FakeCloud
from tests.support.pages import HERE, Page, alerts, failures, sent_by, triggered, words

DISK, SNAPSHOT = an_id(1), an_id(1001)
LOST = "The cloud gave no clear answer. The change may have been made: check before you try again."

Answering = Callable[[Any, Any], Any]


@pytest.fixture(autouse=True)
def _one_of_each(cloud: FakeCloud) -> None:
    cloud.volumes = [volume(1, name="data")]
    cloud.snapshots = [snapshot(1001, name="older")]
    cloud.backups = [backup(2001, name="older")]


def lost(answering: Answering | None = None) -> Answering:
    """Drop the answer to a change; the change is made first if `answering` makes it."""

    def answer(request: Any, context: Any) -> Any:
        if answering:
            answering(request, context)
        raise requests.ReadTimeout

    return answer


def sent_to(client: Client, path: str, **changes: str) -> Any:
    url = f"{HERE}/{path}"
    return client.post(url, sent_by(client.get(url, headers=HTMX), **changes), headers=HTMX)


CREATING = [
    (f"disks/{DISK}/create-snapshot/", "snapshot"),
    (f"disks/{DISK}/create-backup/", "backup"),
    (f"disks/{DISK}/clone/", "volume"),
    (f"snapshots/{SNAPSHOT}/create-disk/", "volume"),
]


@pytest.mark.parametrize(("path", "made"), CREATING)
def test_it_tells_whether_it_was_made(cloud: FakeCloud, signed_in: Client, path: str, made: str) -> None:
    cloud.http.post(cloud.at(f"/{made}s"), json=lost())
    assert "Nothing with this name exists so far." in alerts(sent_to(signed_in, path, name="before the move"))
    cloud.forget()
    cloud.http.post(cloud.at(f"/{made}s"), json=lost(getattr(cloud, f"_create_{made}")))
    page = sent_to(signed_in, path, name="before the move")
    assert page.status_code == 422
    assert alerts(page).startswith(LOST)
    assert "The newest one now: “before the move”, Creating, created " in alerts(page)
    assert sent_by(page)["name"] == "before the move"
    # The table underneath is updated too.
    assert f"{made.replace('volume', 'disk')}s-changed" in triggered(page)
    assert [one.method for one in cloud.requests() if one.method != "GET"] == ["POST"]


def test_it_shows_the_newest_of_the_disk_where_it_has_no_name(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.http.post(cloud.at("/snapshots"), json=lost())
    path = f"disks/{DISK}/create-snapshot/"
    assert "The newest one now: “older”, Available, created 2 Mar 2026 10:00:41." in alerts(
        sent_to(signed_in, path, name="")
    )
    cloud.snapshots = []
    assert "None exists so far." in alerts(sent_to(signed_in, path, name=""))


@pytest.mark.parametrize(
    ("path", "changes", "make"),
    [
        (f"snapshots/{SNAPSHOT}/edit/", {"name": "after"}, "_update"),
        (f"disks/{DISK}/rename/", {"name": "after"}, "_update"),
        (f"disks/{DISK}/properties/", {"properties": "a=1"}, "_replace_metadata"),
    ],
)
def test_it_tells_whether_it_was_saved(
    cloud: FakeCloud, signed_in: Client, path: str, changes: dict[str, str], make: str
) -> None:
    of_one = cloud.at(f"/{'snapshots' if 'snapshots/' in path else 'volumes'}/{path.split('/')[1]}")
    where = f"{of_one}/metadata" if make == "_replace_metadata" else of_one
    cloud.http.put(where, json=lost())
    assert alerts(sent_to(signed_in, path, **changes)).endswith("The change has not been made so far.")
    cloud.http.put(where, json=lost(getattr(cloud, make)))
    assert alerts(sent_to(signed_in, path, **changes)).endswith("The change was made.")


@pytest.mark.parametrize(
    ("path", "changes", "told"),
    [
        (f"disks/{DISK}/resize/", {"size": "20"}, "The disk now: Resizing, 10 GB, type ceph-ssd."),
        (f"disks/{DISK}/change-type/", {"disk_type": "ceph-hdd"}, "The disk now: Changing type, 10 GB, type ceph-ssd."),
        (f"disks/{DISK}/snapshots/{SNAPSHOT}/roll-back/", {}, "The disk now: Rolling back, 10 GB, type ceph-ssd."),
    ],
)
def test_it_tells_what_the_disk_is_like(
    cloud: FakeCloud, signed_in: Client, path: str, changes: dict[str, str], told: str
) -> None:
    cloud.http.post(cloud.at(f"/volumes/{DISK}/action"), text=lost(cloud._act))
    assert alerts(sent_to(signed_in, path, **changes)).endswith(told)


@pytest.mark.parametrize("made", [True, False])
def test_it_tells_whether_it_is_bootable_now(cloud: FakeCloud, signed_in: Client, made: bool) -> None:
    cloud.http.post(cloud.at(f"/volumes/{DISK}/action"), text=lost(cloud._act if made else None))
    toast = signed_in.post(f"{HERE}/disks/{DISK}/bootable/", {"bootable": "true"}, headers=HTMX)
    assert toast.status_code == 504
    assert words(toast).startswith(LOST)
    assert ("The change was made." if made else "The change has not been made so far.") in words(toast)


def test_it_says_that_the_cloud_can_not_be_looked_at(cloud: FakeCloud, signed_in: Client) -> None:
    page = signed_in.get(f"{HERE}/disks/{DISK}/create-snapshot/", headers=HTMX)
    cloud.http.post(cloud.at("/snapshots"), exc=requests.ReadTimeout)
    cloud.http.get(cloud.at("/snapshots/detail"), exc=requests.ReadTimeout)
    answer = signed_in.post(f"{HERE}/disks/{DISK}/create-snapshot/", sent_by(page, name="x"), headers=HTMX)
    assert alerts(answer).startswith(LOST)
    assert alerts(answer).endswith("The cloud can't be asked about it at the moment.")
    assert "HX-Trigger" not in answer


def test_it_asks_to_sign_in_where_the_session_ends_in_between(cloud: FakeCloud, signed_in: Client) -> None:
    page = signed_in.get(f"{HERE}/disks/{DISK}/create-snapshot/", headers=HTMX)
    cloud.http.post(cloud.at("/snapshots"), exc=requests.ReadTimeout)
    cloud.http.get(cloud.at("/snapshots/detail"), status_code=401)
    answer = signed_in.post(f"{HERE}/disks/{DISK}/create-snapshot/", sent_by(page, name="x"), headers=HTMX)
    assert answer.status_code == 401
    assert answer["HX-Retarget"] == "#sign-in"


def test_it_looks_at_a_deletion_without_an_answer(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.snapshots = [snapshot(1001, name="gone"), snapshot(1002, name="going"), snapshot(1003, name="staying")]

    def gone(_request: Any, _context: Any) -> None:
        del cloud.snapshots[0]

    def going(_request: Any, _context: Any) -> None:
        next(one for one in cloud.snapshots if one["name"] == "going")["status"] = "deleting"

    for number, making in ((1001, gone), (1002, going), (1003, None)):
        cloud.http.delete(cloud.at(f"/snapshots/{an_id(number)}"), text=lost(making))
    ids = [an_id(number) for number in (1001, 1002, 1003)]
    answer = signed_in.post(f"{HERE}/snapshots/delete/run/", {"ids": ids}, headers=HTMX)
    page = Page(answer)
    rows = [page.by_id(f"row-{one}") for one in ids]
    assert [row["hx-swap-oob"] if row else None for row in rows] == ["delete", "true", None]
    assert [row["data-busy"].startswith("deleting") for row in rows if row] == [False, True]
    assert list(failures(answer)) == [ids[2]]
    assert LOST in words(answer)
    assert "It has not been deleted so far: Available." in words(answer)
    assert sorted(one.path.rsplit("/", 1)[1] for one in cloud.requests() if one.method == "DELETE") == sorted(ids)


def test_it_looks_for_each_of_several_snapshots(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.http.post(cloud.at("/snapshots"), json=lost(cloud._create_snapshot))
    opened = signed_in.post(f"{HERE}/disks/create-snapshots/", {"ids": DISK}, headers=HTMX)
    sent = {**sent_by(opened, name="of {disk}"), "ids": DISK}
    page = signed_in.post(f"{HERE}/disks/create-snapshots/run/", sent, headers=HTMX)
    assert "The newest one now: “of data”, Creating" in words(page)
