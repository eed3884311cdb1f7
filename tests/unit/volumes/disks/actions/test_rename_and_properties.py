"""Renaming a disk, and editing its properties: only changes are sent, and no other user's change is lost."""

import shlex
from typing import Any

import pytest
import requests
from django.test import Client

from tests.support.canned import HTMX
from tests.support.cloud_rows import REQUEST_ID, an_id, fault, volume
from tests.support.fake_cloud import FAULT_HEADERS, FakeCloud
from tests.support.pages import (
    HERE,
    Page,
    alerts,
    command,
    field_errors,
    is_whole,
    kept,
    sent_by,
    text_of,
    triggered,
    words,
)

ONE = an_id(1)
PAGE = f"{HERE}/disks/{ONE}/"
RENAME, PROPERTIES = f"{PAGE}rename/", f"{PAGE}properties/"
BOTH = pytest.mark.parametrize(("url", "path"), [(RENAME, ""), (PROPERTIES, "/metadata")])
CHANGED = {RENAME: {"name": "after"}, PROPERTIES: {"properties": "mine=1"}}


@pytest.fixture(autouse=True)
def _a_disk(cloud: FakeCloud) -> None:
    cloud.volumes = [volume(1, name="data", description="the base", metadata={"b": "2", "a/c": "1"})]


def form_of(client: Client, url: str, **changes: str) -> dict[str, str]:
    return sent_by(client.get(url, headers=HTMX), **changes)


def written(cloud: FakeCloud) -> list[tuple[str, Any]]:
    """The changes that Cinder was asked for: the path and the body of each."""
    return [(one.path.rsplit("/", 1)[1], one.json()) for one in cloud.requests() if one.method not in ("GET", "HEAD")]


def renamed(name: str, description: str) -> tuple[str, Any]:
    return ONE, {"volume": {"name": name, "description": description}}


def replaced(properties: dict[str, str]) -> tuple[str, Any]:
    return "metadata", {"metadata": properties}


def test_it_proposes_what_is_there(cloud: FakeCloud, signed_in: Client) -> None:
    sent = form_of(signed_in, RENAME)
    assert (sent["name"], sent["description"]) == ("data", "the base")
    assert cloud.asked() == [f"GET /volumes/{ONE}"]
    assert form_of(signed_in, PROPERTIES)["properties"] == "a/c=1\nb=2"


@BOTH
def test_it_is_a_page_too(signed_in: Client, url: str, path: str) -> None:
    page = signed_in.get(url)
    name = "Edit properties" if path else "Rename disk"
    dialog = Page(page).find("dialog", name)
    assert dialog.has("heading", name)
    assert "Disk: data 10 GB" in dialog.text
    assert dialog.find("button", "Cancel")["href"] == PAGE
    assert is_whole(page)


@pytest.mark.parametrize(
    ("url", "changes", "wanted"),
    [
        (RENAME, {}, []),
        (RENAME, {"name": " data "}, []),
        (RENAME, {"name": "after"}, [renamed("after", "the base")]),
        (RENAME, {"name": "", "description": ""}, [renamed("", "")]),
        (RENAME, {"description": "why\r\n🦊"}, [renamed("data", "why 🦊")]),
        (PROPERTIES, {}, []),
        (PROPERTIES, {"properties": "b=2\r\n\r\na/c = 1"}, []),
        (PROPERTIES, {"properties": "b=3\nx="}, [replaced({"b": "3", "x": ""})]),
        (PROPERTIES, {"properties": ""}, [replaced({})]),
    ],
)
def test_it_sends_only_what_was_changed(
    cloud: FakeCloud, signed_in: Client, url: str, changes: dict[str, str], wanted: list[tuple[str, Any]]
) -> None:
    answer = signed_in.post(url, form_of(signed_in, url, **changes), headers=HTMX)
    assert answer.status_code == 204
    assert triggered(answer) == {"disks-changed", "messages", "dialog-done"}
    assert written(cloud) == wanted


@pytest.mark.parametrize(("name", "told"), [("after", "after"), ("", ONE)])
def test_it_tells_the_disks_new_name(signed_in: Client, name: str, told: str) -> None:
    signed_in.post(RENAME, form_of(signed_in, RENAME, name=name), headers=HTMX)
    assert f"Disk “{told}” is saved." in words(signed_in.get("/toasts/"))


