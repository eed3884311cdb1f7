"""Every wrong answer of the cloud where a view works without it, or reports it differently from a failed page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.core.cache import cache

from tests.support.actions import DISK, SNAPSHOT
from tests.support.canned import HTMX
from tests.support.cloud_rows import an_id, volume
from tests.support.fake_cloud import NOVA, PROJECT, FakeCloud
from tests.support.pages import HERE, Page, field_errors, names, sent_by, text_of, words
from tests.support.views import BOTH_WAYS
from tests.support.writes import ANOTHER, BOOTABLE, FORMS, MANY, Write, stock_for_writes, written
from tests.support.wrong_answers import (
    ELSEWHERE,
    NO_CONNECTION,
    SIGN_IN_AGAIN,
    WITHOUT_CONTENT,
    WRONG,
    Wrong,
    let_all_reads_fail,
    watch_elsewhere,
)

if TYPE_CHECKING:
    from django.test import Client

EVERY_WRONG = pytest.mark.parametrize("wrong", WRONG, ids=str)
# For views that only read, also no answer, and an answer without the requested content
READS = [*WRONG, NO_CONNECTION, WITHOUT_CONTENT]
CREATE = next(one for one in FORMS if one.path == "disks/create/")
RENAME = next(one for one in FORMS if one.path.endswith("/rename/"))
A_SNAPSHOT_GOES = {"ids": [SNAPSHOT], "shown": SNAPSHOT}


@pytest.fixture(autouse=True)
def _stocked(cloud: FakeCloud) -> None:
    stock_for_writes(cloud)


def fails(cloud: FakeCloud, path: str, wrong: Wrong) -> None:
    cloud.http.get(cloud.at(path), **wrong.http)
    watch_elsewhere(cloud)
    cloud.forget()


# --- Forms ------------------------------------------------------------------------------------------------------------


@EVERY_WRONG
def test_a_form_tells_it_and_keeps_what_was_typed(cloud: FakeCloud, signed_in: Client, wrong: Wrong) -> None:
    sent = CREATE.form(signed_in)
    CREATE.goes_wrong(cloud, **wrong.http)
    cloud.forget()
    answer = signed_in.post(CREATE.url, sent, headers=HTMX)
    assert answer.status_code == 422
    assert wrong.told_by_write(answer)
    # A used up quota is reported at the field that can be changed to meet it.
    assert list(field_errors(answer)) == (["size"] if wrong.name == "413" else [])
    assert written(cloud) == [CREATE.asks]
    kept = sent_by(answer)
    assert {name: kept.get(name) for name in CREATE.typed} == CREATE.typed
    assert (kept["key"] != sent["key"]) == wrong.unknown
    signed_in.post(CREATE.url, sent, headers=HTMX)
    assert len(written(cloud)) == (1 if wrong.unknown else 2)
    assert cloud.requests(ELSEWHERE) == []


@pytest.mark.parametrize("write", [CREATE, RENAME], ids=str)
def test_a_form_keeps_what_was_typed_where_nothing_can_be_read(
    cloud: FakeCloud, signed_in: Client, write: Write
) -> None:
    form = write.form(signed_in)
    for wrong in WRONG:
        write.goes_wrong(cloud, **wrong.http)
        let_all_reads_fail(cloud, wrong.http)
        cloud.forget()
        answer = signed_in.post(write.url, {**form, "key": wrong.name}, headers=HTMX)
        assert answer.status_code == 422, wrong
        assert wrong.told_by_write(answer) if written(cloud) else wrong.told_by(answer), wrong
        kept = sent_by(answer)
        assert {name: kept.get(name) for name in write.typed} == write.typed, wrong


def missed(answer: Any) -> str:
    """The note of a form about what couldn't be read."""
    return " ".join(one.text for one in Page(answer).select("#missed"))


def is_told(wrong: Wrong) -> bool:
    """Whether a form reports it: it leaves out what the user may not read, or the cloud doesn't have."""
    return wrong.status in {429, 502, 503}


