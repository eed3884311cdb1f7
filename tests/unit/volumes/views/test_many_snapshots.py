"""A snapshot of each of several disks: a pattern for their names, and an outcome for each."""

import json
import re
from typing import Any

import pytest
import requests
from django.test import Client

from tests.support.canned import HTMX, SignIn
from tests.support.fake_cloud import FAULT_HEADERS, REQUEST_ID, FakeCloud, an_id, fault, volume
from tests.support.pages import HERE, Answered, alerts, command, field_errors, sent_by, text_of, words

DISKS = f"{HERE}/disks/"
URL = f"{DISKS}create-snapshots/"


def some(cloud: FakeCloud, how_many: int) -> list[str]:
    cloud.volumes = [volume(number) for number in range(1, how_many + 1)]
    return [row["id"] for row in cloud.volumes]


def hidden(answer: Answered, name: str = "ids") -> list[str]:
    return re.findall(rf'type="hidden" name="{name}" value="([^"]*)"', text_of(answer))


def created(cloud: FakeCloud) -> list[Any]:
    return [one.json()["snapshot"] for one in cloud.requests() if one.method == "POST"]


def form_of(client: Client, ids: list[str], **changes: str) -> dict[str, Any]:
    """What the opened dialog sends, after some changes by hand."""
    part = client.post(URL, {"ids": ids}, headers=HTMX)
    return {**sent_by(part, **changes), "ids": hidden(part)}


def going_on(answer: Answered) -> dict[str, Any]:
    """What goes on with the rest; empty where it is done."""
    ids = hidden(answer)
    return {**sent_by(answer), "ids": ids} if ids else {}


def test_it_names_each_disk_and_proposes_a_pattern(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [
        volume(1, name="<data>"),
        volume(2, name="", status="in-use"),
        volume(3, name="broken", status="error"),
    ]
    part = signed_in.post(URL, {"ids": [an_id(1), an_id(2), an_id(3), an_id(77)]}, headers=HTMX)
    assert hidden(part) == [an_id(1), an_id(2)]
    assert re.fullmatch(r"\{disk\}_snapshot_\d\d-\d\d-\d{4}", sent_by(part)["name"])
    told = words(part)
    assert "{disk} stands for each disk's name." in told
    assert f"broken A snapshot can be made only of a disk that is available or in use. <data> 10 GB {an_id(2)}" in told
    assert "<data>" not in text_of(part)
    assert created(cloud) == []


def test_it_is_a_page_too(cloud: FakeCloud, signed_in: Client) -> None:
    page = signed_in.post(URL, {"ids": some(cloud, 1)})
    assert '<h1 id="dialog-title">Create snapshots</h1>' in text_of(page)
    assert "HX-Request" in page["Vary"]
    assert f'href="{DISKS}"' in text_of(page)


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("{disk}_before", ["data_before", f"{an_id(2)}_before"]),
        ("{disk}", ["data", an_id(2)]),
        ("nightly", ["nightly", "nightly"]),
        ("", ["", ""]),
        (" a {disk} ", ["a data", f"a {an_id(2)}"]),
        ("{disk}-{disk}", ["data-", f"{an_id(2)}-"]),
        ("{disque}{0}%s", ["{disque}{0}%s", "{disque}{0}%s"]),
    ],
)
def test_it_makes_one_of_each(cloud: FakeCloud, signed_in: Client, pattern: str, names: list[str]) -> None:
    cloud.volumes = [volume(1, name="data"), volume(2, name="", status="in-use")]
    sent = form_of(signed_in, [an_id(1), an_id(2)], name=pattern, description="before\r\nit")
    answer = signed_in.post(URL, sent, headers=HTMX)
    assert answer.status_code == 200
    assert created(cloud) == [
        {"volume_id": an_id(number), "name": name, "description": "before it"}
        for number, name in zip((1, 2), names, strict=True)
    ]
    assert set(json.loads(answer["HX-Trigger-After-Settle"])) == {"snapshots-changed", "messages", "dialog-done"}
    assert "2 snapshots are being created." in words(signed_in.get("/toasts/"))


