"""The head of a list shows what the project uses of its quota."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from tests.support.canned import HTMX
from tests.support.cloud_rows import an_id, snapshot, volume
from tests.support.fake_cloud import FakeCloud
from tests.support.pages import HERE, Page, triggers, words

URL = f"{HERE}/disks/capacity/"
LIMITS = {"maxTotalVolumeGigabytes": 1000, "maxTotalVolumes": 10, "maxTotalSnapshots": -1}


@pytest.fixture(autouse=True)
def _some(cloud: FakeCloud) -> None:
    cloud.volumes = [volume(1, size=600), volume(2, size=100)]
    cloud.snapshots = [snapshot(1001, size=200)]
    cloud.limits = dict(LIMITS)


def shown(client: Client) -> Any:
    return client.get(URL, headers=HTMX)


def bar(client: Client) -> list[tuple[str, str, str]]:
    """The parts of the bar: whose it is, where it begins and how long it is."""
    return [(one["class"], one["x"], one["width"]) for one in Page(shown(client)).select("svg rect")]


@pytest.mark.parametrize("kind", ["disks", "snapshots"])
def test_it_loads_after_the_page(cloud: FakeCloud, signed_in: Client, kind: str) -> None:
    [place] = Page(signed_in.get(f"{HERE}/{kind}/")).select(f'[hx-get="{URL}"]')
    assert triggers(place) >= {"load", "disks-changed from:body", "snapshots-changed from:body"}
    assert "GET /limits" not in cloud.asked()


def test_it_is_split_into_disks_and_snapshots(signed_in: Client) -> None:
    told = words(shown(signed_in))
    assert "900 of 1,000 GB disks 700 GB snapshots 200 GB" in told
    assert "Disks: 2 of 10 · Snapshots: 1" in told
    assert bar(signed_in) == [("of-disks", "0%", "70.00%"), ("of-snapshots", "70.00%", "20.00%")]


def test_it_warns_from_nine_tenths_on(cloud: FakeCloud, signed_in: Client) -> None:
    for allowed, warns in ((1000, True), (1001, False), (0, True)):
        cloud.limits["maxTotalVolumeGigabytes"] = allowed
        assert bool(Page(shown(signed_in)).select("svg.nearly-full")) is warns, allowed


def test_a_cloud_that_counts_no_snapshots_has_none_in_the_bar(cloud: FakeCloud, signed_in: Client) -> None:
    """With no_snapshot_gb_quota (cinder/quota.py) the gigabytes are those of disks."""
    cloud.limits["totalGigabytesUsed"] = 700
    assert "700 of 1,000 GB disks 700 GB snapshots 0 GB" in words(shown(signed_in))
    assert bar(signed_in)[1] == ("of-snapshots", "70.00%", "0.00%")


def test_numbers_that_do_not_agree_stay_in_the_bar(cloud: FakeCloud, signed_in: Client) -> None:
    """Cinder's count of what is used may be wrong, and an operator may set the quota below the use."""
    cloud.limits |= {"totalGigabytesUsed": 300, "maxTotalVolumeGigabytes": 100}
    assert bar(signed_in) == [("of-disks", "0%", "100.00%"), ("of-snapshots", "100.00%", "0.00%")]


@pytest.mark.parametrize("why", ["an older Cinder", "a refusal"])
def test_it_is_not_split_where_the_cloud_does_not_sum_up(cloud: FakeCloud, signed_in: Client, why: str) -> None:
    if why == "an older Cinder":
        cloud.microversion = "3.11"
        cache.clear()
    else:
        cloud.http.get(cloud.at("/volumes/summary"), status_code=403)
    told = words(shown(signed_in))
    assert "900 of 1,000 GB" in told
    assert "snapshots 200 GB" not in told
    assert bar(signed_in)[0] == ("of-disks", "0%", "90.00%")
    assert ("GET /volumes/summary" in cloud.asked()) is (why == "a refusal")


def test_there_is_no_bar_without_a_limit(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.limits["maxTotalVolumeGigabytes"] = -1
    assert words(shown(signed_in)).startswith("900 GB disks 700 GB")
    assert bar(signed_in) == []


def test_it_names_the_types_that_are_limited(cloud: FakeCloud, signed_in: Client) -> None:
    for row in cloud.volumes:
        row["volume_type"] = "ceph-ssd"
    cloud.snapshots[0]["volume_id"] = an_id(1)
    cloud.type_limits = {"gigabytes_ceph-ssd": 2000}
    assert words(shown(signed_in)).endswith("· ceph-ssd: 900 of 2,000 GB")


def test_russian_groups_digits_by_spaces(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes[0]["size"] = 60_000
    told = words(signed_in.get(URL, headers={**HTMX, "Accept-Language": "ru"}))
    assert "60 300 из 1 000 ГБ диски 60 100 ГБ снимки 200 ГБ" in told.replace("\N{NO-BREAK SPACE}", " ")
