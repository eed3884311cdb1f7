"""The texts of the rows: words are translated, and addresses resolved, once for a list."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone, translation

from dashboard.cloud.ids import NO_DISK
from dashboard.cloud.keystone import Cloud
from tests.support.cloud_rows import Answer, ago, an_id, backup, snapshot, volume
from tests.support.pages import HERE, Page
from volumes.cinder import disks, readers
from volumes.cinder.snapshots import Summary
from volumes.kinds import BACKUPS, DISKS, SNAPSHOTS, Kind
from volumes.lists.row_texts import MAX_LENGTH, ListTexts, RowTexts, in_short, newest_words
from volumes.lists.rows import SnapshotCount

ONE, TWO = an_id(1), an_id(2)
KINDS: list[Kind[Any]] = [DISKS, SNAPSHOTS, BACKUPS]
EVERY_KIND = pytest.mark.parametrize("kind", KINDS, ids=[kind.name for kind in KINDS])
READERS: dict[str, Any] = {"disks": readers.disk, "snapshots": readers.snapshot, "backups": readers.backup}


def texts(here: Cloud, kind: Kind[Any] = DISKS, **given: Any) -> ListTexts:
    return ListTexts(here, kind, **{"wide": True, **given})


def row(here: Cloud, answer: Answer, kind: Kind[Any] = DISKS, **given: Any) -> RowTexts:
    """The texts of one row."""
    [only] = texts(here, kind, **given).rows([kind.row(READERS[kind.name](answer))])
    return only


def number_of(count: int, *, all_seen: bool = True, newest: datetime | None = None) -> SnapshotCount:
    return SnapshotCount(Summary(count, newest, newest, 0, 0), all_seen)


# --- Addresses --------------------------------------------------------------------------------------------------------


@EVERY_KIND
def test_each_row_has_addresses_of_its_own(here: Cloud, kind: Kind[Any]) -> None:
    list_texts = texts(here, kind)
    told = list_texts.rows([kind.row(READERS[kind.name]({"id": one})) for one in (ONE, TWO)])
    for one, row_texts in zip((ONE, TWO), told, strict=True):
        assert row_texts.actions_url == f"{HERE}/{kind.name}/{one}/actions/"
        # A backup has no page.
        assert row_texts.url == ("" if kind is BACKUPS else f"{HERE}/{kind.name}/{one}/")
        assert list_texts.snapshots_url(one) == f"{HERE}/disks/{one}/snapshots/"


def test_dialogs_know_the_list_of_one_disk(here: Cloud) -> None:
    assert texts(here, SNAPSHOTS, wide=False).of_disk.startswith("?disk=")
    assert texts(here, SNAPSHOTS, wide=True).of_disk == ""
    assert texts(here, DISKS, wide=False).of_disk == ""


# --- Words ------------------------------------------------------------------------------------------------------------


def test_labels_hold_the_name_as_it_is(here: Cloud) -> None:
    name = "100% <b>%(name)s</b>"
    assert texts(here).select_label(name) == f"Select {name}"
    for told, title in ((row(here, volume(1, name=name)), name), (row(here, volume(1, name=None)), ONE)):
        assert (told.title, told.select_label, told.actions_label) == (title, f"Select {title}", f"Actions for {title}")


def test_words_are_in_the_language_of_the_page(here: Cloud) -> None:
    with translation.override("ru"):
        told = row(here, volume(1, bootable="true"))
        assert texts(here).select_label("x") == "Выбрать x"
        assert (told.size, told.bootable, told.status.label) == ("10 ГБ", "Да", "Доступен")
    assert row(here, volume(1)).size == "10 GB"


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("available", ("Available", "good", True)),
        ("in-use", ("In use", "used", True)),
        ("creating", ("Creating", "busy", False)),
        ("error", ("Error", "bad", False)),
        ("maintenance", ("Maintenance", "plain", False)),
        ("moonstruck", ("moonstruck", "plain", False)),
    ],
)
def test_usual_statuses_need_no_words(here: Cloud, status: str, expected: tuple[str, str, bool]) -> None:
    told = row(here, volume(1, status=status)).status
    assert (told.label, told.tone, told.is_usual) == expected


def test_a_backups_status_has_words_of_its_own(here: Cloud) -> None:
    """One list shows one kind, so that its statuses can be translated once."""
    with translation.override("ru"):
        told = {kind.name: row(here, one, kind).status.label for kind, one in ((DISKS, volume()), (BACKUPS, backup()))}
    assert told == {"disks": "Доступен", "backups": "Доступна"}


def test_a_long_transition_says_how_long(here: Cloud) -> None:
    since = {"status": "creating", "updated_at": ago(minutes=5, seconds=5)}
    assert row(here, volume(1, **since)).lasting == "Creating for 5\xa0minutes"
    assert row(here, volume(1, status="creating", updated_at=ago(seconds=5))).lasting == ""
    assert row(here, volume(1)).lasting == ""


def test_look_alikes_have_the_beginnings_of_their_ids(here: Cloud) -> None:
    short_ids = {ONE: "00000001"}
    assert row(here, volume(1), short_ids=short_ids).short_id == "00000001"
    assert row(here, volume(2), short_ids=short_ids).short_id == ""
    assert row(here, volume(1)).short_id == ""


def test_only_the_rows_to_be_set_say_how_they_are_selected(here: Cloud) -> None:
    rows = [DISKS.row(readers.disk(volume(number))) for number in (1, 2, 3)]
    told = texts(here).rows(rows, {ONE: "yes", TWO: "no"})
    assert [(one.id, one.select) for one in told] == [(ONE, "yes"), (TWO, "no"), (an_id(3), "")]
    assert [one.select for one in texts(here).rows(rows)] == ["", "", ""]


def test_a_list_without_menus_has_no_keys(here: Cloud) -> None:
    assert row(here, volume(1)).menu == ""


# --- The disk of a snapshot or backup ---------------------------------------------------------------------------------


def test_a_disk_is_its_short_id_until_its_name_is_known(here: Cloud) -> None:
    told = row(here, snapshot(1001, disk=2), SNAPSHOTS)
    snapshots_of_two = f"{HERE}/disks/{TWO}/snapshots/"
    assert (told.disk_id, told.disk_words, told.disk_url) == (TWO, TWO[:8], snapshots_of_two)
    known = readers.disk(volume(2, name="data"))
    assert texts(here, SNAPSHOTS).disk_words(known) == ("data", snapshots_of_two)
    assert row(here, volume(1)).disk_id == ""


@pytest.mark.parametrize(("kind", "one"), [(SNAPSHOTS, snapshot(1001, volume_id=None)), (BACKUPS, {"id": ONE})])
def test_a_row_without_a_disk_has_an_id_for_the_addresses_in_its_menu(
    here: Cloud, kind: Kind[Any], one: Answer
) -> None:
    told = row(here, one, kind)
    assert (told.disk_id, told.disk_words, told.disk_url) == (NO_DISK, "—", "")


@pytest.mark.parametrize(
    ("kind", "words"), [(SNAPSHOTS, "another project's disk"), (BACKUPS, "deleted disk")], ids=["snapshots", "backups"]
)
def test_a_missing_disk_leads_nowhere(here: Cloud, kind: Kind[Any], words: str) -> None:
    assert texts(here, kind).disk_words(disks.missing(TWO)) == (words, "")
    # One that couldn't be read is not missing.
    assert texts(here, kind).disk_words(disks.unknown(TWO)) == (TWO[:8], f"{HERE}/disks/{TWO}/snapshots/")


# --- Parts of one kind's rows -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "shown", "more"), [(0, 0, ""), (3, 3, ""), (4, 3, "and 1 more"), (8, 3, "and 5 more")]
)
def test_a_row_shows_three_instances(here: Cloud, count: int, shown: int, more: str) -> None:
    attached = [{"server_id": an_id(5000 + number), "device": "/dev/vdb"} for number in range(count)]
    told = row(here, volume(1, attachments=attached))
    assert [one.server_id for one in told.attachments] == [one["server_id"] for one in attached[:shown]]
    assert told.more_attachments == more


@pytest.mark.parametrize(
    ("counted", "expected"),
    [
        (SnapshotCount(None, all_seen=True), ("no snapshots", "")),
        (SnapshotCount(None, all_seen=False), ("snapshots: unknown", "")),
        (number_of(1), ("1 snapshot", "")),
        (number_of(5), ("5 snapshots", "")),
        (number_of(1, all_seen=False), ("at least 1 snapshot", "")),
        (number_of(5, all_seen=False), ("at least 5 snapshots", "")),
    ],
)
def test_it_counts_snapshots_in_words(here: Cloud, counted: SnapshotCount, expected: tuple[str, str]) -> None:
    assert texts(here).counted(counted) == expected


def test_it_counts_in_the_three_forms_of_russian(here: Cloud) -> None:
    with translation.override("ru"):
        told = [texts(here).counted(number_of(count))[0] for count in (1, 2, 5, 21)]
    assert told == ["1 снимок", "2 снимка", "5 снимков", "21 снимок"]


def test_the_newest_snapshot_has_an_age(here: Cloud) -> None:
    now = datetime.now(UTC)
    assert newest_words(now - timedelta(seconds=50)) == "newest just now"
    assert newest_words(now - timedelta(days=3, hours=7)) == "newest 3\xa0days ago"
    words, age = texts(here).counted(number_of(2, newest=now - timedelta(hours=2, minutes=1)))
    assert (words, age) == ("2 snapshots", "newest 2\xa0hours ago")


def test_times_are_those_of_the_reader(here: Cloud) -> None:
    with timezone.override("Europe/Moscow"):
        told = row(here, snapshot(1001, created_at="2026-03-02T22:30:00.000000"), SNAPSHOTS)
    time = Page(told.created).find("time")
    assert (time.text, time["datetime"]) == ("3 Mar 2026 01:30", "2026-03-02T22:30:00Z")
    # In narrow windows
    assert told.created_words == "3 Mar 2026 01:30"
    told = row(here, snapshot(1001, created_at=None), SNAPSHOTS)
    assert (told.created, told.created_words) == ("—", "—")


def test_a_disk_says_its_type_and_zone(here: Cloud) -> None:
    told = row(here, volume(1))
    assert (told.type, told.zone) == ("ceph-ssd", "nova")
    assert row(here, volume(1, volume_type=None)).type == "—"


def test_properties_are_one_line_of_bounded_length(here: Cloud) -> None:
    assert row(here, snapshot(1001, metadata={"b": "2", "a": "1"}), SNAPSHOTS).properties == "a=1, b=2"
    assert in_short({}) == ""
    cut = in_short({"key": "ж" * 500})
    assert (len(cut), cut[-1]) == (MAX_LENGTH, "…")
    assert in_short({"a": "x\u202ey"}) == "a=x[U+202E]y"


def test_a_backup_says_what_it_is_and_why_it_failed(here: Cloud) -> None:
    full = row(here, backup(2001), BACKUPS)
    assert (full.kind, full.fail_reason, full.no_service) == ("Full", "", "")
    assert row(here, backup(2001, is_incremental=True), BACKUPS).kind == "Incremental"
    # A backup that is restored again keeps the reason of an earlier failure.
    assert row(here, backup(2001, fail_reason="It is full."), BACKUPS).fail_reason == ""
    failed = row(here, backup(2001, status="error", fail_reason="It is full."), BACKUPS)
    assert (failed.fail_reason, failed.no_service) == ("It is full.", "")
    failed = row(here, backup(2001, status="error", fail_reason="Backup service is down."), BACKUPS)
    assert failed.no_service == "This cloud has no working backup service: its operator has to set one up."


def test_it_knows_what_does_not_last(here: Cloud) -> None:
    told = [texts(here).is_ll_nvme(readers.disk(volume(1, volume_type=name))) for name in ("LL-NVMe-1", "ceph-ssd")]
    assert told == [True, False]
