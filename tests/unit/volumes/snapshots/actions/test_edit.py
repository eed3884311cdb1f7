"""Editing a snapshot: only changes are sent, and no other user's change is lost."""

from typing import Any

import pytest
import requests
from django.test import Client

from tests.support.canned import HTMX
from tests.support.cloud_rows import REQUEST_ID, an_id, fault, snapshot
from tests.support.fake_cloud import FAULT_HEADERS, FakeCloud
from tests.support.pages import HERE, Page, alerts, field_errors, is_whole, kept, sent_by, text_of, triggered, words

ONE = an_id(1001)
PAGE = f"{HERE}/snapshots/{ONE}/"
URL = f"{PAGE}edit/"


@pytest.fixture(autouse=True)
def _a_snapshot(cloud: FakeCloud) -> None:
    cloud.snapshots = [snapshot(1001, name="before", description="the update", metadata={"b": "2", "a": "1"})]


def form_of(client: Client, **changes: str) -> dict[str, str]:
    """The fields that the opened dialog sends, with some changes by hand."""
    return sent_by(client.get(URL, headers=HTMX), **changes)


def written(cloud: FakeCloud) -> list[tuple[str, Any]]:
    """The changes that Cinder was asked for: the path and the body of each."""
    return [(one.path.rsplit("/", 1)[1], one.json()) for one in cloud.requests() if one.method not in ("GET", "HEAD")]


def renamed(name: str, description: str) -> tuple[str, Any]:
    return ONE, {"snapshot": {"name": name, "description": description}}


def replaced(**properties: str) -> tuple[str, Any]:
    return "metadata", {"metadata": properties}


def test_it_proposes_what_is_there(cloud: FakeCloud, signed_in: Client) -> None:
    sent = form_of(signed_in)
    assert (sent["name"], sent["description"], sent["properties"]) == ("before", "the update", "a=1\nb=2")
    assert cloud.asked() == [f"GET /snapshots/{ONE}"]


def test_it_is_a_page_too(signed_in: Client) -> None:
    page = signed_in.get(URL)
    assert Page(page).find("dialog", "Edit snapshot").has("heading", "Edit snapshot")
    assert "HX-Request" in page["Vary"]
    assert is_whole(page)
    assert not is_whole(signed_in.get(URL, headers=HTMX))


def test_it_opens_for_a_snapshot_with_nothing(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.snapshots = [snapshot(1001, name=None)]
    sent = form_of(signed_in)
    assert (sent["name"], sent["description"], sent["properties"]) == ("", "", "")


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({}, []),
        ({"name": " before "}, []),
        ({"properties": "b=2\r\n\r\na = 1"}, []),
        ({"name": "after"}, [renamed("after", "the update")]),
        ({"name": ""}, [renamed("", "the update")]),
        ({"description": "why\r\nnot"}, [renamed("before", "why not")]),
        ({"properties": "a=1"}, [replaced(a="1")]),
        ({"properties": ""}, [replaced()]),
        (
            {"name": "after", "properties": "a=1\nb=2\nc="},
            [renamed("after", "the update"), replaced(a="1", b="2", c="")],
        ),
    ],
    ids=str,
)
def test_it_sends_only_what_was_changed(
    cloud: FakeCloud, signed_in: Client, changes: dict[str, str], wanted: list[tuple[str, Any]]
) -> None:
    answer = signed_in.post(URL, form_of(signed_in, **changes), headers=HTMX)
    assert answer.status_code == 204
    assert triggered(answer) == {"snapshots-changed", "messages", "dialog-done"}
    assert written(cloud) == wanted
    assert "is saved." in words(signed_in.get("/toasts/"))


def test_it_goes_back_to_the_snapshot_without_a_script(signed_in: Client) -> None:
    assert signed_in.post(URL, form_of(signed_in, name="after"))["Location"] == PAGE


def test_it_saves_once_when_sent_twice(cloud: FakeCloud, signed_in: Client) -> None:
    sent = form_of(signed_in, name="after")
    assert [signed_in.post(URL, sent).status_code for _ in range(2)] == [302, 302]
    assert len(written(cloud)) == 1


