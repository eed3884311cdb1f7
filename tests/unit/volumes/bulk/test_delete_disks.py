"""Deleting disks: a preview that also shows what happens to their snapshots, then the deletion in chunks."""

import pytest
from django.test import Client

from tests.support.asked import deleted
from tests.support.canned import HTMX
from tests.support.cloud_rows import REQUEST_ID, USER, Answer, an_id, fault, snapshot, volume
from tests.support.fake_cloud import FAULT_HEADERS, FakeCloud
from tests.support.pages import (
    HERE,
    Answered,
    Page,
    alerts,
    all_sent_by,
    command,
    failures,
    fates,
    goes_on_by_itself,
    rows_by_id,
    sign_in_on,
    text_of,
    triggered,
    words,
)
from tests.support.views import BOTH_WAYS

DISKS = f"{HERE}/disks/"
URL = f"{DISKS}delete/"
RUN = f"{URL}run/"
ONE, TWO, THREE = an_id(1), an_id(2), an_id(3)
ATTACHED: Answer = {"status": "in-use", "attachments": [{"server_id": an_id(5000), "device": "/dev/vdb"}]}


def some(cloud: FakeCloud, how_many: int) -> list[str]:
    cloud.volumes = [volume(number) for number in range(1, how_many + 1)]
    return [row["id"] for row in cloud.volumes]


def offered(answer: Answered, name: str = "ids") -> list[str]:
    return all_sent_by(answer).get(name, [])


def with_and_without(cloud: FakeCloud) -> None:
    """Three disks: the first has two snapshots, the second has one, the third has none."""
    cloud.volumes = [volume(1, name="data"), volume(2, name="logs"), volume(3, name="root")]
    cloud.snapshots = [
        snapshot(1003, disk=2, size=5),
        snapshot(1002, disk=1, size=8, created_at="2026-03-05T10:00:00.000000"),
        snapshot(1001, disk=1, size=7, created_at="2026-02-01T10:00:00.000000", status="error"),
    ]


def test_it_previews_disks_and_their_snapshots(cloud: FakeCloud, signed_in: Client) -> None:
    with_and_without(cloud)
    part = signed_in.post(URL, {"ids": [ONE, TWO, THREE, an_id(77)]}, headers=HTMX)
    told = words(part)
    assert "1 selected item no longer exists." in told
    assert "Will be deleted: 1. 2 disks have snapshots: tick below to delete them too." in told
    assert "Can't be deleted" not in told
    assert fates(part)[:2] == [
        "data is kept: 2 snapshots (15 GB), oldest from 1 Feb 2026 10:00",
        "logs is kept: 1 snapshot (5 GB), oldest from 2 Mar 2026 10:00",
    ]
    assert fates(part)[2].startswith("root will be deleted")
    assert "A deleted disk can't be brought back." in told
    assert offered(part) == [THREE]
    assert offered(part, "with_snapshots") == [ONE, TWO]
    assert deleted(cloud) == []


def test_its_preview_follows_the_checkbox(cloud: FakeCloud, signed_in: Client) -> None:
    with_and_without(cloud)
    cloud.volumes.append(volume(4, name="kept", status="maintenance"))
    part = signed_in.post(URL, {"ids": [ONE, TWO, THREE, an_id(4)]}, headers=HTMX)
    box = Page(part).find("checkbox", "Delete their snapshots too")
    assert (box["hx-post"], box["hx-target"]) == (URL, "#fates")
    for headers in BOTH_WAYS:
        ticked = signed_in.post(URL, {**all_sent_by(part), "cascade": "1"}, headers=headers)
        told = words(ticked)
        assert "Will be deleted: 3. 2 disks go together with their snapshots. Can't be deleted: 1." in told
        assert "tick below" not in told
        assert fates(ticked)[:3] == [
            "kept Can't be deleted: the cloud's operator has put it into maintenance.",
            "data will be deleted with its snapshots: 2 snapshots (15 GB), oldest from 1 Feb 2026 10:00",
            "logs will be deleted with its snapshots: 1 snapshot (5 GB), oldest from 2 Mar 2026 10:00",
        ]
        assert command(ticked) == f"openstack volume delete --cascade {THREE} {ONE} {TWO}"
        assert "checked" in Page(ticked).find("checkbox", "Delete their snapshots too")
        assert Page(ticked).has("button", "Show what will happen") is not bool(headers)
        again = signed_in.post(URL, {**all_sent_by(ticked), "cascade": []}, headers=headers)
        assert fates(again) == fates(part)
    assert deleted(cloud) == []


