"""Every page, fragment and opened dialog × every wrong answer of Cinder's: nobody is left with less than the truth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.support.canned import HTMX
from tests.support.fake_cloud import Answer, FakeCloud, an_id, backup, disk_type, message, snapshot, volume
from tests.support.wrong_answers import (
    ELSEWHERE,
    EMPTY,
    EVERYTHING,
    SIGN_IN_AGAIN,
    WRONG,
    Wrong,
    asked_at_most_once,
    let_all_reads_fail,
    watch_elsewhere,
)
from tests.support.pages import HERE, names, sent_by, text_of
from tests.contracts.test_every_view import BACKUP, BOTH_WAYS, DISK, SNAPSHOT, VIEWS, View

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

NEEDY = [view for view in VIEWS if view.needs]
# These show what they can: without an answer there is nothing in them to be wrong.
CONTENT = [view for view in VIEWS if not view.needs]
LISTS = {"disks/": "volumes", "snapshots/": "snapshots", "backups/": "backups", f"disks/{DISK}/snapshots/": "snapshots"}


@pytest.fixture(autouse=True)
def _one_of_each(cloud: FakeCloud) -> None:
    cloud.volumes = [volume(1, name="data")]
    cloud.snapshots = [snapshot(1001)]
    cloud.backups = [backup(2001)]


def fits(view: View, wrong: Wrong) -> bool:
    """Whether it is a fault at all: that something is gone is told otherwise by what watches or only mentions it."""
    watching = (f"disks/{DISK}/", f"snapshots/{SNAPSHOT}/", "snapshots/details/", "backups/details/")
    return wrong.status != 404 or str(view) not in watching


CASES = [pytest.param(view, wrong, id=f"{view}-{wrong}") for view in NEEDY for wrong in WRONG if fits(view, wrong)]


@pytest.mark.parametrize(("view", "wrong"), CASES)
def test_it_says_what_the_cloud_said(cloud: FakeCloud, signed_in: Client, view: View, wrong: Wrong) -> None:
    let_all_reads_fail(cloud, wrong.http)
    for headers in BOTH_WAYS:
        cloud.forget()
        answer = signed_in.get(view.url, headers=headers)
        assert answer.status_code == wrong.status
        assert wrong.told_by(answer)
        assert not [told for told in EMPTY if told in text_of(answer)]
        assert ("<html" in text_of(answer)) == (not headers)
        assert answer.get("HX-Reswap") == ("none" if headers else None)
        # The page shows what it showed before, and so does its address.
        assert answer.get("HX-Push-Url") == ("false" if headers else None)
        assert answer.get("Retry-After") == ("7" if wrong.status == 429 else None)
        assert asked_at_most_once(cloud)


@pytest.mark.parametrize("view", NEEDY, ids=str)
def test_it_asks_to_sign_in(cloud: FakeCloud, signed_in: Client, view: View) -> None:
    let_all_reads_fail(cloud, SIGN_IN_AGAIN.http)
    assert signed_in.get(view.url)["Location"].startswith("/sign-in/?next=")
    assert asked_at_most_once(cloud)


@pytest.mark.parametrize("wrong", WRONG, ids=str)
@pytest.mark.parametrize("view", CONTENT, ids=str)
def test_it_opens_all_the_same(cloud: FakeCloud, signed_in: Client, view: View, wrong: Wrong) -> None:
    fields = sent_by(signed_in.get(view.url, headers=HTMX)).keys()
    let_all_reads_fail(cloud, wrong.http)
    for headers in BOTH_WAYS:
        cloud.forget()
        answer = signed_in.get(view.url, headers=headers)
        assert answer.status_code == 200
        assert sent_by(answer).keys() >= fields
        assert asked_at_most_once(cloud)


@pytest.mark.parametrize("path", LISTS)
def test_it_follows_no_link_to_another_host(cloud: FakeCloud, signed_in: Client, path: str) -> None:
    links = {f"{name}_links": [{"rel": "next", "href": f"{ELSEWHERE}/v3/x?marker={DISK}"}] for name in LISTS.values()}
    rows: Answer = {"volumes": cloud.volumes, "snapshots": cloud.snapshots, "backups": cloud.backups}
    cloud.http.get(cloud.at(f"/{LISTS[path]}/detail"), json={**rows, **links})
    watch_elsewhere(cloud)
    for query in ("", "?q=a", "?sort=-size"):
        assert signed_in.get(f"{HERE}/{path}{query}").status_code == 200
    assert cloud.requests(ELSEWHERE) == []


def a_body(spoil: Callable[[Answer], Answer]) -> Answer:
    """All that any request of Diskboard's looks for in an answer, in one, with each thing spoilt but for its id."""
    things = {
        "volume": {**spoil(volume(1)), "id": DISK},
        "snapshot": {**spoil(snapshot(1001)), "id": SNAPSHOT},
        "backup": {**spoil(backup(2001)), "id": BACKUP},
        "message": spoil(message(about=DISK)),
        "volume_type": spoil(disk_type(4001, "ceph-ssd")),
    }
    zone: Answer = {"zoneName": "nova", "zoneState": {"available": True}}
    others = {"limits": {"absolute": spoil({"maxTotalVolumes": 1, "totalVolumesUsed": 1})}, "quota_set": {}}
    return {**things, **{f"{name}s": [one] for name, one in things.items()}, **others, "metadata": {}} | {
        "availabilityZoneInfo": [spoil(zone)],
        "resource_filters": [{"resource": "volume", "filters": []}],
    }