@pytest.mark.parametrize(
    ("mine", "theirs", "told"),
    [
        ({"name": "mine"}, {"name": "<theirs>"}, "Snapshot name: “<theirs>”"),
        ({"name": "mine"}, {"description": None}, "Description: “”"),
        ({"name": "mine"}, {"metadata": {"x": "9", "a": "1"}}, "Properties: “a=1, x=9”"),
        ({"properties": "mine=1"}, {"name": "<theirs>"}, "Snapshot name: “<theirs>”"),
        ({"properties": "mine=1"}, {"name": "n", "metadata": {}}, "Snapshot name: “n”; Properties: “”"),
    ],
    ids=str,
)
def test_it_shows_what_somebody_else_has_changed(
    cloud: FakeCloud, signed_in: Client, mine: dict[str, str], theirs: dict[str, Any], told: str
) -> None:
    sent = form_of(signed_in, **mine)
    cloud.snapshots[0].update(theirs)
    answer = signed_in.post(URL, sent, headers=HTMX)
    assert answer.status_code == 422
    assert (
        f"Someone else has changed this in the meantime. Save again to overwrite the current values: {told}"
        in alerts(answer)
    )
    assert "<theirs>" not in text_of(answer)
    assert written(cloud) == []
    again = sent_by(answer)
    assert {name: again[name] for name in mine} == mine
    assert signed_in.post(URL, again, headers=HTMX).status_code == 204
    now = cloud.snapshots[0]
    assert now["name"] == mine.get("name", "before")
    assert now["description"] == "the update"
    assert now["metadata"] == ({"mine": "1"} if "properties" in mine else {"a": "1", "b": "2"})


def test_it_shows_it_again_when_somebody_is_faster_twice(cloud: FakeCloud, signed_in: Client) -> None:
    sent = form_of(signed_in, name="mine")
    cloud.snapshots[0]["name"] = "first"
    again = sent_by(signed_in.post(URL, sent, headers=HTMX))
    cloud.snapshots[0]["name"] = "second"
    answer = signed_in.post(URL, again, headers=HTMX)
    assert "“second”" in alerts(answer)
    assert written(cloud) == []


def test_it_does_not_mind_who_wrote_the_same(cloud: FakeCloud, signed_in: Client) -> None:
    sent = form_of(signed_in, name="agreed", properties="a=1")
    cloud.snapshots[0]["name"] = "agreed"
    assert signed_in.post(URL, sent, headers=HTMX).status_code == 204
    assert written(cloud) == [replaced(a="1")]


def test_it_overwrites_nothing_of_which_it_does_not_know(cloud: FakeCloud, signed_in: Client) -> None:
    """This includes values of `seen` that no browser sends."""
    sent = form_of(signed_in, name="after")
    for seen in ("", "null", "[]", "{}", '{"name": 7}', '"x"', "{", "\0", "[" * 5000):
        assert signed_in.post(URL, {**sent, "seen": seen}, headers=HTMX).status_code == 422, seen
        assert signed_in.post(f"{URL}?command", {**sent, "seen": seen}, headers=HTMX).status_code == 200, seen
    assert written(cloud) == []


UNWRITABLE = [{"a": "x\ny"}, {"a": " padded "}, {"ключ": "x"}, {"a/b": "1"}, {"": "x"}, {"a=b": "c"}, {"a": "\x85"}]


def test_it_leaves_alone_what_lines_cannot_hold(cloud: FakeCloud, signed_in: Client) -> None:
    for properties in UNWRITABLE:
        cloud.snapshots[0].update({"name": "before", "metadata": properties})
        cloud.forget()
        part = signed_in.get(URL, headers=HTMX)
        assert "they are kept unchanged" in words(part), properties
        sent = sent_by(part, name="after")
        assert "properties" not in sent
        for tampered in ({}, {"properties": "other=1"}):
            key = f"{properties} {tampered}"
            assert signed_in.post(URL, {**sent, **tampered, "key": key}, headers=HTMX).status_code == 204
        assert written(cloud) == [renamed("after", "the update")]


