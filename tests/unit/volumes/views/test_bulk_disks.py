"""Deleting disks: a preview that tells what becomes of their snapshots too, then chunk by chunk."""

import json
import re

import pytest
from django.test import Client

from tests.support.canned import HTMX, SignIn
from tests.support.fake_cloud import FAULT_HEADERS, REQUEST_ID, Answer, FakeCloud, an_id, fault, snapshot, volume
from tests.support.pages import HERE, Answered, alerts, command, sent_by, text_of, words

DISKS = f"{HERE}/disks/"
URL = f"{DISKS}delete/"
ONE, TWO = an_id(1), an_id(2)
ATTACHED: Answer = {"status": "in-use", "attachments": [{"server_id": an_id(5000), "device": "/dev/vdb"}]}


def some(cloud: FakeCloud, how_many: int) -> list[str]:
    cloud.volumes = [volume(number) for number in range(1, how_many + 1)]
    return [row["id"] for row in cloud.volumes]


def offered(answer: Answered, name: str = "ids") -> list[str]:
    return re.findall(rf'type="hidden" name="{name}" value="([^"]+)"', text_of(answer))


def deleted(cloud: FakeCloud) -> list[str]:
    """Which disks Cinder was told to delete, and those that take their snapshots along."""
    asked = [one for one in cloud.requests() if one.method == "DELETE"]
    return sorted(one.url.rsplit("/", 1)[1].replace("?cascade=true", "+") for one in asked)


def with_and_without(cloud: FakeCloud) -> None:
    """Three disks: the first has two snapshots, the second one, the third none."""
    cloud.volumes = [volume(1, name="data"), volume(2, name="logs"), volume(3, name="root")]
    cloud.snapshots = [
        snapshot(1003, disk=2, size=5),
        snapshot(1002, disk=1, size=8, created_at="2026-03-05T10:00:00.000000"),
        snapshot(1001, disk=1, size=7, created_at="2026-02-01T10:00:00.000000", status="error"),
    ]


def test_it_previews_disks_and_their_snapshots(cloud: FakeCloud, signed_in: Client) -> None:
    with_and_without(cloud)
    ids = [ONE, TWO, an_id(3)]
    page = signed_in.post(URL, {"ids": [*ids, an_id(77)]})
    told = words(page)
    assert "1 of the selected is gone already." in told
    assert "Will be deleted: 1. Only together with their snapshots: 2." in told
    assert "Can't be deleted" not in told
    assert re.search(r"data 2 snapshots, the oldest of [^,]*\b2026\b[^,]*(, [^,]*)?, 15 GB", told)
    assert 'datetime="2026-02-01T10:00:00' in text_of(page)
    assert 'datetime="2026-03-05T10:00:00' not in text_of(page)
    assert re.search(r"logs 1 snapshot, the oldest of .*?, 5 GB", told)
    assert "A deleted disk can't be brought back." in told
    assert offered(page) == [an_id(3)]
    assert offered(page, "with_snapshots") == [ONE, TWO]
    assert deleted(cloud) == []


def test_it_takes_snapshots_along_only_if_told_to(cloud: FakeCloud, signed_in: Client) -> None:
    with_and_without(cloud)
    page = signed_in.post(URL, {"ids": [ONE, TWO, an_id(3)]}, headers=HTMX)
    assert 'type="checkbox" id="cascade" name="cascade" value="1" autocomplete="off"' in text_of(page)
    assert "cascade" not in sent_by(page)
    sent = {"confirmed": "1", "ids": offered(page), "with_snapshots": offered(page, "with_snapshots")}
    signed_in.post(URL, sent, headers=HTMX)
    assert deleted(cloud) == [an_id(3)]
    cloud.forget()
    signed_in.post(URL, {**sent, "cascade": "1"}, headers=HTMX)
    assert deleted(cloud) == [f"{ONE}+", f"{TWO}+", an_id(3)]
    assert {row["status"] for row in (*cloud.volumes, *cloud.snapshots)} == {"deleting"}