@pytest.mark.parametrize("path", ["/types", "/os-availability-zone", "/limits", f"/os-quota-sets/{PROJECT}"])
def test_a_form_opens_without_what_only_helps_to_fill_it_in(cloud: FakeCloud, signed_in: Client, path: str) -> None:
    fields = CREATE.form(signed_in).keys()
    for wrong in READS:
        fails(cloud, path, wrong)
        answer = signed_in.get(CREATE.url, headers=HTMX)
        assert answer.status_code == 200, wrong
        assert sent_by(answer).keys() >= fields - {"disk_type", "zone"}, wrong
        assert (wrong.says in missed(answer)) == is_told(wrong), wrong
        assert bool(missed(answer)) == is_told(wrong), wrong
        assert cloud.requests(ELSEWHERE) == [], wrong
    fails(cloud, path, SIGN_IN_AGAIN)
    assert signed_in.get(CREATE.url, headers=HTMX).status_code == 401


@EVERY_WRONG
def test_a_menu_entry_tells_what_came_of_it(cloud: FakeCloud, signed_in: Client, wrong: Wrong) -> None:
    """It acts at once, without a form that could come back."""
    BOOTABLE.goes_wrong(cloud, **wrong.http)
    for headers in BOTH_WAYS:
        cloud.forget()
        answer = signed_in.post(BOOTABLE.url, BOOTABLE.typed, headers=headers)
        assert answer.status_code == (504 if wrong.unknown else wrong.status)
        assert wrong.told_by_write(answer)
        assert written(cloud) == [BOOTABLE.asks]


# --- Many at once -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("write", MANY, ids=str)
def test_each_row_tells_its_failure(cloud: FakeCloud, signed_in: Client, write: Write) -> None:
    for wrong in WRONG:
        write.goes_wrong(cloud, **wrong.http)
        for headers in BOTH_WAYS if wrong.name in {"409", "HTML"} else [HTMX]:
            case = f"{wrong} as {'a fragment' if headers else 'a page'}"
            cloud.forget()
            answer = signed_in.post(write.url, {**write.typed, "key": case}, headers=headers)
            assert answer.status_code == 200, case
            assert written(cloud) == [write.asks], case
            assert wrong.told_by_write(answer), case
            assert "being deleted" not in words(answer), case
            assert "being created" not in words(answer), case
    assert cloud.requests(ELSEWHERE) == []


def test_each_row_tells_why_its_disk_was_not_found(cloud: FakeCloud, signed_in: Client) -> None:
    [write] = [one for one in MANY if one.path == "disks/create-snapshots/run/"]
    for wrong in READS:
        fails(cloud, f"/volumes/{ANOTHER}", wrong)
        answer = signed_in.post(write.url, {**write.typed, "key": wrong.name}, headers=HTMX)
        assert answer.status_code == 200, wrong
        assert wrong.told_by(answer), wrong
        assert written(cloud) == [], wrong
    fails(cloud, f"/volumes/{ANOTHER}", SIGN_IN_AGAIN)
    assert signed_in.post(write.url, write.typed, headers=HTMX).status_code == 401


@pytest.mark.parametrize(
    ("url", "path"),
    [(f"disks/{DISK}/delete/", "/snapshots/detail"), (f"snapshots/{SNAPSHOT}/delete/", "/volumes/detail")],
)
def test_a_preview_says_that_not_all_could_be_looked_through(
    cloud: FakeCloud, signed_in: Client, url: str, path: str
) -> None:
    for wrong in READS:
        fails(cloud, path, wrong)
        answer = signed_in.get(f"{HERE}/{url}", headers=HTMX)
        assert answer.status_code == 200, wrong
        assert "could be checked" in words(answer), wrong
    fails(cloud, path, SIGN_IN_AGAIN)
    assert signed_in.get(f"{HERE}/{url}", headers=HTMX).status_code == 401


def test_a_deletion_is_told_where_its_disk_can_not_be_read(cloud: FakeCloud, signed_in: Client) -> None:
    for wrong in [*READS, SIGN_IN_AGAIN]:
        fails(cloud, f"/volumes/{DISK}", wrong)
        answer = signed_in.post(f"{HERE}/snapshots/delete/run/", A_SNAPSHOT_GOES, headers=HTMX)
        assert answer.status_code == 200, wrong
        assert written(cloud) == [f"DELETE /snapshots/{SNAPSHOT}"], wrong
        assert "1 snapshot is being deleted." in words(signed_in.get("/toasts/")), wrong