def test_it_refuses_what_cinder_would(cloud: FakeCloud, signed_in: Client) -> None:
    sent = form_of(signed_in)
    long = "x" * 256
    for field, typed in (
        ("name", long),
        ("name", "a\0b"),
        ("description", long),
        ("description", "🦊"),
        ("properties", "x"),
    ):
        answer = signed_in.post(URL, {**sent, field: typed}, headers=HTMX)
        assert answer.status_code == 422
        assert set(field_errors(answer)) == {field}
        assert sent_by(answer)["seen"] == sent["seen"]
    assert written(cloud) == []


@pytest.mark.parametrize(
    ("path", "status", "headers"),
    [("", 403, {}), ("", 400, HTMX), ("/metadata", 413, {}), ("/metadata", 409, HTMX)],
)
def test_it_shows_a_refusal_and_keeps_what_was_typed(
    cloud: FakeCloud, signed_in: Client, path: str, status: int, headers: dict[str, str]
) -> None:
    body = fault("computeFault", status, "Not <today>.")
    cloud.http.put(cloud.at(f"/snapshots/{ONE}{path}"), status_code=status, json=body, headers=FAULT_HEADERS)
    answer = signed_in.post(URL, form_of(signed_in, name="after", properties="mine=1"), headers=headers)
    assert answer.status_code == 422
    assert "Not <today>." in alerts(answer)
    assert REQUEST_ID in alerts(answer)
    assert sent_by(answer)["properties"] == "mine=1"


def test_it_can_be_sent_again_after_half_of_it_was_done(cloud: FakeCloud, signed_in: Client) -> None:
    """The name was saved, the properties weren't: the new name is not another user's change."""
    where = cloud.at(f"/snapshots/{ONE}/metadata")
    cloud.http.put(where, [{"status_code": 500}, {"json": {"metadata": {"mine": "1"}}}])
    answer = signed_in.post(URL, form_of(signed_in, name="after", properties="mine=1"), headers=HTMX)
    assert answer.status_code == 422
    assert signed_in.post(URL, sent_by(answer), headers=HTMX).status_code == 204
    assert written(cloud) == [renamed("after", "the update"), replaced(mine="1"), replaced(mine="1")]


def test_it_does_not_act_again_where_it_may_have_acted(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.http.put(cloud.at(f"/snapshots/{ONE}"), exc=requests.ReadTimeout)
    sent = form_of(signed_in, name="after")
    answer = signed_in.post(URL, sent, headers=HTMX)
    assert "may have been made" in alerts(answer)
    assert sent_by(answer)["key"] != sent["key"]
    signed_in.post(URL, sent, headers=HTMX)
    assert len(written(cloud)) == 1


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_it_keeps_what_was_typed_while_the_cloud_is_down(
    cloud: FakeCloud, signed_in: Client, headers: dict[str, str]
) -> None:
    sent = form_of(signed_in, name="after", properties="mine=1")
    cloud.http.get(cloud.at(f"/snapshots/{ONE}"), exc=requests.ConnectTimeout)
    answer = signed_in.post(URL, sent, headers=headers)
    assert answer.status_code == 422
    assert kept(answer, sent) == sent


def test_it_says_when_it_is_gone_meanwhile(cloud: FakeCloud, signed_in: Client) -> None:
    sent = form_of(signed_in, name="after")
    cloud.snapshots = []
    answer = signed_in.post(URL, sent, headers=HTMX)
    assert answer.status_code == 422
    assert "isn't in this project" in alerts(answer)
    assert sent_by(answer)["name"] == "after"


def test_it_waits_for_the_end_of_a_creation(cloud: FakeCloud, signed_in: Client) -> None:
    """At the end of the creation, Cinder restores the properties from its beginning."""
    cloud.snapshots[0]["status"] = "creating"
    part = signed_in.get(URL, headers=HTMX)
    assert alerts(part) == "It is being created; it can be edited when it is available."
    assert sent_by(part) == {}


def test_it_offers_a_reader_no_form(reader: Client) -> None:
    part = reader.get(URL, headers=HTMX)
    assert alerts(part) == "Your role in this project is read-only."
    assert sent_by(part) == {}
