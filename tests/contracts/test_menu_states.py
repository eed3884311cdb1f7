"""The menus of a list are made once for all records that the rules of state can't tell apart (Record.judged_by)."""

from collections.abc import Iterator
from dataclasses import Field, fields, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.cloud.keystone import Cloud
from tests.support.canned import a_cloud
from tests.support.cloud_rows import an_id, backup, snapshot, volume
from tests.support.hypothesis_profiles import cases
from volumes.backups.actions import ACTIONS as BACKUP_ACTIONS
from volumes.cinder import readers
from volumes.cinder.values import DELETABLE_DISK_STATUSES, NOT_MIGRATING, USABLE_STATUSES, Attachment, Record
from volumes.disks.actions import ACTIONS as DISK_ACTIONS
from volumes.menus import Menus
from volumes.snapshots.actions import ACTIONS as SNAPSHOT_ACTIONS

KINDS: dict[str, tuple[Record, tuple[Any, ...]]] = {
    "disks": (readers.disk(volume(1)), DISK_ACTIONS),
    "snapshots": (readers.snapshot(snapshot(1001)), SNAPSHOT_ACTIONS),
    "backups": (readers.backup(backup(2001)), BACKUP_ACTIONS),
}
EVERY_KIND = pytest.mark.parametrize("kind", KINDS)
TIMES = st.sampled_from([None, datetime(2026, 3, 1, tzinfo=UTC), datetime(2001, 1, 1, tzinfo=UTC)])
ATTACHMENTS = st.sampled_from([
    (), (Attachment("", ""),), (Attachment(an_id(5000), "/dev/vdb"),), tuple(Attachment(an_id(n), "") for n in (1, 2)),
])  # fmt: skip
STATUSES = {*DELETABLE_DISK_STATUSES, *USABLE_STATUSES, "creating", "deleting", "uploading", "maintenance"}
STATUSES |= {"error_deleting", "error_backing-up", "awaiting-transfer", "moonstruck"}
# The values of a field by its type
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "str": st.sampled_from(["", "x", an_id(7), "migrating", *sorted(NOT_MIGRATING), *sorted(STATUSES)]),
    "int": st.integers(0, 3),
    "bool": st.booleans(),
    "datetime | None": TIMES,
    "Mapping[str, str]": st.sampled_from([{}, {"readonly": "True"}, {"a": "b"}]),
    "tuple[Attachment, ...]": ATTACHMENTS,
}


@pytest.fixture(params=["member", "reader"])
def asking(request: pytest.FixtureRequest, here: Cloud) -> Cloud:
    """A project in which one may change something, or only read."""
    return here if request.param == "member" else a_cloud(here.endpoint.url, roles=("reader",))


def fields_of(record: Record) -> tuple[Field[Any], ...]:
    return fields(record)


def drawn(data: st.DataObject, record: Record) -> Record:
    """The record with other values in all of its fields."""
    return replace(record, **{one.name: data.draw(VALUES[str(one.type)], one.name) for one in fields_of(record)})


def states(cloud: Cloud, record: Record, actions: tuple[Any, ...]) -> list[tuple[str, str]]:
    return [item.state_of(cloud, record) for item in actions]


def look_alikes(record: Record, other: Record) -> Iterator[Record]:
    """The record with one field of the other, for each field, and with all; as far as it is judged by the same."""
    alike = {}
    for one in fields_of(record):
        value = getattr(other, one.name)
        changed = replace(record, **{one.name: value})
        if changed.judged_by == record.judged_by:
            alike[one.name] = value
            yield changed
    yield replace(record, **alike)


@EVERY_KIND
@given(data=st.data())
@cases(1000)
def test_records_that_are_judged_by_the_same_have_the_same_menu(asking: Cloud, kind: str, data: st.DataObject) -> None:
    start, actions = KINDS[kind]
    record, other = drawn(data, start), drawn(data, start)
    expected, key = states(asking, record, actions), Menus(asking).key_of(record)
    for one in look_alikes(record, other):
        assert one.judged_by == record.judged_by
        assert states(asking, one, actions) == expected
        assert Menus(asking).key_of(one) == key


@EVERY_KIND
@given(data=st.data())
@cases(500)
def test_the_rules_look_only_at_what_a_record_is_judged_by(asking: Cloud, kind: str, data: st.DataObject) -> None:
    start, actions = KINDS[kind]
    record, read = watched(drawn(data, start))
    assert record.judged_by
    judged_by = set(read)
    read.clear()
    states(asking, record, actions)
    names = {one.name for one in fields_of(start)}
    assert (read & names) - judged_by == set()


@EVERY_KIND
def test_a_record_is_judged_by_few_fields(kind: str) -> None:
    """Ids, names and times differ from row to row: no two rows would share a menu."""
    record, read = watched(KINDS[kind][0])
    assert record.judged_by
    assert read & {"id", "name", "description", "size", "created_at", "updated_at", "disk_id"} == set()


def watched(record: Record) -> tuple[Record, set[str]]:
    """The same record, and the set of the attributes that were read of it."""
    read: set[str] = set()

    def noting(self: object, name: str) -> Any:
        read.add(name)
        return object.__getattribute__(self, name)

    watching = type("Watched", (type(record),), {"__getattribute__": noting})
    values = {one.name: getattr(record, one.name) for one in fields_of(record)}
    made: Record = watching(**values)
    read.clear()
    return made, read
