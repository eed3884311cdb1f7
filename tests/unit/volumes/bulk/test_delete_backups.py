"""Deleting backups: a chain of increments goes as a whole, the newest one first."""

from typing import Any

import pytest
from django.test import Client

from dashboard.cloud.keystone import Cloud
from tests.support.asked import deleted
from tests.support.canned import HTMX
from tests.support.cloud_rows import an_id, backup
from tests.support.fake_cloud import FakeCloud
from tests.support.pages import HERE, Page, all_sent_by, failures, words
from volumes.cinder import backups, readers

URL = f"{HERE}/backups/delete/"
RUN = f"{URL}run/"
BASE, FIRST, SECOND = an_id(2001), an_id(2002), an_id(2003)
INCREMENT = {"is_incremental": True}
WITH_DEPENDENTS = {"has_dependent_backups": True}
REASON = "Invalid backup: Incremental backups exist for this backup."
FIRST_OF_ALL = "increments are based on it: delete those first."


def chain(cloud: FakeCloud) -> None:
    """A full backup and two increments, and the chain of another disk."""
    cloud.backups = [
        backup(2012, disk=2, **INCREMENT),
        backup(2011, disk=2, **WITH_DEPENDENTS),
        backup(2003, **INCREMENT),
        backup(2002, **INCREMENT, **WITH_DEPENDENTS),
        backup(2001, **WITH_DEPENDENTS),
    ]


def let_increments_go(cloud: FakeCloud) -> None:
    """Finish the deletions in progress, and tell the backups on which nothing is based any more."""
    cloud.backups[:] = [row for row in cloud.backups if row["status"] != "deleting"]
    for row in cloud.backups:
        increments = backups.increments_of(readers.backup(row), map(readers.backup, cloud.backups))
        row["has_dependent_backups"] = bool(increments)


def test_a_selected_chain_goes_as_a_whole(cloud: FakeCloud, signed_in: Client) -> None:
    chain(cloud)
    part = signed_in.post(URL, {"ids": [BASE, FIRST, SECOND]}, headers=HTMX)
    assert "Will be deleted: 3." in words(part)
    assert "Can't be deleted" not in words(part)
    assert all_sent_by(part)["ids"] == [SECOND, FIRST, BASE]


@pytest.mark.parametrize(
    ("selected", "going"), [([BASE], []), ([BASE, FIRST], []), ([FIRST, SECOND], [SECOND, FIRST]), ([SECOND], [SECOND])]
)
def test_a_base_stays_while_an_increment_stays(
    cloud: FakeCloud, signed_in: Client, selected: list[str], going: list[str]
) -> None:
    chain(cloud)
    part = signed_in.post(URL, {"ids": selected}, headers=HTMX)
    assert all_sent_by(part).get("ids", []) == going
    assert (FIRST_OF_ALL in words(part)) == (len(going) < len(selected))


def test_a_base_stays_with_an_increment_that_cannot_go(cloud: FakeCloud, signed_in: Client) -> None:
    chain(cloud)
    cloud.backups[2]["status"] = "restoring"
    part = signed_in.post(URL, {"ids": [BASE, FIRST, SECOND]}, headers=HTMX)
    assert "Will be deleted: 0. Can't be deleted: 3." in words(part)


def test_it_says_nothing_new_where_not_all_backups_can_be_read(cloud: FakeCloud, signed_in: Client) -> None:
    chain(cloud)
    cloud.http.get(cloud.at("/backups/detail"), status_code=500)
    part = signed_in.post(URL, {"ids": [BASE, FIRST, SECOND]}, headers=HTMX)
    assert all_sent_by(part)["ids"] == [SECOND]