@BOTH
def test_it_goes_back_to_the_disk_without_a_script_and_acts_once(
    cloud: FakeCloud, signed_in: Client, url: str, path: str
) -> None:
    sent = form_of(signed_in, url, **CHANGED[url])
    assert [signed_in.post(url, sent)["Location"] for _ in range(2)] == [PAGE, PAGE]
    assert len(written(cloud)) == 1
    assert written(cloud)[0][0] == (path[1:] or ONE)


@pytest.mark.parametrize(
    ("url", "theirs", "told"),
    [
        (RENAME, {"name": "<theirs>"}, "Disk name: “<theirs>”"),
        (RENAME, {"name": "n", "description": None}, "Disk name: “n”; Description: “”"),
        (PROPERTIES, {"metadata": {"x": "9", "a": "1"}}, "Properties: “a=1, x=9”"),
        (PROPERTIES, {"metadata": {}}, "Properties: “”"),
    ],
)
def test_it_shows_what_somebody_else_has_changed(
    cloud: FakeCloud, signed_in: Client, url: str, theirs: dict[str, Any], told: str
) -> None:
    sent = form_of(signed_in, url, **CHANGED[url])
    cloud.volumes[0].update(theirs)
    answer = signed_in.post(url, sent, headers=HTMX)
    assert answer.status_code == 422
    assert (
        f"Someone else has changed this in the meantime. Save again to overwrite the current values: {told}"
        in alerts(answer)
    )
    assert "<theirs>" not in text_of(answer)
    assert written(cloud) == []
    again = sent_by(answer)
    assert {name: again[name] for name in CHANGED[url]} == CHANGED[url]
    assert signed_in.post(url, again, headers=HTMX).status_code == 204
    assert written(cloud) == [renamed("after", "the base") if url == RENAME else replaced({"mine": "1"})]


@pytest.mark.parametrize(
    ("url", "theirs"), [(RENAME, {"metadata": {"x": "9"}, "size": 20}), (PROPERTIES, {"name": "theirs"})]
)
def test_it_minds_only_what_it_would_replace(
    cloud: FakeCloud, signed_in: Client, url: str, theirs: dict[str, Any]
) -> None:
    sent = form_of(signed_in, url, **CHANGED[url])
    cloud.volumes[0].update(theirs)
    assert signed_in.post(url, sent, headers=HTMX).status_code == 204
    assert len(written(cloud)) == 1


@pytest.mark.parametrize("url", [RENAME, PROPERTIES])
def test_it_overwrites_nothing_of_which_it_does_not_know(cloud: FakeCloud, signed_in: Client, url: str) -> None:
    for seen in ("", "null", "[]", "{}", '{"name": 7, "properties": 7}', "{", "\0", "[" * 5000):
        sent = {**CHANGED[url], "key": f"with {len(seen)}", "seen": seen}
        assert signed_in.post(url, sent, headers=HTMX).status_code == 422, seen
    assert written(cloud) == []


@pytest.mark.parametrize(
    ("url", "field", "typed"),
    [
        (RENAME, "name", "x" * 256),
        (RENAME, "name", "a\0b"),
        (RENAME, "description", "x" * 256),
        (PROPERTIES, "properties", "ключ=x"),
        (PROPERTIES, "properties", f"a={'x' * 256}"),
    ],
)
def test_it_refuses_what_cinder_would(cloud: FakeCloud, signed_in: Client, url: str, field: str, typed: str) -> None:
    answer = signed_in.post(url, form_of(signed_in, url, **{field: typed}), headers=HTMX)
    assert answer.status_code == 422
    assert set(field_errors(answer)) == {field}
    assert written(cloud) == []


@pytest.mark.parametrize("held", [{"a": "x\ny"}, {"ключ": "x"}, {"a=b": "c"}, {" a ": "x"}], ids=str)
def test_it_leaves_alone_properties_that_lines_cannot_hold(
    cloud: FakeCloud, signed_in: Client, held: dict[str, str]
) -> None:
    cloud.volumes[0]["metadata"] = held
    part = signed_in.get(PROPERTIES, headers=HTMX)
    assert alerts(part)
    assert sent_by(part) == {}
    # The name is changed by a separate request.
    assert signed_in.post(RENAME, form_of(signed_in, RENAME, name="after"), headers=HTMX).status_code == 204
    assert written(cloud) == [renamed("after", "the base")]


