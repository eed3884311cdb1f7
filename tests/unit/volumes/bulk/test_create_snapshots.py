"""Creating a snapshot of each of several disks: a pattern for their names, and an outcome for each."""

import re
from typing import Any

import pytest
import requests
from django.test import Client

from tests.support.asked import created_snapshots
from tests.support.canned import HTMX, Clock
from tests.support.cloud_rows import REQUEST_ID, USER, an_id, fault, volume
from tests.support.fake_cloud import FAULT_HEADERS, FakeCloud
from tests.support.pages import (
    HERE,
    Page,
    alerts,
    all_sent_by,
    command,
    failures,
    fates,
    field_errors,
    goes_on_by_itself,
    is_whole,
    sign_in_on,
    text_of,
    triggered,
    words,
)

DISKS = f"{HERE}/disks/"
URL = f"{DISKS}create-snapshots/"
RUN = f"{URL}run/"
MADE = {"status_code": 202, "json": {"snapshot": {"id": an_id(1001)}}}


def some(cloud: FakeCloud, how_many: int) -> list[str]:
    cloud.volumes = [volume(number) for number in range(1, how_many + 1)]
    return [row["id"] for row in cloud.volumes]


def form_of(client: Client, ids: list[str], **changes: str) -> dict[str, Any]:
    """The fields that the opened dialog sends, with some changes by hand."""
    return {**all_sent_by(client.post(URL, {"ids": ids}, headers=HTMX)), **changes}


def refuse(cloud: FakeCloud, reason: str) -> None:
    """Let Cinder refuse every snapshot, in its own format."""
    body = fault("badRequest", 400, reason)
    cloud.http.post(cloud.at("/snapshots"), status_code=400, json=body, headers=FAULT_HEADERS)


