"""What the Disks page loads after itself: counts of snapshots, bars of the quota, names of instances."""

import re
from typing import Any

import pytest
import requests
from django.test import Client

from tests.support.canned import HTMX, SignIn
from tests.support.fake_cloud import CINDER, FAULT_HEADERS, NOVA, Answer, FakeCloud, ago, an_id, snapshot, volume
from tests.support.pages import HERE, text_of, words

DISKS = f"{HERE}/disks/"
DETAILS, QUOTA, INSTANCES = f"{DISKS}details/", f"{DISKS}quota/", f"{DISKS}instances/"
ONE, TWO, THREE = an_id(1), an_id(2), an_id(3)
SERVER, OTHER = an_id(5000), an_id(5001)
ATTACHED: Answer = {"status": "in-use", "attachments": [{"server_id": SERVER, "device": "/dev/vdb"}]}


def counts(client: Client, *ids: str) -> dict[str, str]:
    """What is told of the snapshots of these disks, by id."""
    text = text_of(client.get(DETAILS, {"counted": ",".join(ids)}, headers=HTMX))
    parts = text.split('<span id="count-')[1:]
    return {part[:36]: words(part.partition(">")[2]).replace("\xa0", " ") for part in parts}


def test_it_counts_the_snapshots_of_each_disk(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.snapshots = [
        # Counted, but nothing to go back to
        snapshot(1004, disk=1, status="error", created_at=ago(minutes=1)),
        snapshot(1003, disk=1, created_at=ago(hours=2, seconds=5)),
        snapshot(1002, disk=2, created_at=ago(days=3, seconds=5)),
        snapshot(1001, disk=1, created_at=ago(days=9)),
        snapshot(1000, disk=4),
    ]
    assert counts(signed_in, ONE, TWO, THREE) == {
        ONE: "3 snapshots, newest 2 hours ago",
        TWO: "1 snapshot, newest 3 days ago",
        THREE: "no snapshots",
    }
    assert cloud.asked() == ["GET /snapshots/detail"]


def test_it_leads_to_the_snapshots_that_it_counted(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.snapshots = [snapshot(1001, disk=1)]
    text = text_of(signed_in.get(DETAILS, {"counted": f"{ONE},{TWO}"}, headers=HTMX))
    assert f'<span id="count-{ONE}" class="below" hx-swap-oob="true">' in text
    assert f'<a href="{DISKS}{ONE}/snapshots/">1 snapshot</a>' in text
    assert f"{TWO}/snapshots/" not in text


def test_it_tells_no_age_where_there_is_nothing_to_go_back_to(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.snapshots = [snapshot(1002, disk=1, status="error"), snapshot(1001, disk=2, created_at=None)]
    assert counts(signed_in, ONE, TWO) == {ONE: "1 snapshot", TWO: "1 snapshot"}


def test_it_never_says_none_of_what_it_has_not_seen(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.largest_limit = 2
    cloud.snapshots = [
        snapshot(1000 + number, disk=1, created_at=ago(hours=9 - number, seconds=5)) for number in (3, 2)
    ]
    cloud.snapshots += [snapshot(1001, disk=2)]
    assert counts(signed_in, ONE, TWO) == {
        ONE: "at least 2 snapshots, newest 6 hours ago",
        TWO: "snapshots: unknown",
    }
    assert len(cloud.asked()) == 1


def test_it_counts_a_thousand_exactly(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.snapshots = [snapshot(number, disk=1, created_at=ago(days=1, seconds=5)) for number in range(2000, 1000, -1)]
    assert counts(signed_in, ONE, TWO) == {ONE: "1000 snapshots, newest 1 day ago", TWO: "no snapshots"}
    cloud.snapshots.append(snapshot(1000, disk=2))
    assert counts(signed_in, ONE, TWO)[TWO] == "snapshots: unknown"
    assert len(cloud.asked()) == 2


def test_the_page_asks_for_its_own_disks_and_again_after_a_snapshot(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(2), volume(1, status="error")]
    for headers in ({}, HTMX):
        text = text_of(signed_in.get(DISKS, headers=headers))
        url = f"{DETAILS}?counted={TWO},{ONE}&amp;failed={ONE}"
        assert f'hx-get="{url}" hx-trigger="load, snapshots-changed from:body" hx-swap="none"' in text
        assert f'<span id="count-{TWO}" class="below"></span>' in text
        assert '<span id="details" class="awaited" hidden></span>' in text
    assert cloud.asked() == ["GET /volumes/detail"] * 2


def test_an_empty_page_asks_for_nothing(signed_in: Client) -> None:
    assert "details/" not in text_of(signed_in.get(DISKS))


def test_a_row_that_changes_keeps_its_count(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(1), volume(2)]
    cloud.snapshots = [snapshot(1001, disk=1)]
    part = signed_in.get(f"{DISKS}changes/", {"seen": f"{ONE}:extending,{TWO}:extending"}, headers=HTMX)
    assert "1 snapshot" in words(part)
    assert "no snapshots" in words(part)
    assert sorted(cloud.asked()) == ["GET /snapshots/detail", "GET /volumes/detail"]


def test_it_says_when_the_cloud_does_not_count(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.http.get(cloud.at("/snapshots/detail"), status_code=500)
    part = signed_in.get(DETAILS, {"counted": ONE}, headers=HTMX)
    assert part.status_code == 502
    assert part["HX-Reswap"] == "none"
    assert "no snapshots" not in words(part)


@pytest.mark.parametrize(
    ("limits", "told", "bars"),
    [
        (
            {"maxTotalVolumes": 10, "totalVolumesUsed": 3},
            "Disks 3 of 10",
            ['<meter id="quota-disks" min="0" max="10" value="3">'],
        ),
        ({"maxTotalVolumes": -1, "totalVolumesUsed": 3}, "Disks 3 Snapshots", []),
        (
            {"maxTotalVolumes": 10, "totalVolumesUsed": 10},
            "Disks 10 of 10",
            ['<meter id="quota-disks" min="0" max="10" value="10">'],
        ),
        # An operator may lower it below what is used.
        (
            {"maxTotalVolumes": 0, "totalVolumesUsed": 2},
            "Disks 2 of 0",
            ['<meter id="quota-disks" min="0" max="1" value="2">'],
        ),
        (
            {"maxTotalVolumeGigabytes": 5000, "totalGigabytesUsed": 1234},
            "Gigabytes 1234 of 5000",
            ['<meter id="quota-gigabytes" min="0" max="5000" value="1234">'],
        ),
        (
            {"maxTotalSnapshots": 7, "totalSnapshotsUsed": 1},
            "Snapshots 1 of 7",
            ['<meter id="quota-snapshots" min="0" max="7" value="1">'],
        ),
    ],
    ids=str,
)
def test_it_draws_the_quota(
    cloud: FakeCloud, signed_in: Client, limits: dict[str, int], told: str, bars: list[str]
) -> None:
    cloud.limits = limits
    part = signed_in.get(QUOTA, headers=HTMX)
    assert told in words(part)
    assert all(bar in text_of(part) for bar in bars)
    assert text_of(part).count("<meter") == 2 + len(bars)
    assert cloud.asked() == ["GET /limits"]


def test_it_labels_its_bars(cloud: FakeCloud, signed_in: Client) -> None:
    """Where there is no bar there is no label: it would name nothing."""
    cloud.limits = {"maxTotalVolumes": -1}
    text = text_of(signed_in.get(QUOTA, headers=HTMX))
    assert re.findall(r'<label for="([^"]*)"', text) == re.findall(r'<meter id="([^"]*)"', text)
    assert "quota-gigabytes" in text
    assert "quota-disks" not in text


def test_the_page_loads_its_quota_afterwards(cloud: FakeCloud, signed_in: Client) -> None:
    text = text_of(signed_in.get(DISKS))
    assert f'hx-get="{QUOTA}" hx-trigger="load, disks-changed from:body' in text
    assert "<meter" not in text
    assert "GET /limits" not in cloud.asked()


def named(client: Client, *ids: str) -> str:
    return text_of(client.get(INSTANCES, {"ids": ",".join(ids)}, headers=HTMX))


def test_it_names_the_instances(cloud: FakeCloud, sign_in: SignIn) -> None:
    cloud.servers = [
        {"id": SERVER, "name": "<web>"},
        {"id": OTHER, "name": "db"},
        {"id": an_id(5002), "name": "not asked for"},
    ]
    client = sign_in()
    cloud.volumes = [volume(3, **ATTACHED), volume(2, **ATTACHED), volume(1)]
    page = text_of(client.get(DISKS))
    assert f'hx-get="{INSTANCES}?ids={SERVER}" hx-trigger="load" hx-swap="none" data-quiet' in page
    assert page.count(f'<span class="instance instance-{SERVER}" title="{SERVER}">{SERVER[:8]}</span>') == 2
    assert cloud.asked(NOVA) == []
    text = named(client, SERVER, OTHER, an_id(5009))
    assert f'<span hx-swap-oob="innerHTML:.instance-{SERVER}">&lt;web&gt;</span>' in text
    assert f'<span hx-swap-oob="innerHTML:.instance-{OTHER}">db</span>' in text
    assert "not asked for" not in text
    assert an_id(5009) not in text
    assert cloud.asked(NOVA) == ["GET /v2.1/servers"]
    assert cloud.asked(CINDER) == ["GET /volumes/detail"]


def test_it_asks_nova_with_the_projects_token(cloud: FakeCloud, sign_in: SignIn) -> None:
    cloud.servers = []
    client = sign_in()
    named(client, SERVER)
    [asked] = cloud.requests(NOVA)
    assert asked.headers["X-Auth-Token"] == cloud.scoped_token()


def test_a_disks_own_page_names_them_too(cloud: FakeCloud, sign_in: SignIn) -> None:
    cloud.servers = [{"id": SERVER, "name": "web"}]
    client = sign_in()
    cloud.volumes = [volume(1, **ATTACHED)]
    text = text_of(client.get(f"{DISKS}{ONE}/"))
    assert f'hx-get="{INSTANCES}?ids={SERVER}"' in text
    assert f'<span class="instance-{SERVER}">' in text


def test_it_asks_nobody_where_there_is_no_nova(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(1, **ATTACHED)]
    assert INSTANCES not in text_of(signed_in.get(DISKS))
    assert INSTANCES not in text_of(signed_in.get(f"{DISKS}{ONE}/"))
    assert words(named(signed_in, SERVER)) == ""
    assert cloud.asked(NOVA) == []


def test_it_asks_for_nothing_where_nothing_is_attached(cloud: FakeCloud, sign_in: SignIn) -> None:
    cloud.servers = []
    client = sign_in()
    cloud.volumes = [volume(1), volume(2, attachments=[{"server_id": "../../x"}, {"server_id": None}])]
    assert INSTANCES not in text_of(client.get(DISKS))
    assert words(named(client)) == ""
    assert words(named(client, "x", "../../x")) == ""
    assert cloud.asked(NOVA) == []


@pytest.mark.parametrize(
    "answer",
    [
        {"status_code": 403, "headers": FAULT_HEADERS},
        {"status_code": 404},
        {"status_code": 500},
        {"status_code": 503},
        {"exc": requests.ConnectTimeout},
        {"exc": requests.ReadTimeout},
        {"text": "<html>", "headers": {"Content-Type": "text/html"}},
        {"json": {}},
        {"json": []},
        {"json": {"servers": None}},
        {"json": {"servers": 7}},
        {"json": {"servers": [None, "x", {}, {"id": SERVER}]}},
    ],
    ids=str,
)
def test_it_breaks_nothing_when_nova_fails(cloud: FakeCloud, sign_in: SignIn, answer: dict[str, Any]) -> None:
    """The short ids simply stay."""
    cloud.servers = []
    client = sign_in()
    cloud.http.get(f"{NOVA}/servers", **answer)
    part = client.get(INSTANCES, {"ids": SERVER}, headers=HTMX)
    assert part.status_code == 200
    assert words(part) == ""


def test_one_row_without_sense_hides_no_other_name(cloud: FakeCloud, sign_in: SignIn) -> None:
    cloud.servers = [{"id": OTHER}, {"id": OTHER, "name": None}, {"id": SERVER, "name": "web"}]
    client = sign_in()
    assert words(named(client, SERVER, OTHER)) == "web"


def test_it_asks_to_sign_in_when_nova_takes_the_token_no_more(cloud: FakeCloud, sign_in: SignIn) -> None:
    cloud.servers = []
    client = sign_in()
    cloud.http.get(f"{NOVA}/servers", status_code=401)
    assert client.get(INSTANCES, {"ids": SERVER}, headers=HTMX).status_code == 401