SPOILT: dict[str, Callable[[Answer], Answer]] = {
    "nothing in it": lambda _: {},
    "nulls": dict.fromkeys,
    "numbers": lambda row: dict.fromkeys(row, 7),
    "words": lambda row: dict.fromkeys(row, "<moon>"),
    "lists": lambda row: {key: [None, 7, "x", {}] for key in row},
    "objects": lambda row: {key: {"a": None, "": [7]} for key in row},
    "an unknown status": lambda row: {**row, "status": "moonstruck"},
}


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=list(SPOILT))
@pytest.mark.parametrize("view", VIEWS, ids=str)
def test_it_survives_what_is_spoilt(
    cloud: FakeCloud, signed_in: Client, view: View, spoil: Callable[[Answer], Answer]
) -> None:
    cloud.http.get(EVERYTHING, json=a_body(spoil))
    for headers in BOTH_WAYS:
        answer = signed_in.get(view.url, headers=headers)
        assert answer.status_code in {200, 204}
        # In a file it is a text like any other.
        assert "<moon>" not in text_of(answer) or answer["Content-Type"].startswith("text/csv")


@pytest.mark.parametrize("path", LISTS)
def test_one_bad_row_leaves_the_others(cloud: FakeCloud, signed_in: Client, path: str) -> None:
    name = LISTS[path]
    make: Callable[..., Answer] = {"volumes": volume, "snapshots": snapshot, "backups": backup}[name]
    bad = [{**spoil(make(10)), "id": an_id(100 + number)} for number, spoil in enumerate(SPOILT.values())]
    rows: list[Any] = [*bad, make(11, id=None), make(12, id=7), None, 7, "x", [], make(13, name="a good one")]
    cloud.http.get(cloud.at(f"/{name}/detail"), json={name: rows, "count": len(rows)})
    for headers in BOTH_WAYS:
        shown = names(signed_in.get(f"{HERE}/{path}", headers=headers))
        assert len(shown) == len(bad) + 1
        assert shown[-1] == "a good one"


WITHOUT: dict[str, object] = {"nothing": {}, "null": None, "a list": []}


@pytest.mark.parametrize("body", WITHOUT.values(), ids=list(WITHOUT))
@pytest.mark.parametrize("view", NEEDY, ids=str)
def test_it_takes_an_answer_without_its_content_for_a_fault(
    cloud: FakeCloud, signed_in: Client, view: View, body: object
) -> None:
    let_all_reads_fail(cloud, {"json": body})
    for headers in BOTH_WAYS:
        answer = signed_in.get(view.url, headers=headers)
        assert answer.status_code == 502
        assert 'class="reason"' in text_of(answer)
        assert not [told for told in EMPTY if told in text_of(answer)]