def test_it_sends_back_nothing_that_is_cinders_own(cloud: FakeCloud, signed_in: Client) -> None:
    """When Cinder shows a disk, its properties may include some that no user has set."""
    shown = {**cloud.volumes[0], "metadata": {"b": "2", "readonly": "True", "attached_mode": "rw"}}
    cloud.http.get(cloud.at(f"/volumes/{ONE}"), json={"volume": shown})
    sent = form_of(signed_in, PROPERTIES)
    assert sent["properties"] == "a/c=1\nb=2"
    signed_in.post(PROPERTIES, {**sent, "properties": "b=3"}, headers=HTMX)
    assert written(cloud) == [replaced({"b": "3"})]


@pytest.mark.parametrize(
    ("url", "status", "told"),
    [
        (RENAME, "maintenance", "The cloud's operator has put it into maintenance."),
        (PROPERTIES, "maintenance", "The cloud's operator has put it into maintenance."),
        (PROPERTIES, "uploading", "It is being uploaded as an image: try again when that is done."),
        (RENAME, "uploading", ""),
        (RENAME, "error_deleting", ""),
        (PROPERTIES, "in-use", ""),
    ],
)
def test_it_says_when_it_is_impossible(cloud: FakeCloud, signed_in: Client, url: str, status: str, told: str) -> None:
    cloud.volumes[0]["status"] = status
    part = signed_in.get(url, headers=HTMX)
    assert alerts(part) == told
    assert bool(sent_by(part)) == (not told)


@BOTH
def test_it_shows_a_refusal_and_keeps_what_was_typed(cloud: FakeCloud, signed_in: Client, url: str, path: str) -> None:
    sent = form_of(signed_in, url, **CHANGED[url])
    for status, headers in ((400, {}), (403, HTMX), (409, HTMX), (413, HTMX)):
        body = fault("computeFault", status, "Not <today>.")
        cloud.http.put(cloud.at(f"/volumes/{ONE}{path}"), status_code=status, json=body, headers=FAULT_HEADERS)
        answer = signed_in.post(url, sent, headers=headers)
        assert answer.status_code == 422
        assert "Not <today>." in alerts(answer)
        assert REQUEST_ID in alerts(answer)
        assert kept(answer, sent) == sent


@BOTH
def test_it_does_not_act_again_where_it_may_have_acted(
    cloud: FakeCloud, signed_in: Client, url: str, path: str
) -> None:
    cloud.http.put(cloud.at(f"/volumes/{ONE}{path}"), exc=requests.ReadTimeout)
    sent = form_of(signed_in, url, **CHANGED[url])
    answer = signed_in.post(url, sent, headers=HTMX)
    assert "may have been made" in alerts(answer)
    assert sent_by(answer)["key"] != sent["key"]
    signed_in.post(url, sent, headers=HTMX)
    assert len(written(cloud)) == 1


@BOTH
def test_it_keeps_what_was_typed_while_the_cloud_is_down(
    cloud: FakeCloud, signed_in: Client, url: str, path: str
) -> None:
    sent = form_of(signed_in, url, **CHANGED[url])
    for one in ("", path):
        cloud.http.get(cloud.at(f"/volumes/{ONE}{one}"), exc=requests.ConnectTimeout)
    for headers in ({}, HTMX):
        answer = signed_in.post(url, sent, headers=headers)
        assert answer.status_code == 422
        assert kept(answer, sent) == sent
    assert written(cloud) == []


@BOTH
def test_it_says_when_it_is_gone_meanwhile(cloud: FakeCloud, signed_in: Client, url: str, path: str) -> None:
    sent = form_of(signed_in, url, **CHANGED[url])
    cloud.volumes = []
    answer = signed_in.post(url, sent, headers=HTMX)
    assert answer.status_code == 422
    assert "isn't in this project" in alerts(answer)
    assert sent_by(answer)["key"]
    assert not path or sent_by(answer)["properties"] == "mine=1"


@BOTH
def test_it_offers_a_reader_no_form(reader: Client, url: str, path: str) -> None:
    part = reader.get(url, headers=HTMX)
    assert alerts(part) == "Your role in this project is read-only."
    assert sent_by(part) == {}
    assert path == "" or "a/c=1" in command(part)


def test_it_tells_the_command(signed_in: Client) -> None:
    line = f"openstack volume set --name data --description 'the base' {ONE}"
    assert shlex.split(command(signed_in.get(RENAME, headers=HTMX))) == shlex.split(line)
    line = f"openstack volume set --no-property --property a/c=1 --property b=2 {ONE}"
    assert shlex.split(command(signed_in.get(PROPERTIES, headers=HTMX))) == shlex.split(line)