def test_a_deletion_is_told_where_it_can_not_be_watched(cloud: FakeCloud, signed_in: Client) -> None:
    for wrong in [*READS, SIGN_IN_AGAIN]:
        fails(cloud, f"/snapshots/{SNAPSHOT}", wrong)
        answer = signed_in.post(f"{HERE}/snapshots/delete/run/", A_SNAPSHOT_GOES, headers=HTMX)
        assert answer.status_code == 200, wrong
        assert written(cloud) == [f"DELETE /snapshots/{SNAPSHOT}"], wrong
        assert "1 snapshot is being deleted." in words(signed_in.get("/toasts/")), wrong


def test_a_cut_off_deletion_is_told_where_it_can_not_be_looked_into(cloud: FakeCloud, signed_in: Client) -> None:
    [cut_off] = [one for one in WRONG if one.name == "504"]
    cloud.http.delete(cloud.at(f"/snapshots/{SNAPSHOT}"), **cut_off.http)
    for wrong in (one for one in READS if one.status != 404):
        fails(cloud, f"/snapshots/{SNAPSHOT}", wrong)
        answer = signed_in.post(f"{HERE}/snapshots/delete/run/", A_SNAPSHOT_GOES, headers=HTMX)
        assert cut_off.told_by_write(answer), wrong
        assert "The cloud can't be asked about it at the moment." in words(answer), wrong
    fails(cloud, f"/snapshots/{SNAPSHOT}", SIGN_IN_AGAIN)
    assert signed_in.post(f"{HERE}/snapshots/delete/run/", A_SNAPSHOT_GOES, headers=HTMX).status_code == 401


# --- What a page can do without ---------------------------------------------------------------------------------------


def test_a_snapshots_page_shows_what_it_can_without_the_disk(cloud: FakeCloud, signed_in: Client) -> None:
    for wrong in READS:
        fails(cloud, f"/volumes/{DISK}", wrong)
        answer = signed_in.get(f"{HERE}/snapshots/{SNAPSHOT}/")
        assert answer.status_code == 200, wrong
        assert Page(answer).has("heading", "Snapshot snapshot-1001"), wrong
    fails(cloud, f"/volumes/{DISK}", SIGN_IN_AGAIN)
    assert signed_in.get(f"{HERE}/snapshots/{SNAPSHOT}/", headers=HTMX).status_code == 401


def test_a_list_shows_ids_where_nova_tells_no_names(cloud: FakeCloud, enter: Any) -> None:
    cloud.servers = [{"id": an_id(5000), "name": "web-1"}]
    client = enter()
    url = f"{HERE}/disks/instances/?ids={an_id(5000)}"
    assert "web-1" in text_of(client.get(url, headers=HTMX))
    for wrong in READS:
        cloud.http.get(f"{NOVA}/servers", **wrong.http)
        watch_elsewhere(cloud)
        answer = client.get(url, headers=HTMX)
        assert answer.status_code == 200, wrong
        assert words(answer) == "", wrong
        assert cloud.requests(ELSEWHERE) == [], wrong
    cloud.http.get(f"{NOVA}/servers", **SIGN_IN_AGAIN.http)
    assert client.get(url, headers=HTMX).status_code == 401


def test_a_search_goes_through_all_rows_where_no_filters_are_offered(cloud: FakeCloud, signed_in: Client) -> None:
    cloud.volumes = [volume(1, name="data"), volume(2, name="logs")]
    for wrong in READS:
        # This clears the cached filters, so that Diskboard requests them again.
        cache.clear()
        fails(cloud, "/resource_filters", wrong)
        answer = signed_in.get(f"{HERE}/disks/", {"q": "log"}, headers=HTMX)
        if wrong.name != "429" and wrong is not NO_CONNECTION:
            assert names(answer) == ["logs"], wrong
        else:
            assert answer.status_code == wrong.status, wrong
            assert wrong.told_by(answer), wrong