def test_it_names_each_disk_and_proposes_a_pattern(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [
        volume(1, name="<data>"),
        volume(2, name="", status="in-use"),
        volume(3, name="broken", status="error"),
    ]
    part = signed_in.post(URL, {"ids": [an_id(1), an_id(2), an_id(3), an_id(77)]}, headers=HTMX)
    assert fates(part) == [
        "broken A snapshot can be created only while the disk is available or in use.",
        "<data> 10 GB",
        f"{an_id(2)} 10 GB",
    ]
    sent = all_sent_by(part)
    assert sent["ids"] == [an_id(1), an_id(2)]
    assert Page(part).field("Snapshot name").value == sent["name"][0]
    assert re.fullmatch(r"\{disk\}_snapshot_\d\d-\d\d-\d{4}", sent["name"][0])
    assert "{disk} is replaced by each disk's name." in words(part)
    assert "<data>" not in text_of(part)
    assert created_snapshots(cloud) == []


def test_it_is_a_page_too(cloud: FakeCloud, signed_in: Client) -> None:
    page = signed_in.post(URL, {"ids": some(cloud, 1)})
    assert is_whole(page)
    assert Page(page).has("heading", "Create snapshots")
    assert "HX-Request" in page["Vary"]
    assert Page(page).find("button", "Cancel")["href"] == DISKS


def test_it_makes_one_of_each(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(1, name="data"), volume(2, name="", status="in-use"), volume(3, name="д" * 255)]
    ids = [an_id(1), an_id(2), an_id(3)]
    sent = form_of(signed_in, ids, name=" {disk}_before ", description="before\r\nit")
    answer = signed_in.post(RUN, sent, headers=HTMX)
    assert answer.status_code == 200
    # A long name is shortened.
    names = ["data_before", f"{an_id(2)}_before", f"{'д' * 248}_before"]
    assert created_snapshots(cloud) == [
        {"volume_id": disk, "name": name, "description": "before it"} for disk, name in zip(ids, names, strict=True)
    ]
    assert triggered(answer, "Settle") == {"snapshots-changed", "messages", "dialog-done"}
    assert "3 snapshots are being created." in words(signed_in.get("/toasts/"))


def test_it_takes_an_empty_name(cloud: FakeCloud, signed_in: Client) -> None:
    signed_in.post(RUN, form_of(signed_in, some(cloud, 1), name=""), headers=HTMX)
    assert created_snapshots(cloud)[0]["name"] == ""


def test_it_goes_on_chunk_by_chunk(cloud: FakeCloud, signed_in: Client) -> None:
    ids = some(cloud, 41)
    first = signed_in.post(RUN, form_of(signed_in, ids, name="{disk}!"), headers=HTMX)
    assert goes_on_by_itself(first)
    assert Page(first).has("progressbar", "20 of 41 done")
    assert all_sent_by(first)["ids"] == ids[20:]
    assert "HX-Trigger-After-Settle" not in first
    second = signed_in.post(RUN, all_sent_by(first), headers=HTMX)
    assert Page(second).has("progressbar", "40 of 41 done")
    third = signed_in.post(RUN, all_sent_by(second), headers=HTMX)
    assert all_sent_by(third) == {}
    assert "dialog-done" in triggered(third, "Settle")
    assert [one["name"] for one in created_snapshots(cloud)] == [f"disk-{number}!" for number in range(1, 42)]
    assert "41 snapshots are being created." in words(signed_in.get("/toasts/"))


def test_it_lets_one_go_on_without_javascript(cloud: FakeCloud, signed_in: Client) -> None:
    ids = some(cloud, 21)
    page = signed_in.post(RUN, form_of(signed_in, ids))
    assert "disk-1 its snapshot is being created" in words(page)
    assert Page(page).has("button", "Go on")
    assert Page(page).has("progressbar", "20 of 21 done")
    assert not goes_on_by_itself(page)
    last = signed_in.post(RUN, all_sent_by(page))
    assert all_sent_by(last) == {}
    assert Page(last).find("link", "Back to the list")["href"] == DISKS
    assert len(created_snapshots(cloud)) == 21


def test_a_chunk_is_short_however_slow_the_cloud_is(cloud: FakeCloud, signed_in: Client, clock: Clock) -> None:
    ids = some(cloud, 4)

    def create(_request: Any, context: Any) -> dict[str, Any]:
        clock.advance(2)
        context.status_code = 202
        return {"snapshot": {"id": an_id(1001)}}

    cloud.http.post(cloud.at("/snapshots"), json=create)
    part = signed_in.post(RUN, form_of(signed_in, ids), headers=HTMX)
    assert Page(part).has("progressbar", "2 of 4 done")
    assert all_sent_by(part)["ids"] == ids[2:]
    assert failures(part) == {}


def test_it_makes_each_once_also_when_sent_twice(cloud: FakeCloud, signed_in: Client) -> None:
    ids = some(cloud, 21)
    sent = form_of(signed_in, [*ids, ids[0], ids[1]])
    for _ in range(2):
        rest = signed_in.post(RUN, sent, headers=HTMX)
        signed_in.post(RUN, all_sent_by(rest), headers=HTMX)
    assert [one["volume_id"] for one in created_snapshots(cloud)] == ids


def test_it_makes_new_ones_from_a_new_dialog(cloud: FakeCloud, signed_in: Client) -> None:
    ids = some(cloud, 1)
    for _ in range(2):
        signed_in.post(RUN, form_of(signed_in, ids), headers=HTMX)
    assert len(created_snapshots(cloud)) == 2


def test_it_tells_each_failure_in_its_row(cloud: FakeCloud, signed_in: Client) -> None:
    ids = some(cloud, 3)
    sent = form_of(signed_in, ids)
    del cloud.volumes[2]
    body = fault("overLimit", 413, "Quota <exceeded>.")
    cloud.http.post(cloud.at("/snapshots"), [{"status_code": 413, "json": body, "headers": FAULT_HEADERS}, MADE])
    part = signed_in.post(RUN, sent, headers=HTMX)
    told = failures(part)
    assert list(told) == [ids[0], ids[2]]
    assert told[ids[0]].endswith(f"Quota <exceeded>. Request id: {REQUEST_ID}")
    assert "isn't in this project" in told[ids[2]]
    assert "<exceeded>" not in text_of(part)
    toasts = words(signed_in.get("/toasts/"))
    assert "1 snapshot is being created." in toasts
    assert "Without a new snapshot: 2. The rows say why." in toasts


def test_it_counts_failures_over_the_chunks(cloud: FakeCloud, signed_in: Client) -> None:
    ids = some(cloud, 21)
    sent = form_of(signed_in, ids)
    refuse(cloud, "No.")
    first = signed_in.post(RUN, sent, headers=HTMX)
    assert (all_sent_by(first)["done"], all_sent_by(first)["failed"]) == (["0"], ["20"])
    bar = Page(first).find("progressbar", "0 of 21 done")
    assert (bar["max"], bar["value"]) == ("21", "0")
    signed_in.post(RUN, all_sent_by(first), headers=HTMX)
    told = words(signed_in.get("/toasts/"))
    assert "Without a new snapshot: 21." in told
    assert "being created" not in told


def test_it_tells_failures_on_the_page_without_javascript(cloud: FakeCloud, signed_in: Client) -> None:
    ids = some(cloud, 2)
    sent = form_of(signed_in, ids)
    refuse(cloud, "No <way>.")
    told = [item.text for item in Page(signed_in.post(RUN, sent)).find("dialog").find_all("listitem")]
    reason = f"The cloud refused this. No <way>. Request id: {REQUEST_ID}"
    assert told == [f"disk-1 {reason}", f"disk-2 {reason}"]


def test_it_tries_again_what_was_refused(cloud: FakeCloud, signed_in: Client) -> None:
    sent = form_of(signed_in, some(cloud, 1))
    cloud.http.post(cloud.at("/snapshots"), [{"status_code": 413, "json": fault("overLimit", 413, "No.")}, MADE])
    assert failures(signed_in.post(RUN, sent, headers=HTMX))
    assert not failures(signed_in.post(RUN, sent, headers=HTMX))
    assert len(created_snapshots(cloud)) == 2


def test_it_does_not_call_made_what_may_not_have_been(cloud: FakeCloud, signed_in: Client) -> None:
    """It creates no second snapshot if the first one may exist."""
    sent = form_of(signed_in, some(cloud, 1))
    cloud.http.post(cloud.at("/snapshots"), exc=requests.ReadTimeout)
    for _ in range(2):
        part = signed_in.post(RUN, sent, headers=HTMX)
        assert "may have been made" in failures(part)[an_id(1)]
        assert "being created" not in words(signed_in.get("/toasts/"))
    assert len(created_snapshots(cloud)) == 1


@pytest.mark.parametrize(("how_many", "more"), [(100, False), (101, True)])
def test_it_takes_a_hundred_and_says_when_there_are_more(
    cloud: FakeCloud, signed_in: Client, how_many: int, *, more: bool
) -> None:
    ids = some(cloud, how_many)
    part = signed_in.post(URL, {"ids": ids}, headers=HTMX)
    assert all_sent_by(part)["ids"] == ids[:100]
    assert ("More than 100 are selected: these are the first 100." in words(part)) is more


def test_it_makes_no_more_than_a_hundred(cloud: FakeCloud, signed_in: Client) -> None:
    ids = some(cloud, 101)
    part = signed_in.post(RUN, {"ids": ids, "key": "k", "name": "x"}, headers=HTMX)
    assert [one["volume_id"] for one in created_snapshots(cloud)] == ids[:20]
    assert all_sent_by(part)["ids"] == ids[20:100]


@pytest.mark.parametrize(
    ("query", "found"), [("?", [5, 4, 3, 2, 1]), ("?status=in-use&q=disk&marker=x", [4, 2]), ("?q=x", [])]
)
def test_it_takes_all_that_match(cloud: FakeCloud, signed_in: Client, query: str, found: list[int]) -> None:
    """The page also sends the ids of its rows: the results include them, or they are gone."""
    cloud.volumes = [volume(number, status="available" if number % 2 else "in-use") for number in range(5, 0, -1)]
    part = signed_in.post(URL, {"ids": [an_id(1)], "matching": query}, headers=HTMX)
    assert all_sent_by(part).get("ids", []) == [an_id(number) for number in found]
    assert "More than" not in words(part)


def test_it_says_when_more_than_a_hundred_match(cloud: FakeCloud, signed_in: Client) -> None:
    ids = some(cloud, 101)
    part = signed_in.post(URL, {"matching": "?per_page=20"}, headers=HTMX)
    assert all_sent_by(part)["ids"] == ids[:100]
    assert "More than 100 are selected: these are the first 100." in words(part)


@pytest.mark.usefixtures("db")
def test_it_keeps_what_was_typed_through_sign_in(cloud: FakeCloud, client: Client) -> None:
    ids = some(cloud, 2)
    typed = {"name": "{disk}_mine", "description": "why", "key": "k"}
    page = sign_in_on(client, client.post(RUN, {**typed, "ids": ids, "page_user": USER}))
    kept = {**{name: [text] for name, text in typed.items()}, "ids": ids, "page_user": [USER]}
    sent = all_sent_by(page)
    assert {name: sent[name] for name in kept} == kept
    assert created_snapshots(cloud) == []


@pytest.mark.parametrize("ids", [[], ["x", "../../volumes/1", ""]], ids=["nothing", "nonsense"])
def test_it_says_when_nothing_is_selected(cloud: FakeCloud, signed_in: Client, ids: list[str]) -> None:
    for sent in ({"ids": ids}, {"ids": ids, "key": "k", "name": "x"}):
        part = signed_in.post(RUN, sent, headers=HTMX)
        assert "Nothing is selected." in words(part)
        assert all_sent_by(part) == {}
    assert cloud.asked() == []


@pytest.mark.parametrize("typed", ["x" * 256, "a\0"], ids=["too long", "with a null"])
def test_it_refuses_what_cinder_would(cloud: FakeCloud, signed_in: Client, typed: str) -> None:
    ids = some(cloud, 6)
    answer = signed_in.post(RUN, {"ids": ids, "key": "k", "name": typed, "description": typed}, headers=HTMX)
    assert answer.status_code == 422
    assert set(field_errors(answer)) == {"name", "description"}
    assert all_sent_by(answer)["ids"] == ids
    assert created_snapshots(cloud) == []


def test_it_asks_to_sign_in_when_the_token_ends_meanwhile(cloud: FakeCloud, signed_in: Client) -> None:
    sent = form_of(signed_in, some(cloud, 2))
    cloud.http.post(cloud.at("/snapshots"), status_code=401)
    assert signed_in.post(RUN, sent, headers=HTMX).status_code == 401


def test_it_opens_nothing_while_the_cloud_is_down(cloud: FakeCloud, signed_in: Client) -> None:
    ids = some(cloud, 1)
    cloud.http.get(cloud.at(f"/volumes/{ids[0]}"), exc=requests.ConnectTimeout)
    answer = signed_in.post(URL, {"ids": ids}, headers=HTMX)
    assert answer.status_code == 503
    assert "Nothing is selected" not in words(answer)


def test_it_offers_a_reader_nothing(cloud: FakeCloud, reader: Client) -> None:
    part = reader.post(URL, {"ids": some(cloud, 1)}, headers=HTMX)
    assert alerts(part) == "Your role in this project is read-only."
    assert all_sent_by(part) == {}


def test_it_tells_a_command_for_each_disk(cloud: FakeCloud, signed_in: Client) -> None:
    ids = some(cloud, 2)
    part = signed_in.post(URL, {"ids": ids}, headers=HTMX)
    lines = command(part).splitlines()
    assert [re.sub(r".*--volume (\S+) .*", r"\1", line) for line in lines] == ids
    sent = {**all_sent_by(part), "name": "{disk}_x", "description": "d"}
    cloud.forget()
    typed = Page(signed_in.post(f"{URL}command/", sent, headers=HTMX)).node.text_content().strip().splitlines()
    assert [line.split("--force ")[1] for line in typed] == ["--description d '{disk}_x'"] * 2
    assert cloud.asked() == []


def test_it_gets_the_selection_of_the_list(cloud: FakeCloud, signed_in: Client) -> None:
    some(cloud, 1)
    button = Page(signed_in.get(DISKS)).find("button", "Create snapshots")
    assert (button["form"], button["formaction"]) == ("selection", URL)
    assert (button["hx-post"], button["hx-include"], button["hx-target"]) == (URL, "#selection", "#dialog")


def test_it_takes_counts_that_make_no_sense_for_none(cloud: FakeCloud, signed_in: Client) -> None:
    ids = some(cloud, 1)
    for count in ("x", "9" * 50):
        sent = {"ids": ids, "name": "x", "key": f"with {count}", "done": count, "failed": count}
        assert signed_in.post(RUN, sent, headers=HTMX).status_code == 200
        assert words(signed_in.get("/toasts/")) == "1 snapshot is being created.", count