def test_it_asks_for_no_snapshots_where_there_are_none(cloud: FakeCloud, signed_in: Client) -> None:
    page = signed_in.post(URL, {"ids": some(cloud, 2)})
    assert "cascade" not in text_of(page)
    assert "Only together" not in words(page)
    assert offered(page, "with_snapshots") == []


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_it_says_so_when_nothing_may_go_without_its_snapshots(
    cloud: FakeCloud, signed_in: Client, headers: dict[str, str]
) -> None:
    with_and_without(cloud)
    answer = signed_in.post(URL, {"confirmed": "1", "with_snapshots": [ONE]}, headers=headers)
    assert alerts(answer) == "Nothing was deleted: these disks go only together with their snapshots."
    assert offered(answer, "with_snapshots") == [ONE]
    assert deleted(cloud) == []


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        (ATTACHED, f"It is attached to an instance: detach it first. Instance: {an_id(5000)}"),
        ({"status": "creating"}, "Something is going on with it; it can be deleted when it is available."),
        ({"status": "error_deleting"}, "Deleting it has failed before"),
        ({"status": "maintenance"}, "The cloud's operator has put it into maintenance."),
        ({"group_id": "g"}, "It belongs to a group and goes only with that."),
        ({"migration_status": "migrating"}, "It is being moved to other storage"),
    ],
    ids=str,
)
def test_it_tells_why_one_cannot_go(cloud: FakeCloud, signed_in: Client, changes: Answer, reason: str) -> None:
    cloud.volumes = [volume(1, name="data", **changes), volume(2)]
    cloud.snapshots = [snapshot(1001, disk=1)]
    page = signed_in.post(URL, {"ids": [ONE, TWO]})
    assert "Will be deleted: 1. Can't be deleted: 1." in words(page)
    assert f"data can't be deleted, because: {reason}" in words(page)
    assert offered(page) + offered(page, "with_snapshots") == [TWO]


@pytest.mark.parametrize("changes", [{"status": "creating"}, {"group_snapshot_id": "g"}, {"status": "backing-up"}])
def test_it_takes_no_disk_whose_snapshots_cannot_go(cloud: FakeCloud, signed_in: Client, changes: Answer) -> None:
    """Cinder could leave it half deleted."""
    cloud.volumes = [volume(1, name="data")]
    cloud.snapshots = [snapshot(1002), snapshot(1001, **changes)]
    page = signed_in.post(URL, {"ids": [ONE]})
    assert "data can't be deleted, because: Some of its snapshots can't be deleted now" in words(page)
    assert offered(page) + offered(page, "with_snapshots") == []
    assert "confirmed" not in text_of(page)


@pytest.mark.parametrize("status", [403, 500])
def test_it_says_when_it_could_not_look_for_snapshots(cloud: FakeCloud, signed_in: Client, status: int) -> None:
    cloud.http.get(cloud.at("/snapshots/detail"), status_code=status)
    page = signed_in.post(URL, {"ids": some(cloud, 1)})
    assert "Not all snapshots of these disks could be looked through" in words(page)
    assert offered(page) == [ONE]


def test_it_looks_through_the_project_where_many_are_selected(cloud: FakeCloud, signed_in: Client) -> None:
    ids = some(cloud, 30)
    cloud.snapshots = [snapshot(1001, disk=30)]
    page = signed_in.post(URL, {"ids": ids})
    assert "looked through" not in words(page)
    assert offered(page) == ids[:29]
    assert offered(page, "with_snapshots") == ids[29:]
    assert sorted(cloud.asked()) == ["GET /snapshots/detail", "GET /volumes/detail"]
    cloud.largest_limit = 2
    cloud.snapshots = [snapshot(number, disk=1) for number in range(1001, 1031)]
    cloud.forget()
    page = signed_in.post(URL, {"ids": ids})
    assert "Not all snapshots of these disks could be looked through" in words(page)
    assert cloud.asked().count("GET /snapshots/detail") == 10


