"""The rows of the tables as texts: everything that templates/lists/rows.jinja and details.jinja write.

Words are translated and URLs resolved once a list, because a page can have a hundred rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.text import Truncator
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard.cloud.ids import NO_DISK
from dashboard.cloud.visible import visible
from dashboard.web.dates import Clock
from volumes.disk_types import type_words
from volumes.llnvme import is_ll_nvme

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from dashboard.cloud.keystone import Cloud
    from volumes.cinder.values import Attachment, Backup, Disk, Record, Snapshot
    from volumes.kinds import Kind
    from volumes.lists.rows import Row, SnapshotCount

# They stand for the ids of a row and of its disk in URLs that all rows share, and in the templates of the menus
# (static/js/menus.js).
ANY_ID = "aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa"
ANY_DISK_ID = "dddddddd-dddd-dddd-dddd-dddddddddddd"
NOTHING = "—"
# The number of an id's characters that stand for a name that isn't known
SHORT = 8
# The number of instances that a row shows
INSTANCES_PER_ROW = 3
# The length in characters at which properties and descriptions are cut in a row; the record's own page has them all.
MAX_LENGTH = 120
# The tones of statuses that need no words beside the ring
USUAL_TONES = frozenset({"good", "used"})


class Menus(Protocol):
    """The menus of the rows of a list."""

    def key_of(self, record: Record, /) -> str:
        """Return the key of the menu of a record, which records with the same menu share."""


@dataclass(frozen=True, slots=True)
class StatusTexts:
    """A status in words, the tone of its ring, and whether it is one that needs no words beside the ring."""

    label: str
    tone: str
    is_usual: bool


class ListTexts:
    """The words and URLs that all rows of one list share.

    `wide` means that the rows belong to several disks. `short_ids` are the beginnings of the ids of records with
    look-alike titles, by id. `menus` is needed for whole rows only.
    """

    def __init__(
        self,
        cloud: Cloud,
        kind: Kind[Any],
        *,
        wide: bool,
        short_ids: Mapping[str, str] | None = None,
        menus: Menus | None = None,
    ) -> None:
        """Translate the words and resolve the URLs."""
        self.cloud = cloud
        self.kind = kind
        self.wide = wide
        self.short_ids = short_ids or {}
        self.menus = menus
        self._actions_url = self._url(f"{kind.name.removesuffix('s')}-actions", f"{kind.name.removesuffix('s')}_id")
        self._snapshots_url = self._url("disk-snapshots", "disk_id")
        # What the dialogs opened in the list of one disk's snapshots are told
        self.of_disk = f"?disk={ANY_DISK_ID}" if kind.name == "snapshots" and not wide else ""
        self._statuses: dict[str, StatusTexts] = {}
        self._clock = Clock()
        self._select = _("Select %(name)s")
        self._actions = _("Actions for %(title)s")
        self._yes_no = {True: _("Yes"), False: _("No")}
        self._size = _("%(size)s GB")
        self.request_id = _("Request id:")
        self.ll_nvme = _("Snapshots of LL NVMe disks are deleted when the instance migrates.")

    def _url(self, name: str, parameter: str) -> str:
        return reverse(name, kwargs={"project": self.cloud.slug, parameter: ANY_ID})

    def snapshots_url(self, disk_id: str) -> str:
        """Return the URL of a disk's snapshots."""
        return self._snapshots_url.replace(ANY_ID, disk_id)

    def select_label(self, title: str) -> str:
        """Return the label of a row's checkbox."""
        return self._select % {"name": title}

    def is_ll_nvme(self, disk: Disk) -> bool:
        """Return whether the disk's snapshots are lost when its instance migrates."""
        return is_ll_nvme(disk.type_name)

    def rows(self, rows: Sequence[Row[Any]], selected: Mapping[str, str] | None = None) -> list[RowTexts]:
        """Return the texts of the rows. `selected` is yes or no for the ids of those whose selection is to be set."""
        functions: dict[str, Callable[[Row[Any]], RowTexts]] = {
            "disks": self._of_disk,
            "snapshots": self._of_snapshot,
            "backups": self._of_backup,
        }
        texts_of = functions[self.kind.name]
        texts = [texts_of(row) for row in rows]
        for one in texts:
            one.select = selected.get(one.id, "") if selected else ""
        return texts

    def moment(self, moment: datetime | None) -> str:
        """Return a time as HTML."""
        return self._clock.moment(moment)

    def description(self, record: Record) -> str:
        """Return the description of a record on one line, cut to MAX_LENGTH."""
        return str(Truncator(visible(record.description)).chars(MAX_LENGTH))

    def disk_words(self, disk: Disk) -> tuple[str, str]:
        """Return what stands for the disk of a snapshot or backup, and its URL, which is empty if it isn't there."""
        if not disk.is_missing:
            return (disk.title if disk.status_code else disk.id[:SHORT]), self.snapshots_url(disk.id)
        return (_("deleted disk") if self.kind.name == "backups" else _("another project's disk")), ""

    def counted(self, counted: SnapshotCount) -> tuple[str, str]:
        """Return the number of a disk's snapshots in words, and the age of the newest; the second may be empty."""
        if not counted.summary:
            return (_("no snapshots") if counted.all_seen else _("snapshots: unknown")), ""
        count = counted.summary.count
        if counted.all_seen:
            words = ngettext("%(count)s snapshot", "%(count)s snapshots", count)
        else:
            words = ngettext("at least %(count)s snapshot", "at least %(count)s snapshots", count)
        return words % {"count": count}, newest_words(counted.summary.newest) if counted.summary.newest else ""

    def _of_disk(self, row: Row[Disk]) -> RowTexts:
        disk = row.shown
        return RowTexts(
            **self._of_any(row),
            short_id=self.short_ids.get(disk.id, ""),
            type=type_words(disk.type_name),
            zone=disk.zone,
            bootable=self._yes_no[disk.bootable],
            attachments=disk.attachments[:INSTANCES_PER_ROW],
            more_attachments=self._more(len(disk.attachments) - INSTANCES_PER_ROW),
        )

    def _of_snapshot(self, row: Row[Snapshot]) -> RowTexts:
        return RowTexts(**self._with_disk(row))

    def _of_backup(self, row: Row[Backup]) -> RowTexts:
        backup = row.shown
        no_service = _("This cloud has no working backup service: its operator has to set one up.")
        texts = self._with_disk(row)
        # A backup has no page of its own.
        texts["url"] = ""
        return RowTexts(
            **texts,
            kind=_("Incremental") if backup.is_incremental else _("Full"),
            of_a_snapshot=_("of a snapshot") if backup.snapshot_id else "",
            fail_reason=backup.fail_reason if backup.status.tone == "bad" else "",
            no_service=no_service if backup.no_service else "",
        )

    def _with_disk(self, row: Row[Snapshot] | Row[Backup]) -> dict[str, Any]:
        record = row.shown
        disk_id = record.disk_id
        words, url = (disk_id[:SHORT], self.snapshots_url(disk_id)) if disk_id else (NOTHING, "")
        return {
            **self._of_any(row),
            "disk_id": disk_id or NO_DISK,
            "disk_words": words,
            "disk_url": url,
            "created": self._clock.moment(record.created_at),
            "created_words": self._clock.to_the_minute(record.created_at) if record.created_at else NOTHING,
            "properties": in_short(record.properties),
        }

    def _of_any(self, row: Row[Any]) -> dict[str, Any]:
        record: Record = row.shown
        title = record.title
        actions_url = self._actions_url.replace(ANY_ID, record.id)
        return {
            "row": row,
            "id": record.id,
            "title": title,
            "url": actions_url.removesuffix("actions/"),
            "actions_url": actions_url,
            "select_label": self._select % {"name": title},
            "actions_label": self._actions % {"title": title},
            "busy": row.busy,
            "menu": self.menus.key_of(record) if self.menus else "",
            "status": self._status(record),
            "lasting": self._lasting(row),
            "size": self._size % {"size": number_format(record.size, force_grouping=True)},
        }

    def _status(self, record: Record) -> StatusTexts:
        texts = self._statuses.get(record.status_code)
        if texts is None:
            status = record.status
            texts = self._statuses[record.status_code] = StatusTexts(
                str(status.label), status.tone, status.tone in USUAL_TONES
            )
        return texts

    def _more(self, count: int) -> str:
        """Return the number of further instances in words; empty if there are none."""
        return ngettext("and %(count)s more", "and %(count)s more", count) % {"count": count} if count > 0 else ""

    def _lasting(self, row: Row[Any]) -> str:
        """Return the status with its duration, if it has lasted long."""
        since = row.lasts_since
        if not since:
            return ""
        return _("%(status)s for %(time)s") % {"status": row.shown.status.label, "time": timesince(since)}


