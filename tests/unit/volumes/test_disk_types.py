"""Cinder's own default type has an internal name, which pages don't show."""

import pytest
from django.test import Client

from tests.support.canned import HTMX
from tests.support.cloud_rows import an_id, disk_type, volume
from tests.support.fake_cloud import FakeCloud
from tests.support.pages import HERE, Page, options, words
from volumes.disk_types import DEFAULT, type_words

DISK = f"{HERE}/disks/{an_id(1)}/"


@pytest.fixture(autouse=True)
def _only_that(cloud: FakeCloud) -> None:
    cloud.types = [disk_type(4001, DEFAULT), disk_type(4002, "ceph-ssd")]
    cloud.volumes = [volume(1, name="data", volume_type=DEFAULT)]
    cloud.type_limits = {f"gigabytes_{DEFAULT}": 10, f"volumes_{DEFAULT}": 1}


@pytest.mark.parametrize(
    "url",
    [
        *(f"{HERE}/disks/", f"{HERE}/disks/?type=__DEFAULT__", f"{HERE}/disks/capacity/", f"{HERE}/disks/create/"),
        *(f"{DISK}{name}" for name in ("", "resize/", "clone/", "create-snapshot/")),
    ],
)
def test_pages_call_it_the_default_type(signed_in: Client, url: str) -> None:
    told = words(signed_in.get(url, headers=HTMX))
    assert "Default type" in told
    assert DEFAULT not in told


def test_a_choice_still_sends_its_name(signed_in: Client) -> None:
    page = Page(signed_in.get(f"{HERE}/disks/create/", headers=HTMX))
    assert "Default type" in options(signed_in.get(f"{HERE}/disks/create/", headers=HTMX), "disk_type")
    assert DEFAULT in [one["value"] for one in page.field("Disk type").select("option")]


@pytest.mark.parametrize(("name", "told"), [("ceph-ssd", "ceph-ssd"), ("", "—"), (DEFAULT, "Default type")])
def test_other_types_keep_their_names(name: str, told: str) -> None:
    assert type_words(name) == told
