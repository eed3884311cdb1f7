"""What the Disks page loads later: the numbers of snapshots, the names of instances."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from django.test import Client

from tests.support.canned import HTMX, SignIn
from tests.support.cloud_rows import Answer, ago, an_id, snapshot, volume
from tests.support.fake_cloud import CINDER, FAULT_HEADERS, NOVA, FakeCloud
from tests.support.pages import HERE, Answered, Page, brought_into, loads, rows_by_id, text_of, triggers, words

DISKS = f"{HERE}/disks/"
DETAILS, INSTANCES = f"{DISKS}details/", f"{DISKS}instances/"
ONE, TWO, THREE = an_id(1), an_id(2), an_id(3)
SERVER, OTHER = an_id(5000), an_id(5001)
ATTACHED: Answer = {"status": "in-use", "attachments": [{"server_id": SERVER, "device": "/dev/vdb"}]}


def details(client: Client, *ids: str) -> Any:
    return client.get(DETAILS, {"counted": ",".join(ids)}, headers=HTMX)


def counts(answer: Answered) -> dict[str, str]:
    """The texts about the snapshots of these disks, by id."""
    return {row_id: one.text for row_id, one in brought_into(answer, "count").items()}


def test_it_counts_the_snapshots_of_each_disk_and_leads_to_them(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.snapshots = [
        # It counts, but can't be rolled back to
        snapshot(1004, disk=1, status="error", created_at=ago(minutes=1)),
        snapshot(1003, disk=1, created_at=ago(hours=2, seconds=5)),
        snapshot(1002, disk=2, created_at=ago(days=3, seconds=5)),
        snapshot(1001, disk=1, created_at=ago(days=9)),
        snapshot(1000, disk=4),
    ]
    part = details(signed_in, ONE, TWO, THREE)
    assert counts(part) == {
        ONE: "3 snapshots, newest 2 hours ago",
        TWO: "1 snapshot, newest 3 days ago",
        THREE: "no snapshots",
    }
    leading = {link.text: link["href"] for link in Page(part).find_all("link")}
    assert leading == {"3 snapshots": f"{DISKS}{ONE}/snapshots/", "1 snapshot": f"{DISKS}{TWO}/snapshots/"}
    assert cloud.asked() == ["GET /snapshots/detail"]


def test_a_snapshot_of_this_minute_is_new_just_now(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.snapshots = [
        snapshot(1002, disk=1, created_at=ago(seconds=50)),
        snapshot(1001, disk=2, created_at=ago(seconds=70)),
    ]
    told = counts(details(signed_in, ONE, TWO))
    assert told == {ONE: "1 snapshot, newest just now", TWO: "1 snapshot, newest 1 minute ago"}


def test_it_tells_no_age_where_there_is_nothing_to_go_back_to(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.snapshots = [snapshot(1002, disk=1, status="error"), snapshot(1001, disk=2, created_at=None)]
    assert counts(details(signed_in, ONE, TWO)) == {ONE: "1 snapshot", TWO: "1 snapshot"}


def test_it_never_says_none_of_what_it_has_not_seen(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.largest_limit = 2
    cloud.snapshots = [
        snapshot(1000 + number, disk=1, created_at=ago(hours=9 - number, seconds=5)) for number in (3, 2)
    ]
    cloud.snapshots += [snapshot(1001, disk=2)]
    told = {ONE: "at least 2 snapshots, newest 6 hours ago", TWO: "snapshots: unknown"}
    assert counts(details(signed_in, ONE, TWO)) == told
    assert len(cloud.asked()) == 1


def test_it_is_asked_for_by_the_page_and_again_after_a_snapshot(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(2), volume(1, status="error")]
    part = signed_in.get(DISKS, headers=HTMX)
    asking = Page(part).select(f'[hx-get="{DETAILS}?counted={TWO},{ONE}&failed={ONE}"]')
    assert [(triggers(one), one["hx-swap"]) for one in asking] == [({"load", "snapshots-changed from:body"}, "none")]
    # The elements that the answer fills
    assert Page(part).by_id("details")
    for place in (f"#row-{TWO} .count", f"#row-{ONE} .count", f"#row-{ONE} .failure"):
        assert len(Page(part).select(place)) == 1, place
    assert cloud.asked() == ["GET /volumes/detail"]


def test_it_is_not_asked_for_by_an_empty_page(signed_in: Client) -> None:
    assert loads(signed_in.get(DISKS, headers=HTMX)) == []


def test_it_keeps_the_count_of_a_row_that_changes(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(1), volume(2)]
    cloud.snapshots = [snapshot(1001, disk=1)]
    part = signed_in.get(f"{DISKS}changes/", {"seen": f"{ONE}:extending,{TWO}:extending"}, headers=HTMX)
    brought = rows_by_id(part)
    assert "1 snapshot, newest" in brought[ONE].text
    assert "no snapshots" in brought[TWO].text
    assert sorted(cloud.asked()) == ["GET /snapshots/detail", "GET /volumes/detail"]


def test_it_says_when_the_cloud_does_not_count(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.http.get(cloud.at("/snapshots/detail"), status_code=500)
    assert counts(details(signed_in, ONE)) == {ONE: "snapshots: unknown"}


@pytest.mark.parametrize("status", [403, 404, 500])
def test_the_page_does_without_a_quota_and_choices_that_cannot_be_read(
    cloud: FakeCloud, signed_in: Client, status: int
) -> None:
    for path in ("/limits", "/types", "/os-availability-zone"):
        cloud.http.get(cloud.at(path), status_code=status)
    for url in ("capacity/", "filter-choices/"):
        part = signed_in.get(f"{DISKS}{url}", headers=HTMX)
        assert part.status_code == 200
        assert words(part) == ""


def named(client: Client, *ids: str, by: str = INSTANCES) -> Any:
    return client.get(by, {"instances" if by == DETAILS else "ids": ",".join(ids)}, headers=HTMX)


def instances(answer: Answered) -> dict[str, str]:
    """The names of instances in an answer, by the element that each one fills."""
    return {one["hx-swap-oob"]: one.text for one in Page(answer).select('[hx-swap-oob^="innerHTML:.instance-"]')}


def details_of(answer: Answered) -> dict[str, str]:
    """What the only request for details asks for."""
    [url] = [url for url in loads(answer) if url.startswith(DETAILS)]
    return dict(parse_qsl(urlsplit(url).query))


# A list loads the names with its other details; a disk's page and the preview of a deletion load nothing else.
BOTH = pytest.mark.parametrize("by", [DETAILS, INSTANCES], ids=["details", "instances"])


def with_nova(cloud: FakeCloud, enter: SignIn, *servers: Answer) -> Client:
    cloud.servers = list(servers)
    return enter()


@BOTH
def test_it_names_the_instances(cloud: FakeCloud, enter: SignIn, by: str) -> None:
    servers = [
        {"id": SERVER, "name": "<web>"},
        {"id": OTHER, "name": "db"},
        {"id": an_id(5002), "name": "not asked for"},
    ]
    client = with_nova(cloud, enter, *servers)
    cloud.volumes = [volume(3, **ATTACHED), volume(2, **ATTACHED), volume(1)]
    page = client.get(DISKS, headers=HTMX)
    assert details_of(page)["instances"] == SERVER
    places = Page(page).select(f".instance-{SERVER}")
    # In each row once for wide windows, once for narrow ones
    assert [(place.text, place["title"]) for place in places] == [(SERVER[:8], SERVER)] * 4
    assert cloud.asked(NOVA) == []
    part = named(client, SERVER, OTHER, an_id(5009), by=by)
    assert instances(part) == {f"innerHTML:.instance-{SERVER}": "<web>", f"innerHTML:.instance-{OTHER}": "db"}
    assert "<web>" not in text_of(part)
    assert cloud.asked(NOVA) == ["GET /v2.1/servers"]
    assert cloud.asked(CINDER) == ["GET /volumes/detail"]
    # The request uses the project's own token
    assert cloud.requests(NOVA)[0].headers["X-Auth-Token"] == cloud.scoped_token()


def test_it_names_them_on_the_page_of_a_disk_too(cloud: FakeCloud, enter: SignIn) -> None:
    client = with_nova(cloud, enter, {"id": SERVER, "name": "web"})
    cloud.volumes = [volume(1, **ATTACHED)]
    page = client.get(f"{DISKS}{ONE}/")
    assert f"{INSTANCES}?ids={SERVER}" in loads(page)
    assert len(Page(page).select(f".instance-{SERVER}")) == 1


def test_it_shows_several_instances_one_per_line(cloud: FakeCloud, enter: SignIn) -> None:
    client = with_nova(cloud, enter, {"id": SERVER, "name": "web"})
    servers = [an_id(5100 + number) for number in range(8)]
    devices = [f"/dev/vd{letter}" for letter in "bcdefghi"]
    attached = [{"server_id": one, "device": device} for one, device in zip(servers, devices, strict=True)]
    cloud.volumes = [volume(1, status="in-use", attachments=attached)]
    page = client.get(DISKS, headers=HTMX)
    cell = Page(page).select("td.col-attached")[0]
    told = [one.text for one in cell.select(".attachment")]
    assert told == [*(f"{one['server_id'][:8]} {one['device']}" for one in attached[:3]), "and 5 more"]
    assert cell.find("link", "and 5 more")["href"] == f"{DISKS}{ONE}/"
    narrow = Page(page).select("td.col-name .in-short")[0]
    assert [one.text for one in narrow.select(".attachment")] == told
    # Names of instances that are not shown would find no place on the page.
    assert details_of(page)["instances"] == ",".join(servers[:3])

    one = client.get(f"{DISKS}{ONE}/")
    assert f"{INSTANCES}?ids={','.join(servers)}" in loads(one)
    places = [place for server in servers for place in Page(one).select(f".instance-{server}")]
    assert len(places) == 8
    assert "and 3 more" in words(one)

    preview = client.post(f"{DISKS}delete/", {"ids": [ONE]}, headers=HTMX)
    assert f"{INSTANCES}?ids={','.join(servers)}" in loads(preview)
    dialog = words(preview)
    assert all(f"{one['server_id']} {one['device']}" in dialog for one in attached)
    assert "and 5 more" in dialog


def test_it_does_not_ask_where_there_is_no_nova(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(1, **ATTACHED)]
    assert "instances" not in details_of(signed_in.get(DISKS, headers=HTMX))
    assert not [url for url in loads(signed_in.get(f"{DISKS}{ONE}/")) if url.startswith(INSTANCES)]
    for by in (DETAILS, INSTANCES):
        assert instances(named(signed_in, SERVER, by=by)) == {}
    assert cloud.asked(NOVA) == []


def test_it_asks_for_nothing_where_nothing_is_attached(cloud: FakeCloud, enter: SignIn) -> None:
    client = with_nova(cloud, enter)
    cloud.volumes = [volume(1), volume(2, attachments=[{"server_id": "../../x"}, {"server_id": None}])]
    assert "instances" not in details_of(client.get(DISKS, headers=HTMX))
    for by in (DETAILS, INSTANCES):
        assert words(named(client, by=by)) == ""
        assert words(named(client, "x", "../../x", by=by)) == ""
    assert cloud.asked(NOVA) == []


WITHOUT_NAMES: list[dict[str, Any]] = [
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
]


@BOTH
def test_it_breaks_nothing_when_nova_fails(cloud: FakeCloud, enter: SignIn, by: str) -> None:
    """The short ids simply stay."""
    client = with_nova(cloud, enter)
    for answer in WITHOUT_NAMES:
        cloud.http.get(f"{NOVA}/servers", **answer)
        part = named(client, SERVER, by=by)
        assert (part.status_code, words(part)) == (200, ""), answer


@BOTH
def test_it_tells_the_other_names_beside_a_row_without_sense(cloud: FakeCloud, enter: SignIn, by: str) -> None:
    servers: list[Answer] = [{"id": OTHER}, {"id": OTHER, "name": None}, {"id": SERVER, "name": "web"}]
    client = with_nova(cloud, enter, *servers)
    assert list(instances(named(client, SERVER, OTHER, by=by)).values()) == ["web"]


@BOTH
def test_it_asks_to_sign_in_when_nova_takes_the_token_no_more(cloud: FakeCloud, enter: SignIn, by: str) -> None:
    client = with_nova(cloud, enter)
    cloud.http.get(f"{NOVA}/servers", status_code=401)
    assert named(client, SERVER, by=by).status_code == 401