def test_it_shortens_a_long_name(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(1, name="д" * 255)]
    signed_in.post(URL, form_of(signed_in, [an_id(1)], name="{disk}_x"), headers=HTMX)
    assert created(cloud)[0]["name"] == "д" * 253 + "_x"


def test_it_forces_where_the_cloud_wants_that(cloud: FakeCloud, sign_in: SignIn) -> None:
    cloud.microversion = "3.65"
    client = sign_in()
    client.post(URL, form_of(client, some(cloud, 1)), headers=HTMX)
    assert created(cloud)[0]["force"] is True


def test_it_goes_on_chunk_by_chunk(cloud: FakeCloud, signed_in: Client) -> None:
    ids = some(cloud, 12)
    sent = form_of(signed_in, ids, name="{disk}!")
    first = signed_in.post(URL, sent, headers=HTMX)
    assert 'hx-trigger="load, signed-in from:body"' in text_of(first)
    assert "5 of 12 done" in words(first)
    assert hidden(first) == ids[5:]
    assert "HX-Trigger-After-Settle" not in first
    second = signed_in.post(URL, going_on(first), headers=HTMX)
    assert "10 of 12 done" in words(second)
    third = signed_in.post(URL, going_on(second), headers=HTMX)
    assert going_on(third) == {}
    assert "dialog-done" in json.loads(third["HX-Trigger-After-Settle"])
    assert [one["name"] for one in created(cloud)] == [f"disk-{number}!" for number in range(1, 13)]
    assert "12 snapshots are being created." in words(signed_in.get("/toasts/"))


def test_it_lets_one_go_on_without_javascript(cloud: FakeCloud, signed_in: Client) -> None:
    ids = some(cloud, 7)
    page = signed_in.post(URL, form_of(signed_in, ids))
    assert "disk-1 its snapshot is being created" in words(page)
    assert "Go on" in words(page)
    assert "5 of 7 done" in words(page)
    assert 'hx-trigger="load, signed-in from:body"' not in text_of(page)
    last = signed_in.post(URL, going_on(page))
    assert going_on(last) == {}
    assert f'href="{DISKS}"' in text_of(last)
    assert len(created(cloud)) == 7


def test_it_makes_each_once_also_when_sent_twice(cloud: FakeCloud, signed_in: Client) -> None:
    ids = some(cloud, 7)
    sent = form_of(signed_in, [*ids, ids[0], ids[1]])
    for _ in range(2):
        rest = signed_in.post(URL, sent, headers=HTMX)
        signed_in.post(URL, going_on(rest), headers=HTMX)
    assert [one["volume_id"] for one in created(cloud)] == ids


def test_a_new_dialog_makes_new_ones(cloud: FakeCloud, signed_in: Client) -> None:
    ids = some(cloud, 1)
    for _ in range(2):
        signed_in.post(URL, form_of(signed_in, ids), headers=HTMX)
    assert len(created(cloud)) == 2


def test_it_tells_each_failure_in_its_row(cloud: FakeCloud, signed_in: Client) -> None:
    ids = some(cloud, 3)
    sent = form_of(signed_in, ids)
    del cloud.volumes[2]
    body = fault("overLimit", 413, "Quota <exceeded>.")
    cloud.http.post(
        cloud.at("/snapshots"),
        [
            {"status_code": 413, "json": body, "headers": FAULT_HEADERS},
            {"status_code": 202, "json": {"snapshot": {"id": an_id(1001)}}},
        ],
    )
    answer = signed_in.post(URL, sent, headers=HTMX)
    text = text_of(answer)
    assert re.findall(r'<span id="failure-([^"]*)" class="failure" hx-swap-oob="true">', text) == [ids[0], ids[2]]
    assert "Quota <exceeded>." in words(answer)
    assert "<exceeded>" not in text
    assert REQUEST_ID in words(answer)
    assert "doesn't exist in this project" in words(answer)
    told = words(signed_in.get("/toasts/"))
    assert "1 snapshot is being created." in told
    assert "Without a new snapshot: 2. The rows say why." in told