def test_it_goes_on_with_both_lists(cloud: FakeCloud, signed_in: Client) -> None:
    ids = some(cloud, 45)
    cloud.snapshots = [snapshot(1000 + number, disk=number) for number in range(31, 46)]
    sent: dict[str, object] = {"confirmed": "1", "cascade": "1", "ids": ids[:30], "with_snapshots": ids[30:]}
    first = signed_in.post(URL, sent, headers=HTMX)
    assert 'hx-trigger="load, signed-in from:body"' in text_of(first)
    assert (offered(first), offered(first, "with_snapshots")) == (ids[20:30], ids[30:])
    assert offered(first, "cascade") == ["1"]
    assert "20 of 45 done" in words(first)
    carried = {"confirmed": "1", "done": "20", "failed": "0"}
    both = {"ids": offered(first), "with_snapshots": offered(first, "with_snapshots"), "cascade": "1"}
    second = signed_in.post(URL, {**carried, **both}, headers=HTMX)
    assert (offered(second), offered(second, "with_snapshots")) == ([], ids[40:])
    assert "40 of 45 done" in words(second)
    last = {"confirmed": "1", "done": "40", "with_snapshots": ids[40:], "cascade": "1"}
    third = signed_in.post(URL, last, headers=HTMX)
    assert "dialog-done" in json.loads(third["HX-Trigger-After-Settle"])
    assert deleted(cloud) == sorted([*ids[:30], *(f"{one}+" for one in ids[30:])])
    assert "45 disks are being deleted." in words(signed_in.get("/toasts/"))


def test_it_cascades_only_for_those_that_were_named(cloud: FakeCloud, signed_in: Client) -> None:
    """What got a snapshot since the preview stays, with Cinder's reason."""
    with_and_without(cloud)
    answer = signed_in.post(
        URL, {"confirmed": "1", "cascade": "1", "ids": [ONE], "with_snapshots": [TWO]}, headers=HTMX
    )
    assert deleted(cloud) == [ONE, f"{TWO}+"]
    assert f'<span id="failure-{ONE}" class="failure" hx-swap-oob="true">' in text_of(answer)
    assert "must not be attached or have snapshots" in words(answer)
    told = words(signed_in.get("/toasts/"))
    assert "1 disk is being deleted." in told
    assert "1 disk could not be deleted: its row says why." in told


def test_it_leaves_the_failed_one_selected_in_its_row(cloud: FakeCloud, signed_in: Client) -> None:
    ids = some(cloud, 2)
    body = fault("badRequest", 400, "It <holds> on.")
    cloud.http.delete(cloud.at(f"/volumes/{ids[1]}"), status_code=400, json=body, headers=FAULT_HEADERS)
    part = signed_in.post(URL, {"confirmed": "1", "ids": ids}, headers=HTMX)
    assert f'<tr id="row-{ONE}" data-busy="deleting" hx-swap-oob="true"' in text_of(part)
    assert f'<tr id="row-{TWO}"' not in text_of(part)
    assert "It <holds> on." in words(part)
    assert "<holds>" not in text_of(part)
    assert REQUEST_ID in words(part)


@pytest.mark.parametrize(
    ("sent", "line"),
    [
        ({"ids": [ONE, TWO]}, f"openstack volume delete {ONE} {TWO}"),
        ({"ids": [ONE], "with_snapshots": [TWO]}, f"openstack volume delete {ONE}"),
        (
            {"ids": [ONE], "with_snapshots": [TWO], "cascade": "1"},
            f"openstack volume delete --cascade {ONE} {TWO}",
        ),
        ({"with_snapshots": [TWO], "cascade": "1"}, f"openstack volume delete --cascade {TWO}"),
        ({"with_snapshots": [TWO]}, "# Nothing would be deleted."),
        ({"ids": ["x", "; rm"]}, "# Nothing would be deleted."),
    ],
)
def test_its_command_follows_the_checkbox(
    cloud: FakeCloud, signed_in: Client, sent: dict[str, object], line: str
) -> None:
    answer = signed_in.post(f"{URL}?command", {**sent, "confirmed": "1"}, headers=HTMX)
    assert words(answer) == line
    assert cloud.asked() == []