def test_the_base_waits_for_its_increments(cloud: FakeCloud, signed_in: Client) -> None:
    chain(cloud)
    sent: dict[str, Any] = all_sent_by(signed_in.post(URL, {"ids": [BASE, FIRST, SECOND]}, headers=HTMX))
    order = []
    for left in ([FIRST, BASE], [BASE], []):
        cloud.forget()
        part = signed_in.post(RUN, sent, headers=HTMX)
        assert failures(part) == {}
        order += [row["id"] for row in cloud.backups if row["status"] == "deleting"]
        sent = all_sent_by(part)
        assert sent.get("ids", []) == left
        if left:
            # Nothing can be done as long as the increment is there: it looks again after a pause.
            waiting = signed_in.post(RUN, sent, headers=HTMX)
            assert Page(waiting).select("form")[0]["hx-trigger"].startswith("load delay:2s")
            assert all_sent_by(waiting)["ids"] == left
        let_increments_go(cloud)
    assert order == [SECOND, FIRST, BASE]
    assert "3 backups are being deleted." in words(signed_in.get("/toasts/"))
    assert [row["id"] for row in cloud.backups] == [an_id(2012), an_id(2011)]


@pytest.mark.parametrize(
    ("statuses", "pending", "waits"),
    [
        # Requests run side by side: the base may be refused before the deletion of its increments has begun.
        (("available", "available"), [FIRST, SECOND], True),
        (("available", "deleting"), [FIRST], True),
        (("deleting", "deleting"), [], True),
        (("available", "available"), [SECOND], False),
        (("error_deleting", "available"), [FIRST, SECOND], False),
        (("restoring", "deleting"), [FIRST], False),
    ],
)
def test_a_base_waits_only_for_increments_that_will_go(
    cloud: FakeCloud, here: Cloud, statuses: tuple[str, str], pending: list[str], *, waits: bool
) -> None:
    chain(cloud)
    cloud.backups[3]["status"], cloud.backups[2]["status"] = statuses
    assert backups.waits_for_increments(here, BASE, pending, REASON) is waits


def test_a_base_whose_increments_are_gone_since_is_tried_again(cloud: FakeCloud, here: Cloud) -> None:
    cloud.backups = [backup(2001)]
    assert backups.waits_for_increments(here, BASE, [], REASON)
    assert not backups.waits_for_increments(here, BASE, [], "Backup status must be available or error")
    # Something that Diskboard can't see depends on it.
    cloud.backups = [backup(2001, **WITH_DEPENDENTS)]
    assert not backups.waits_for_increments(here, BASE, [], REASON)


def test_a_base_is_tried_again_if_its_increments_go_while_they_are_looked_for(cloud: FakeCloud, here: Cloud) -> None:
    before, after = backup(2001, **WITH_DEPENDENTS), backup(2001)
    cloud.backups = [after]
    cloud.http.get(cloud.at(f"/backups/{BASE}"), [{"json": {"backup": before}}, {"json": {"backup": after}}])
    assert backups.waits_for_increments(here, BASE, [], REASON)


def test_it_does_not_wait_for_ever(cloud: FakeCloud, signed_in: Client) -> None:
    chain(cloud)
    cloud.backups[2]["status"] = "deleting"
    part = signed_in.post(RUN, {"ids": [FIRST], "waits": "100"}, headers=HTMX)
    assert "Incremental backups exist" in failures(part)[FIRST]
    assert deleted(cloud) == [FIRST]


def test_it_does_not_wait_for_what_it_cannot_look_up(cloud: FakeCloud, signed_in: Client) -> None:
    chain(cloud)
    cloud.backups[2]["status"] = "deleting"
    cloud.http.get(cloud.at("/backups/detail"), status_code=500)
    part = signed_in.post(RUN, {"ids": [FIRST]}, headers=HTMX)
    assert "Incremental backups exist" in failures(part)[FIRST]
    assert all_sent_by(part).get("ids", []) == []


def test_increments_belong_to_the_full_backup_before_them() -> None:
    rows = [backup(1), backup(2, **INCREMENT), backup(3, **INCREMENT), backup(4), backup(5, **INCREMENT)]
    others = [backup(6, disk=2, **INCREMENT), backup(7, data_timestamp=None, **INCREMENT)]
    read = [readers.backup(row) for row in (*rows, *others)]
    found = [[one.id for one in backups.increments_of(backup_, read)] for backup_ in read]
    assert found == [[an_id(2), an_id(3)], [an_id(3)], [], [an_id(5)], [], [], []]
