"""A new disk whose source gives no disk type that the project can use."""

from typing import Any

import pytest
from django.test import Client

from tests.support.canned import HTMX
from tests.support.cloud_rows import an_id, backup, disk_type, fault, snapshot, volume
from tests.support.fake_cloud import FAULT_HEADERS, FakeCloud
from tests.support.pages import HERE, Page, alerts, sent_by, words

RESTORE = f"{HERE}/backups/{an_id(2001)}/create-disk/"
FROM_SNAPSHOT = f"{HERE}/snapshots/{an_id(1001)}/create-disk/"
DISK = f"{HERE}/disks/{an_id(1)}/"
GONE = "The disk of this backup no longer exists, so its type is unknown."
WITHDRAWN = "The type “secret” of the source is not available to this project."


@pytest.fixture(autouse=True)
def _stocked(cloud: FakeCloud) -> None:
    cloud.types = [disk_type(4001, "ceph-ssd")]
    cloud.volumes, cloud.snapshots = [volume(1, volume_type="secret")], [snapshot(1001)]
    cloud.backups = [backup(2001, disk=7)]


def created(cloud: FakeCloud) -> list[dict[str, Any]]:
    return [one.json()["volume"] for one in cloud.requests() if one.method == "POST" and one.path.endswith("/volumes")]


@pytest.mark.parametrize(("url", "reason"), [(RESTORE, GONE), (FROM_SNAPSHOT, WITHDRAWN)])
def test_it_asks_for_the_type(cloud: FakeCloud, signed_in: Client, url: str, reason: str) -> None:
    dialog = signed_in.get(url, headers=HTMX)
    assert reason in words(dialog)
    refused = signed_in.post(url, sent_by(dialog, name="copy"), headers=HTMX)
    assert refused.status_code == 422
    assert "Choose a disk type: that of the source can't be used." in words(refused)
    assert created(cloud) == []
    answer = signed_in.post(url, sent_by(refused, disk_type="ceph-ssd"), headers=HTMX)
    assert answer.status_code == 204
    assert created(cloud)[0]["volume_type"] == "ceph-ssd"


@pytest.mark.parametrize("url", [RESTORE, FROM_SNAPSHOT])
def test_it_asks_for_no_type_if_none_can_be_listed(cloud: FakeCloud, signed_in: Client, url: str) -> None:
    cloud.http.get(cloud.at("/types"), status_code=403)
    dialog = signed_in.get(url, headers=HTMX)
    assert signed_in.post(url, sent_by(dialog, name="copy"), headers=HTMX).status_code == 204


def test_it_asks_for_no_type_if_that_of_the_disk_can_be_used(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.types.append(disk_type(4003, "secret"))
    cloud.backups = [backup(2001)]
    for url in (RESTORE, FROM_SNAPSHOT):
        dialog = signed_in.get(url, headers=HTMX)
        assert "type_needed" not in {name for name, value in sent_by(dialog).items() if value}
        assert signed_in.post(url, sent_by(dialog, name="copy"), headers=HTMX).status_code == 204


@pytest.mark.parametrize(
    ("url", "typed", "name"),
    [
        (f"{DISK}clone/", {"name": "twin"}, "secret"),
        (f"{DISK}create-snapshot/", {"name": "before"}, "secret"),
        (f"{DISK}resize/", {"size": "20"}, "secret"),
        (f"{DISK}change-type/", {"disk_type": "ceph-ssd"}, "ceph-ssd"),
        (f"{HERE}/disks/create/", {"name": "new", "size": "1", "disk_type": "ceph-ssd"}, "ceph-ssd"),
    ],
)
def test_a_withdrawn_type_is_named(
    cloud: FakeCloud, signed_in: Client, url: str, typed: dict[str, str], name: str
) -> None:
    form = sent_by(signed_in.get(url, headers=HTMX), **typed)
    reason = "Volume type 6b3f3c2e-0000-4000-8000-000000000000 could not be found."
    body = fault("itemNotFound", 404, reason)
    for path in ("/volumes", "/snapshots", f"/volumes/{an_id(1)}/action"):
        cloud.http.post(cloud.at(path), status_code=404, json=body, headers=FAULT_HEADERS)
    answer = signed_in.post(url, form, headers=HTMX)
    assert answer.status_code == 422
    assert f"The disk type “{name}” isn't available to this project." in alerts(answer)
    assert reason in alerts(answer)
    assert Page(answer).has("dialog")