@dataclass(slots=True, kw_only=True)
class RowTexts:
    """The texts of one row; those that its kind doesn't have are empty.

    `select` is yes or no to set its selection; empty keeps it. `menu` is the key of its menu. `disk_id` is the id of a
    snapshot's or backup's disk, NO_DISK if the cloud's answer has none. `created` is HTML.
    """

    row: Row[Any]
    id: str
    title: str
    url: str
    actions_url: str
    select_label: str
    actions_label: str
    busy: str
    menu: str
    status: StatusTexts
    lasting: str
    size: str
    select: str = ""
    short_id: str = ""
    type: str = ""
    zone: str = ""
    bootable: str = ""
    attachments: Sequence[Attachment] = ()
    more_attachments: str = ""
    disk_id: str = ""
    disk_words: str = ""
    disk_url: str = ""
    created: str = ""
    created_words: str = ""
    properties: str = ""
    kind: str = ""
    of_a_snapshot: str = ""
    fail_reason: str = ""
    no_service: str = ""


def newest_words(moment: datetime) -> str:
    """Return the age of a disk's newest snapshot in words, in its largest unit only."""
    if datetime.now(UTC) - moment < timedelta(minutes=1):
        return _("newest just now")
    return _("newest %(age)s ago") % {"age": timesince(moment, depth=1)}


def in_short(properties: Mapping[str, str]) -> str:
    """Return properties on one line, cut to MAX_LENGTH."""
    if not properties:
        return ""
    line = visible(", ".join(f"{key}={value}" for key, value in sorted(properties.items())))
    return line if len(line) <= MAX_LENGTH else str(Truncator(line).chars(MAX_LENGTH))