def test_it_counts_failures_over_the_chunks(cloud: FakeCloud, signed_in: Client) -> None:
    ids = some(cloud, 8)
    sent = form_of(signed_in, ids)
    cloud.http.post(cloud.at("/snapshots"), status_code=400, json=fault("badRequest", 400, "No."))
    first = signed_in.post(URL, sent, headers=HTMX)
    assert (hidden(first, "done"), hidden(first, "failed")) == (["0"], ["5"])
    assert '<progress id="snapshots-progress" max="8" value="0">' in text_of(first)
    signed_in.post(URL, going_on(first), headers=HTMX)
    told = words(signed_in.get("/toasts/"))
    assert "Without a new snapshot: 8." in told
    assert "being created" not in told


def test_it_tells_failures_on_the_page_without_a_script(cloud: FakeCloud, signed_in: Client) -> None:
    ids = some(cloud, 2)
    sent = form_of(signed_in, ids)
    body = fault("badRequest", 400, "No <way>.")
    cloud.http.post(cloud.at("/snapshots"), status_code=400, json=body, headers=FAULT_HEADERS)
    page = signed_in.post(URL, sent)
    assert words(page).count("No <way>.") == 2
    assert "disk-1" in words(page)


def test_what_was_refused_may_be_tried_again(cloud: FakeCloud, signed_in: Client) -> None:
    sent = form_of(signed_in, some(cloud, 1))
    made = {"status_code": 202, "json": {"snapshot": {"id": an_id(1001)}}}
    cloud.http.post(cloud.at("/snapshots"), [{"status_code": 413, "json": fault("overLimit", 413, "No.")}, made])
    assert "failure-" in text_of(signed_in.post(URL, sent, headers=HTMX))
    assert "failure-" not in text_of(signed_in.post(URL, sent, headers=HTMX))
    assert len(created(cloud)) == 2


def test_it_does_not_call_made_what_may_not_have_been(cloud: FakeCloud, signed_in: Client) -> None:
    """And makes no second one, where the first may exist."""
    sent = form_of(signed_in, some(cloud, 1))
    cloud.http.post(cloud.at("/snapshots"), exc=requests.ReadTimeout)
    for _ in range(2):
        answer = signed_in.post(URL, sent, headers=HTMX)
        assert f'<span id="failure-{an_id(1)}"' in text_of(answer)
        assert "may have been made" in words(answer)
        assert "being created" not in words(signed_in.get("/toasts/"))
    assert len(created(cloud)) == 1


@pytest.mark.parametrize(("how_many", "more"), [(100, False), (101, True)])
def test_it_takes_a_hundred_and_says_when_there_are_more(
    cloud: FakeCloud, signed_in: Client, how_many: int, *, more: bool
) -> None:
    ids = some(cloud, how_many)
    part = signed_in.post(URL, {"ids": ids}, headers=HTMX)
    assert hidden(part) == ids[:100]
    assert ("More than 100 are selected: these are the first 100." in words(part)) is more
    sent = {**sent_by(part), "ids": ids}
    assert hidden(signed_in.post(URL, sent, headers=HTMX)) == ids[5:100]


@pytest.mark.parametrize(
    ("query", "found"), [("?", [5, 4, 3, 2, 1]), ("?status=in-use", [4, 2]), ("?q=disk-3&marker=x", [3]), ("?q=x", [])]
)
def test_it_takes_all_that_match(cloud: FakeCloud, signed_in: Client, query: str, found: list[int]) -> None:
    """The page sends its own rows too: they are among them, or are gone."""
    cloud.volumes = [volume(number, status="available" if number % 2 else "in-use") for number in range(5, 0, -1)]
    part = signed_in.post(URL, {"ids": [an_id(1)], "matching": query}, headers=HTMX)
    assert hidden(part) == [an_id(number) for number in found]
    assert "More than" not in words(part)


def test_it_says_when_more_than_a_hundred_match(cloud: FakeCloud, signed_in: Client) -> None:
    ids = some(cloud, 101)
    part = signed_in.post(URL, {"matching": "?per_page=20"}, headers=HTMX)
    assert hidden(part) == ids[:100]
    assert "More than 100 are selected: these are the first 100." in words(part)


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("typed", [{}, {"name": "{disk}_mine", "description": "why", "key": "k"}], ids=str)
def test_it_keeps_what_was_typed_through_sign_in(
    cloud: FakeCloud,
    client: Client,
    typed: dict[str, str],
) -> None:
    ids = some(cloud, 2)
    found = re.search(r'name="carried" value="([^"]+)"', text_of(client.post(URL, {**typed, "ids": ids})))
    assert found
    sent = {"user_name": "ann", "password": "x", "domain": "Default", "carried": found[1]}
    page = client.post("/sign-in/", sent, follow=True)
    assert hidden(page) == ids
    assert typed.items() <= sent_by(page).items()
    assert created(cloud) == []