def test_it_opens_with_the_command_of_what_goes_in_any_case(cloud: FakeCloud, signed_in: Client) -> None:
    with_and_without(cloud)
    part = signed_in.post(URL, {"ids": [ONE, THREE]}, headers=HTMX)
    assert command(part) == f"openstack volume delete {THREE}"
    assert Page(part).find("group")["hx-post"] == f"{URL}command/"


def test_it_takes_snapshots_along_only_if_told_to(cloud: FakeCloud, signed_in: Client) -> None:
    with_and_without(cloud)
    part = signed_in.post(URL, {"ids": [ONE, TWO, THREE]}, headers=HTMX)
    box = Page(part).find("checkbox", "Delete their snapshots too")
    assert (box["name"], box["value"], box["autocomplete"], "checked" in box) == ("cascade", "1", "off", False)
    sent = all_sent_by(part)
    assert "cascade" not in sent
    signed_in.post(RUN, sent, headers=HTMX)
    assert deleted(cloud) == [THREE]
    cloud.forget()
    signed_in.post(RUN, {**sent, "cascade": "1"}, headers=HTMX)
    assert deleted(cloud) == [f"{ONE}+", f"{TWO}+", THREE]
    assert {row["status"] for row in (*cloud.volumes, *cloud.snapshots)} == {"deleting"}


def test_it_asks_for_no_snapshots_where_there_are_none(cloud: FakeCloud, signed_in: Client) -> None:
    part = signed_in.post(URL, {"ids": some(cloud, 2)}, headers=HTMX)
    assert not Page(part).has("checkbox")
    assert "snapshots" not in words(part)
    assert offered(part, "with_snapshots") == []


def test_it_says_so_when_nothing_may_go_without_its_snapshots(cloud: FakeCloud, signed_in: Client) -> None:
    with_and_without(cloud)
    part = signed_in.post(RUN, {"with_snapshots": [ONE]}, headers=HTMX)
    assert alerts(part) == "Nothing was deleted: these disks can be deleted only together with their snapshots."
    assert offered(part, "with_snapshots") == [ONE]
    assert deleted(cloud) == []