def test_it_opens_with_the_command_of_what_goes_anyway(cloud: FakeCloud, signed_in: Client) -> None:
    with_and_without(cloud)
    part = signed_in.post(URL, {"ids": [ONE, an_id(3)]}, headers=HTMX)
    assert command(part) == f"openstack volume delete {an_id(3)}"
    assert f'hx-post="{URL}?command"' in text_of(part)


def test_it_previews_one_from_its_menu(cloud: FakeCloud, signed_in: Client) -> None:
    with_and_without(cloud)
    part = signed_in.get(f"{DISKS}{ONE}/delete/", headers=HTMX)
    assert offered(part, "with_snapshots") == [ONE]
    assert f'hx-post="{URL}"' in text_of(part)
    assert f'href="{DISKS}"' in text_of(part)
    sent = {**sent_by(part), "cascade": "1"}
    assert signed_in.post(URL, sent).status_code == 200
    assert deleted(cloud) == [f"{ONE}+"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?", [5, 4, 3, 2, 1]),
        ("?status=error", [4, 2]),
        ("?q=disk-3", [3]),
        ("?attached=yes", [5]),
        ("?zone=south&status=error", [2]),
        ("?type=ceph-hdd", [1]),
    ],
)
def test_it_takes_all_that_match(cloud: FakeCloud, signed_in: Client, query: str, found: list[int]) -> None:
    cloud.volumes = [
        volume(5, **ATTACHED),
        volume(4, status="error"),
        volume(3),
        volume(2, status="error", availability_zone="south"),
        volume(1, volume_type="ceph-hdd"),
    ]
    page = signed_in.post(URL, {"matching": query})
    going = [an_id(number) for number in found if number != 5]
    assert offered(page) == going
    assert ("Can't be deleted: 1." in words(page)) == (5 in found)


def test_it_keeps_the_selection_through_sign_in(cloud: FakeCloud, client: Client, db: None) -> None:  # noqa: ARG001
    """Whether snapshots go along is asked again."""
    with_and_without(cloud)
    sent = {"confirmed": "1", "ids": [an_id(3)], "with_snapshots": [ONE], "cascade": "1"}
    found = re.search(r'name="carried" value="([^"]+)"', text_of(client.post(URL, sent)))
    assert found
    credentials = {"user_name": "ann", "password": "x", "domain": "Default", "carried": found[1]}
    preview = client.post("/sign-in/", credentials, follow=True)
    assert offered(preview) == [an_id(3)]
    assert offered(preview, "with_snapshots") == [ONE]
    assert "cascade" not in sent_by(preview)
    assert deleted(cloud) == []


@pytest.mark.parametrize("sent", [{}, {"ids": ["x"]}, {"ids": ["../../snapshots/1"]}], ids=str)
def test_it_says_when_nothing_is_selected(cloud: FakeCloud, signed_in: Client, sent: dict[str, list[str]]) -> None:
    assert "Nothing is selected." in words(signed_in.post(URL, sent))
    signed_in.post(URL, {**sent, "confirmed": "1", "cascade": "1", "with_snapshots": ["x", "?"]})
    assert cloud.asked() == []


def test_it_offers_a_reader_no_deletion(cloud: FakeCloud, sign_in: SignIn) -> None:
    cloud.roles = ["reader"]
    client = sign_in()
    with_and_without(cloud)
    part = client.post(URL, {"ids": [ONE, an_id(3)]}, headers=HTMX)
    assert alerts(part) == "Your role in this project may only read."
    assert offered(part) + offered(part, "with_snapshots") == []


def test_it_asks_to_sign_in_when_only_the_snapshots_need_it(cloud: FakeCloud, signed_in: Client) -> None:
    ids = some(cloud, 1)
    cloud.http.get(cloud.at("/snapshots/detail"), status_code=401)
    assert signed_in.post(URL, {"ids": ids}, headers=HTMX).status_code == 401
