"""Resizing a disk, changing its type, and making it bootable or not."""

import shlex
from typing import Any

import pytest
import requests
from django.test import Client

from tests.support.canned import HTMX, SignIn
from tests.support.cloud_rows import REQUEST_ID, an_id, disk_type, fault, volume
from tests.support.fake_cloud import FAULT_HEADERS, PROJECT, FakeCloud
from tests.support.pages import (
    HERE,
    Page,
    alerts,
    command,
    field_errors,
    is_whole,
    kept,
    options,
    sent_by,
    text_of,
    triggered,
    words,
)

ONE = an_id(1)
PAGE = f"{HERE}/disks/{ONE}/"
RESIZE, CHANGE_TYPE, BOOTABLE = f"{PAGE}resize/", f"{PAGE}change-type/", f"{PAGE}bootable/"
BOTH = pytest.mark.parametrize("url", [RESIZE, CHANGE_TYPE])
CHANGED = {RESIZE: {"size": "12"}, CHANGE_TYPE: {"disk_type": "ceph-hdd"}}
EVENTS = {"disks-changed", "messages", "dialog-done"}


@pytest.fixture(autouse=True)
def _a_disk(cloud: FakeCloud) -> None:
    cloud.volumes = [volume(1, name="data", size=10)]


def form_of(client: Client, url: str, **changes: str) -> dict[str, str]:
    return sent_by(client.get(url, headers=HTMX), **changes)


def acted(cloud: FakeCloud) -> list[Any]:
    """The actions that Cinder was asked for."""
    return [one.json() for one in cloud.requests() if one.method == "POST"]


def attach(cloud: FakeCloud) -> None:
    cloud.volumes[0] |= {"status": "in-use", "attachments": [{"server_id": an_id(5000), "device": "/dev/vdb"}]}


def test_it_proposes_the_next_size(cloud: FakeCloud, signed_in: Client) -> None:
    part = signed_in.get(RESIZE, headers=HTMX)
    assert sent_by(part)["size"] == "11"
    assert "Disk: data 10 GB" in words(part)
    assert "Gigabytes: 10 of 1,000 used" in words(part)
    assert sorted(cloud.asked()) == ["GET /limits", f"GET /os-quota-sets/{PROJECT}", f"GET /volumes/{ONE}"]


@pytest.mark.parametrize(("limit", "warns"), [(1, True), (2, False)])
def test_it_says_when_the_quota_of_another_type_leaves_no_room(
    cloud: FakeCloud, signed_in: Client, limit: int, *, warns: bool
) -> None:
    cloud.volumes.append(volume(9, volume_type="ceph-hdd"))
    cloud.type_limits = {"volumes_ceph-hdd": limit, "volumes_ceph-ssd": 1}
    told = alerts(signed_in.get(CHANGE_TYPE, headers=HTMX))
    assert ("leaves no room: Disks of type ceph-hdd: 1 of 1 used." in told) == warns
    # The disk has this type already.
    assert "ceph-ssd" not in told


