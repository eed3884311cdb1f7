"""No list reads as empty or complete if the cloud's answer says that there is more."""

from typing import Any

import pytest
from django.test import Client

from tests.support.actions import DISK
from tests.support.canned import HTMX
from tests.support.cloud_rows import backup, snapshot, volume
from tests.support.fake_cloud import FakeCloud
from tests.support.pages import HERE, Page, alerts, words

LISTS = {"disks/": "volumes", f"disks/{DISK}/snapshots/": "snapshots", "snapshots/": "snapshots", "backups/": "backups"}
ROWS = {"volumes": volume(1), "snapshots": snapshot(1001), "backups": backup(2001)}
EVERY_LIST = pytest.mark.parametrize(("path", "name"), LISTS.items())
SAYS = "The list is incomplete: "
LINK = [{"rel": "next", "href": "http://elsewhere.test/?marker=x"}]


def spoilt(name: str) -> list[tuple[dict[str, Any], int]]:
    """Answers that lack rows, and how many."""
    row = ROWS[name]
    return [
        ({name: [{"name": "without an id"}], "count": 4}, 1),
        ({name: [row, {"id": None}, {"id": "../x"}, 7, None]}, 4),
        ({name: [], "count": 7}, 7),
        ({name: [], f"{name}_links": LINK}, 1),
    ]


@pytest.fixture(autouse=True)
def _stocked(cloud: FakeCloud) -> None:
    cloud.volumes = [volume(1)]


@EVERY_LIST
def test_a_list_says_what_is_missing(cloud: FakeCloud, signed_in: Client, path: str, name: str) -> None:
    for body, missing in spoilt(name):
        cloud.http.get(cloud.at(f"/{name}/detail"), json=body)
        for query in ({}, {"q": "no such name"}, {"sort": "-name"}):
            for headers in ({}, HTMX):
                answer = signed_in.get(f"{HERE}/{path}", query, headers=headers)
                assert answer.status_code == 200, body
                assert f"{SAYS}{missing} " in alerts(answer), (body, query)
                assert " yet" not in words(answer), (body, query)


@EVERY_LIST
def test_a_file_says_that_it_is_incomplete(cloud: FakeCloud, signed_in: Client, path: str, name: str) -> None:
    for body, missing in spoilt(name):
        cloud.http.get(cloud.at(f"/{name}/detail"), json=body)
        answer = signed_in.get(f"{HERE}/{path}export/")
        assert "-incomplete.csv" in answer["Content-Disposition"], body
        assert f"Incomplete: {missing} entr" in answer.content.decode("utf-8-sig"), body


@EVERY_LIST
def test_a_complete_list_says_nothing(cloud: FakeCloud, signed_in: Client, path: str, name: str) -> None:
    complete: list[dict[str, Any]] = [{name: [ROWS[name]], "count": 1}, {name: [], "count": 0}, {name: []}]
    for body in complete:
        cloud.http.get(cloud.at(f"/{name}/detail"), json=body)
        answer = signed_in.get(f"{HERE}/{path}")
        assert SAYS not in words(answer)
        assert ("yet" in words(answer)) == (not body[name])
        assert "-incomplete" not in signed_in.get(f"{HERE}/{path}export/")["Content-Disposition"]


def test_nothing_is_said_to_have_no_snapshots(cloud: FakeCloud, signed_in: Client) -> None:
    for body, _missing in spoilt("snapshots")[:1]:
        cloud.http.get(cloud.at("/snapshots/detail"), json=body)
        assert "no snapshots" not in words(signed_in.get(f"{HERE}/disks/details/", {"counted": DISK}, headers=HTMX))
        preview = signed_in.post(f"{HERE}/disks/delete/", {"ids": [DISK]}, headers=HTMX)
        assert "Not all snapshots of these disks could be checked" in words(preview)
        assert Page(preview).has("button", "Delete")