def test_it_tells_why_some_cannot_go(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [
        volume(1, **ATTACHED),
        volume(2, status="creating"),
        volume(3, status="error_deleting"),
        volume(4, status="maintenance"),
        volume(5, group_id="g"),
        volume(6, migration_status="migrating"),
        volume(7),
    ]
    # The first disk's snapshot doesn't change its reason.
    cloud.snapshots = [snapshot(1001, disk=1)]
    part = signed_in.post(URL, {"ids": [row["id"] for row in cloud.volumes]}, headers=HTMX)
    reasons = [
        f"it is attached to an instance: detach it first. Instance: {an_id(5000)} /dev/vdb",
        "an operation on it is in progress; it can be deleted when it is available.",
        "deleting it has failed before; only the cloud's operator can reset it.",
        "the cloud's operator has put it into maintenance.",
        "it belongs to a group and can be deleted only together with it.",
        "it is being moved to other storage: try again when that is done.",
    ]
    assert fates(part)[:6] == [f"disk-{number} Can't be deleted: {why}" for number, why in enumerate(reasons, 1)]
    assert "Will be deleted: 1. Can't be deleted: 6." in words(part)
    assert offered(part) + offered(part, "with_snapshots") == [an_id(7)]


def test_it_takes_no_disk_whose_snapshots_cannot_go(cloud: FakeCloud, signed_in: Client) -> None:
    """Cinder could leave the disk half deleted."""
    ids = some(cloud, 3)
    cloud.snapshots = [
        snapshot(1004, disk=1),
        snapshot(1003, disk=1, status="creating"),
        snapshot(1002, disk=2, group_snapshot_id="g"),
        snapshot(1001, disk=3, status="backing-up"),
    ]
    part = signed_in.post(URL, {"ids": ids}, headers=HTMX)
    reason = "Can't be deleted: some of its snapshots can't be deleted now: check them first."
    assert fates(part) == [f"disk-{number} {reason}" for number in (1, 2, 3)]
    assert all_sent_by(part) == {}


def test_it_says_when_it_could_not_look_for_snapshots(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.http.get(cloud.at("/snapshots/detail"), status_code=500)
    part = signed_in.post(URL, {"ids": some(cloud, 1)}, headers=HTMX)
    assert "Not all snapshots of these disks could be checked" in words(part)
    assert offered(part) == [ONE]


def test_it_looks_through_the_project_where_many_are_selected(cloud: FakeCloud, signed_in: Client) -> None:
    ids = some(cloud, 30)
    cloud.snapshots = [snapshot(1001, disk=30)]
    part = signed_in.post(URL, {"ids": ids}, headers=HTMX)
    assert "could be checked" not in words(part)
    assert offered(part) == ids[:29]
    assert offered(part, "with_snapshots") == ids[29:]
    assert sorted(cloud.asked()) == ["GET /snapshots/detail", "GET /volumes/detail"]


def test_it_says_when_it_could_not_look_through_the_whole_project(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.largest_limit = 2
    cloud.snapshots = [snapshot(number, disk=1) for number in range(1001, 1031)]
    part = signed_in.post(URL, {"ids": some(cloud, 30)}, headers=HTMX)
    assert "Not all snapshots of these disks could be checked" in words(part)
    assert cloud.asked().count("GET /snapshots/detail") == 10


def test_it_goes_on_with_both_lists(cloud: FakeCloud, signed_in: Client) -> None:
    ids = some(cloud, 101)
    cloud.snapshots = [snapshot(1000 + number, disk=number) for number in range(52, 102)]
    sent: Answer = {"cascade": "1", "ids": ids[:51], "with_snapshots": ids[51:]}
    first = signed_in.post(RUN, sent, headers=HTMX)
    assert goes_on_by_itself(first)
    assert (offered(first), offered(first, "with_snapshots")) == (ids[50:51], ids[51:])
    assert offered(first, "cascade") == ["1"]
    assert Page(first).has("progressbar", "50 of 101 done")
    second = signed_in.post(RUN, all_sent_by(first), headers=HTMX)
    assert (offered(second), offered(second, "with_snapshots")) == ([], ids[100:])
    assert Page(second).has("progressbar", "100 of 101 done")
    third = signed_in.post(RUN, all_sent_by(second), headers=HTMX)
    assert all_sent_by(third) == {}
    assert "dialog-done" in triggered(third, "Settle")
    assert deleted(cloud) == sorted([*ids[:51], *(f"{one}+" for one in ids[51:])])
    assert "101 disks are being deleted." in words(signed_in.get("/toasts/"))


def test_it_cascades_only_for_those_that_were_named(cloud: FakeCloud, signed_in: Client) -> None:
    """A disk that got a snapshot after the preview stays, with Cinder's reason."""
    with_and_without(cloud)
    sent = {"cascade": "1", "ids": [ONE], "with_snapshots": [TWO]}
    part = signed_in.post(RUN, sent, headers=HTMX)
    assert deleted(cloud) == [ONE, f"{TWO}+"]
    assert list(failures(part)) == [ONE]
    assert "must not be attached or have snapshots" in failures(part)[ONE]
    told = words(signed_in.get("/toasts/"))
    assert "1 disk is being deleted." in told
    assert "1 disk could not be deleted: its row says why." in told


def test_it_leaves_the_failed_one_selected_in_its_row(cloud: FakeCloud, signed_in: Client) -> None:
    ids = some(cloud, 2)
    body = fault("badRequest", 400, "It <holds> on.")
    cloud.http.delete(cloud.at(f"/volumes/{ids[1]}"), status_code=400, json=body, headers=FAULT_HEADERS)
    part = signed_in.post(RUN, {"ids": ids}, headers=HTMX)
    brought = {row_id: (row["hx-swap-oob"], row["data-busy"]) for row_id, row in rows_by_id(part).items()}
    assert brought == {ONE: ("true", "deleting")}
    assert failures(part) == {TWO: f"The cloud refused this. It <holds> on. Request id: {REQUEST_ID}"}
    assert "<holds>" not in text_of(part)


def test_it_gives_the_reason_in_the_row_of_each_disk_that_the_preview_left_out(
    cloud: FakeCloud, signed_in: Client
) -> None:
    going, attached, with_snapshot = some(cloud, 3)
    cloud.volumes[1] |= ATTACHED
    cloud.snapshots = [snapshot(1001, disk=3)]
    preview = signed_in.post(URL, {"ids": [going, attached, with_snapshot]}, headers=HTMX)
    sent = all_sent_by(preview)
    sent.pop("cascade", None)
    for headers in ({}, HTMX):
        cloud.volumes[0]["status"] = "available"
        cloud.forget()
        part = signed_in.post(RUN, sent, headers=headers)
        assert "It is attached to an instance: detach it first." in words(part)
        assert "It has snapshots, so it is kept." in words(part)
        assert deleted(cloud) == [going]
    part = signed_in.post(RUN, sent, headers=HTMX)
    assert set(failures(part)) == {attached, with_snapshot}
    assert "2 disks could not be deleted: their rows say why." in words(signed_in.get("/toasts/"))


def test_it_tells_what_was_done_if_what_was_left_out_cannot_be_read(cloud: FakeCloud, signed_in: Client) -> None:
    going, staying = some(cloud, 2)
    cloud.http.get(cloud.at(f"/volumes/{staying}"), status_code=500)
    part = signed_in.post(RUN, {"ids": [going], "left_out": [staying]}, headers=HTMX)
    assert list(rows_by_id(part)) == [going]
    assert failures(part) == {}


def test_it_tells_a_command_that_follows_the_checkbox(cloud: FakeCloud, signed_in: Client) -> None:
    both = {"ids": [ONE], "with_snapshots": [TWO]}
    cases: list[tuple[Answer, str]] = [
        ({"ids": [ONE, TWO]}, f"openstack volume delete {ONE} {TWO}"),
        (both, f"openstack volume delete {ONE}"),
        ({**both, "cascade": "1"}, f"openstack volume delete --cascade {ONE} {TWO}"),
        ({"with_snapshots": [TWO], "cascade": "1"}, f"openstack volume delete --cascade {TWO}"),
        ({"with_snapshots": [TWO]}, "# Nothing would be deleted."),
        ({"ids": ["x", "; rm"]}, "# Nothing would be deleted."),
    ]
    for sent, line in cases:
        assert words(signed_in.post(f"{URL}command/", sent, headers=HTMX)) == line, sent
    assert cloud.asked() == []


def test_it_previews_one_from_its_menu(cloud: FakeCloud, signed_in: Client) -> None:
    with_and_without(cloud)
    part = signed_in.get(f"{DISKS}{ONE}/delete/", headers=HTMX)
    assert offered(part, "with_snapshots") == [ONE]
    assert Page(part).find("form")["hx-post"] == RUN
    assert Page(part).find("button", "Cancel")["href"] == DISKS
    assert signed_in.post(RUN, {**all_sent_by(part), "cascade": "1"}).status_code == 200
    assert deleted(cloud) == [f"{ONE}+"]


@pytest.mark.parametrize(
    ("query", "going", "staying"),
    [("?", [4, 3, 2, 1], 1), ("?zone=south&status=error", [2], 0), ("?type=ceph-hdd&q=disk-1&attached=no", [1], 0)],
)
def test_it_takes_all_that_match(
    cloud: FakeCloud, signed_in: Client, query: str, going: list[int], staying: int
) -> None:
    cloud.volumes = [
        volume(5, **ATTACHED),
        volume(4, status="error"),
        volume(3),
        volume(2, status="error", availability_zone="south"),
        volume(1, volume_type="ceph-hdd"),
    ]
    part = signed_in.post(URL, {"matching": query}, headers=HTMX)
    assert offered(part) == [an_id(number) for number in going]
    assert len(fates(part)) == len(going) + staying


@pytest.mark.usefixtures("db")
def test_it_keeps_the_selection_through_sign_in(cloud: FakeCloud, client: Client) -> None:
    """The preview asks again whether to delete the snapshots too."""
    with_and_without(cloud)
    sent = {"ids": [THREE], "with_snapshots": [ONE], "cascade": "1"}
    preview = sign_in_on(client, client.post(RUN, {**sent, "page_user": USER}))
    assert offered(preview) == [THREE]
    assert offered(preview, "with_snapshots") == [ONE]
    assert offered(preview, "cascade") == []
    assert deleted(cloud) == []


@pytest.mark.parametrize("sent", [{}, {"ids": ["x", "../../snapshots/1"]}], ids=["nothing", "nonsense"])
def test_it_says_when_nothing_is_selected(cloud: FakeCloud, signed_in: Client, sent: dict[str, list[str]]) -> None:
    assert "Nothing is selected." in words(signed_in.post(RUN, sent, headers=HTMX))
    signed_in.post(RUN, {**sent, "cascade": "1", "with_snapshots": ["x", "?"]}, headers=HTMX)
    assert cloud.asked() == []


def test_it_offers_a_reader_no_deletion(cloud: FakeCloud, reader: Client) -> None:
    with_and_without(cloud)
    part = reader.post(URL, {"ids": [ONE, THREE]}, headers=HTMX)
    assert alerts(part) == "Your role in this project is read-only."
    assert all_sent_by(part) == {}


def test_it_asks_to_sign_in_when_only_the_snapshots_need_it(cloud: FakeCloud, signed_in: Client) -> None:
    ids = some(cloud, 1)
    cloud.http.get(cloud.at("/snapshots/detail"), status_code=401)
    assert signed_in.post(URL, {"ids": ids}, headers=HTMX).status_code == 401