def test_growing_counts_against_the_quota_of_the_type(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.type_limits = {"gigabytes_ceph-ssd": 10}
    assert "leaves no room: Gigabytes of type ceph-ssd: 10 of 10 used." in alerts(signed_in.get(RESIZE, headers=HTMX))


def test_it_offers_the_other_types(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.types = [disk_type(4001, "ceph-ssd"), disk_type(4002, "ceph-hdd"), disk_type(4003, "<fast>")]
    part = signed_in.get(CHANGE_TYPE, headers=HTMX)
    assert options(part, "disk_type") == ["ceph-hdd", "<fast>"]
    assert "<fast>" not in text_of(part)
    assert "migrate" not in sent_by(part)
    assert "Disk: data 10 GB, ceph-ssd" in words(part)


@pytest.mark.parametrize(
    ("url", "name"), [(RESIZE, "Resize disk"), (CHANGE_TYPE, "Change disk type"), (BOOTABLE, "Make bootable")]
)
def test_it_is_a_page_too(signed_in: Client, url: str, name: str) -> None:
    page = signed_in.get(url)
    dialog = Page(page).find("dialog", name)
    assert dialog.has("heading", name)
    assert dialog.find("button", "Cancel")["href"] == PAGE
    assert "HX-Request" in page["Vary"]
    assert is_whole(page)
    assert not is_whole(signed_in.get(url, headers=HTMX))


@pytest.mark.parametrize(
    ("url", "typed", "sent"),
    [
        (RESIZE, {}, {"os-extend": {"new_size": 11}}),
        (RESIZE, {"size": "100"}, {"os-extend": {"new_size": 100}}),
        (CHANGE_TYPE, {}, {"os-retype": {"new_type": "ceph-hdd", "migration_policy": "never"}}),
        (CHANGE_TYPE, {"migrate": "on"}, {"os-retype": {"new_type": "ceph-hdd", "migration_policy": "on-demand"}}),
    ],
)
def test_it_acts(cloud: FakeCloud, signed_in: Client, url: str, typed: dict[str, str], sent: dict[str, Any]) -> None:
    answer = signed_in.post(url, form_of(signed_in, url, **typed), headers=HTMX)
    assert answer.status_code == 204
    assert triggered(answer) == EVENTS
    assert acted(cloud) == [sent]
    told = "The disk is being resized." if url == RESIZE else "The disk's type is being changed."
    assert told in words(signed_in.get("/toasts/"))


@BOTH
def test_it_goes_back_to_the_disk_without_a_script_and_acts_once(cloud: FakeCloud, signed_in: Client, url: str) -> None:
    sent = form_of(signed_in, url)
    assert [signed_in.post(url, sent)["Location"] for _ in range(2)] == [PAGE, PAGE]
    assert len(acted(cloud)) == 1


NO_SIZES = {
    "10": "It must be at least 11 GB: disks only grow.",
    "9": "It must be at least 11 GB: disks only grow.",
    "": "This field is required.",
    "x": "Enter a whole number.",
    "11.5": "Enter a whole number.",
    "0": "Ensure this value is greater than or equal to 1.",
    "-1": "Ensure this value is greater than or equal to 1.",
    str(2**31): "Ensure this value is less than or equal to",
}


def test_it_lets_a_disk_only_grow(cloud: FakeCloud, signed_in: Client) -> None:
    sent = form_of(signed_in, RESIZE)
    for typed, told in NO_SIZES.items():
        answer = signed_in.post(RESIZE, {**sent, "size": typed}, headers=HTMX)
        assert answer.status_code == 422, typed
        assert list(field_errors(answer)) == ["size"]
        assert told in field_errors(answer)["size"]
        assert sent_by(answer)["size"] == typed
    assert acted(cloud) == []


def test_it_asks_for_a_type(cloud: FakeCloud, signed_in: Client) -> None:
    answer = signed_in.post(CHANGE_TYPE, form_of(signed_in, CHANGE_TYPE, disk_type=""), headers=HTMX)
    assert answer.status_code == 422
    assert field_errors(answer) == {"disk_type": "This field is required."}
    assert acted(cloud) == []


@BOTH
def test_it_tells_a_used_up_quota(cloud: FakeCloud, signed_in: Client, url: str) -> None:
    """The message is at the size field, if the form has one."""
    body = fault("overLimit", 413, "Requested <volume> exceeds allowed gigabytes quota.")
    cloud.http.post(cloud.at(f"/volumes/{ONE}/action"), status_code=413, json=body, headers=FAULT_HEADERS)
    answer = signed_in.post(url, form_of(signed_in, url, **CHANGED[url]), headers=HTMX)
    assert answer.status_code == 422
    told = field_errors(answer)["size"] if url == RESIZE else alerts(answer)
    assert "Requested <volume> exceeds allowed gigabytes quota." in told
    assert REQUEST_ID in told
    assert not alerts(answer) or url == CHANGE_TYPE
    assert sent_by(answer).items() >= CHANGED[url].items()


def test_it_says_when_the_quota_leaves_no_room(cloud: FakeCloud, signed_in: Client) -> None:
    for used, told in ((10, "leaves no room: Gigabytes: 10 of 10 used."), (9, ""), (11, "11 of 10 used.")):
        cloud.limits = {"maxTotalVolumeGigabytes": 10, "totalGigabytesUsed": used}
        page = signed_in.get(RESIZE, headers=HTMX)
        assert told in alerts(page)
        assert bool(told) == bool(alerts(page))


@BOTH
def test_it_shows_a_refusal_and_keeps_what_was_typed(cloud: FakeCloud, signed_in: Client, url: str) -> None:
    sent = form_of(signed_in, url, **CHANGED[url])
    for status, headers in ((400, {}), (403, HTMX), (404, HTMX), (409, HTMX)):
        body = fault("computeFault", status, "Not <today>.")
        cloud.http.post(cloud.at(f"/volumes/{ONE}/action"), status_code=status, json=body, headers=FAULT_HEADERS)
        answer = signed_in.post(url, sent, headers=headers)
        assert answer.status_code == 422
        assert "Not <today>." in alerts(answer)
        assert REQUEST_ID in alerts(answer)
        assert kept(answer, sent) == sent


@BOTH
def test_it_does_not_act_again_where_it_may_have_acted(cloud: FakeCloud, signed_in: Client, url: str) -> None:
    cloud.http.post(cloud.at(f"/volumes/{ONE}/action"), exc=requests.ReadTimeout)
    sent = form_of(signed_in, url)
    answer = signed_in.post(url, sent, headers=HTMX)
    assert "may have been made" in alerts(answer)
    assert sent_by(answer)["key"] != sent["key"]
    signed_in.post(url, sent, headers=HTMX)
    assert len(acted(cloud)) == 1


@BOTH
def test_it_keeps_what_was_typed_while_the_cloud_is_down(cloud: FakeCloud, signed_in: Client, url: str) -> None:
    sent = form_of(signed_in, url, **CHANGED[url])
    cloud.forget()
    cloud.http.post(cloud.at(f"/volumes/{ONE}/action"), exc=requests.ConnectTimeout)
    answer = signed_in.post(url, sent, headers=HTMX)
    assert answer.status_code == 422
    assert kept(answer, sent) == sent
    assert cloud.asked() == [f"POST /volumes/{ONE}/action"]


@pytest.mark.parametrize(("url", "path"), [(RESIZE, "/limits"), (CHANGE_TYPE, "/types")])
def test_it_opens_without_what_is_only_good_to_know(cloud: FakeCloud, signed_in: Client, url: str, path: str) -> None:
    cloud.http.get(cloud.at(path), status_code=500)
    part = signed_in.get(url, headers=HTMX)
    assert part.status_code == 200
    assert signed_in.post(url, sent_by(part, **CHANGED[url])).status_code == 302
    assert len(acted(cloud)) == 1


@pytest.mark.parametrize(
    ("url", "told"),
    [
        (RESIZE, "Only a disk that is available or in use can be resized."),
        (CHANGE_TYPE, "The type can be changed only while the disk is available or in use."),
    ],
)
def test_it_says_when_it_is_impossible(cloud: FakeCloud, signed_in: Client, url: str, told: str) -> None:
    cloud.volumes[0]["status"] = "extending"
    part = signed_in.get(url, headers=HTMX)
    assert alerts(part) == told
    assert sent_by(part) == {}


@pytest.mark.parametrize(("version", "told"), [("3.41", "too old to resize an attached disk"), ("3.42", "")])
def test_it_resizes_attached_disks_where_the_cloud_can(
    cloud: FakeCloud, enter: SignIn, version: str, told: str
) -> None:
    cloud.microversion = version
    client = enter()
    attach(cloud)
    part = client.get(RESIZE, headers=HTMX)
    assert told in alerts(part)
    assert bool(told) == (sent_by(part) == {})
    if not told:
        assert client.post(RESIZE, sent_by(part)).status_code == 302
        assert acted(cloud) == [{"os-extend": {"new_size": 11}}]


def test_it_changes_the_type_of_an_attached_disk(cloud: FakeCloud, signed_in: Client) -> None:
    attach(cloud)
    assert signed_in.post(CHANGE_TYPE, form_of(signed_in, CHANGE_TYPE), headers=HTMX).status_code == 204
    assert len(acted(cloud)) == 1


def test_it_tells_the_command(cloud: FakeCloud, signed_in: Client) -> None:
    assert command(signed_in.get(RESIZE, headers=HTMX)) == f"openstack volume set --size 11 {ONE}"
    assert command(signed_in.get(BOOTABLE, headers=HTMX)) == f"openstack volume set --bootable {ONE}"
    sent = form_of(signed_in, CHANGE_TYPE, migrate="on")
    told = words(signed_in.post(f"{CHANGE_TYPE}?command", sent, headers=HTMX))
    assert told == f"openstack volume set --type ceph-hdd --migration-policy on-demand {ONE}"
    attach(cloud)
    line = f"openstack volume set --os-volume-api-version 3.42 --size 11 {ONE}"
    assert shlex.split(command(signed_in.get(RESIZE, headers=HTMX))) == shlex.split(line)
    sent = form_of(signed_in, RESIZE, size="20")
    assert words(signed_in.post(f"{RESIZE}?command", sent)) == line.replace("11", "20")


@pytest.mark.parametrize("url", [RESIZE, CHANGE_TYPE, BOOTABLE])
def test_it_offers_a_reader_no_form(reader: Client, url: str) -> None:
    part = reader.get(url, headers=HTMX)
    assert alerts(part) == "Your role in this project is read-only."
    assert sent_by(part) == {}


@pytest.mark.parametrize(
    ("before", "wanted", "told"),
    [
        ("false", True, "Disk “data” is bootable now."),
        ("true", False, "Disk “data” is not bootable any more."),
    ],
)
def test_it_makes_bootable_at_once(
    cloud: FakeCloud,
    signed_in: Client,
    before: str,
    wanted: bool,
    told: str,
) -> None:
    cloud.volumes[0]["bootable"] = before
    answer = signed_in.post(BOOTABLE, headers=HTMX)
    assert answer.status_code == 204
    assert triggered(answer) == EVENTS
    assert acted(cloud) == [{"os-set_bootable": {"bootable": wanted}}]
    assert told in words(signed_in.get("/toasts/"))


@pytest.mark.parametrize(("before", "name"), [("false", "Make bootable"), ("true", "Make not bootable")])
def test_it_asks_first_without_a_script(cloud: FakeCloud, signed_in: Client, before: str, name: str) -> None:
    """It then does what it asked about, whatever has happened to the disk meanwhile."""
    cloud.volumes[0]["bootable"] = before
    page = signed_in.get(BOOTABLE)
    assert Page(page).find("dialog", name).has("button", name)
    assert acted(cloud) == []
    sent = {"bootable": "false" if before == "true" else "true"}
    assert Page(page).hidden("bootable") == [sent["bootable"]]
    for _ in range(2):
        assert signed_in.post(BOOTABLE, sent)["Location"] == PAGE
    assert acted(cloud) == [{"os-set_bootable": {"bootable": before == "false"}}] * 2


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_it_tells_why_it_did_not_become_bootable(cloud: FakeCloud, signed_in: Client, headers: dict[str, str]) -> None:
    cloud.volumes[0]["status"] = "maintenance"
    answer = signed_in.post(BOOTABLE, headers=headers)
    assert answer.status_code == 400
    assert "cannot be updated during maintenance" in words(answer)
    assert is_whole(answer) is not bool(headers)
    assert "bootable now" not in words(signed_in.get("/toasts/"))
    assert alerts(signed_in.get(BOOTABLE, headers=HTMX)) == "The cloud's operator has put it into maintenance."


def test_it_makes_nothing_bootable_that_is_gone(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = []
    assert signed_in.post(BOOTABLE, headers=HTMX).status_code == 404
    assert acted(cloud) == []