@pytest.mark.parametrize("ids", [[], ["x"], ["../../volumes/1"], [""]])
def test_it_says_when_nothing_is_selected(cloud: FakeCloud, signed_in: Client, ids: list[str]) -> None:
    for sent in ({"ids": ids}, {"ids": ids, "key": "k", "name": "x"}):
        page = signed_in.post(URL, sent)
        assert "Nothing is selected." in words(page)
        assert hidden(page) == []
    assert cloud.asked() == []


@pytest.mark.parametrize(
    ("field", "typed"), [("name", "x" * 256), ("name", "a\0"), ("description", "x" * 256), ("description", "🦊")]
)
def test_it_refuses_what_cinder_would(cloud: FakeCloud, signed_in: Client, field: str, typed: str) -> None:
    ids = some(cloud, 6)
    answer = signed_in.post(URL, form_of(signed_in, ids, **{field: typed}), headers=HTMX)
    assert answer.status_code == 422
    assert set(field_errors(answer)) == {field}
    assert hidden(answer) == ids
    assert created(cloud) == []


def test_it_asks_to_sign_in_when_the_token_ends_meanwhile(cloud: FakeCloud, signed_in: Client) -> None:
    sent = form_of(signed_in, some(cloud, 2))
    cloud.http.post(cloud.at("/snapshots"), status_code=401)
    assert signed_in.post(URL, sent, headers=HTMX).status_code == 401


def test_it_opens_nothing_while_the_cloud_is_down(cloud: FakeCloud, signed_in: Client) -> None:
    ids = some(cloud, 1)
    cloud.http.get(cloud.at(f"/volumes/{ids[0]}"), exc=requests.ConnectTimeout)
    answer = signed_in.post(URL, {"ids": ids}, headers=HTMX)
    assert answer.status_code == 503
    assert "Nothing is selected" not in words(answer)


def test_it_offers_a_reader_nothing(cloud: FakeCloud, sign_in: SignIn) -> None:
    cloud.roles = ["reader"]
    client = sign_in()
    part = client.post(URL, {"ids": some(cloud, 1)}, headers=HTMX)
    assert alerts(part) == "Your role in this project may only read."
    assert hidden(part) == []
    cloud.volumes = [volume(1)]
    assert "create-snapshots" not in text_of(client.get(DISKS))


def test_its_command_names_each_disk(cloud: FakeCloud, signed_in: Client) -> None:
    ids = some(cloud, 2)
    part = signed_in.post(URL, {"ids": ids}, headers=HTMX)
    lines = command(part).splitlines()
    assert [re.sub(r".*--volume (\S+) .*", r"\1", line) for line in lines] == ids
    sent = {**sent_by(part, name="{disk}_x", description="d"), "ids": ids}
    cloud.forget()
    told = text_of(signed_in.post(f"{URL}?command", sent, headers=HTMX)).strip().splitlines()
    assert [line.split("--force ")[1] for line in told] == ["--description d &#x27;{disk}_x&#x27;"] * 2
    assert cloud.asked() == []


def test_the_page_sends_its_selection(cloud: FakeCloud, signed_in: Client) -> None:
    some(cloud, 1)
    text = text_of(signed_in.get(DISKS))
    assert f'form="selection" formaction="{URL}" hx-post="{URL}" hx-include="#selection" hx-target="#dialog"' in text


@pytest.mark.parametrize("count", ["x", "-1", "9" * 50, ""])
def test_it_survives_counts_that_make_no_sense(cloud: FakeCloud, signed_in: Client, count: str) -> None:
    sent = {**form_of(signed_in, some(cloud, 1)), "done": count, "failed": count}
    assert signed_in.post(URL, sent, headers=HTMX).status_code == 200
    assert len(created(cloud)) == 1
