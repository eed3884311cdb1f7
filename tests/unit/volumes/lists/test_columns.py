"""The columns of the lists: how a page, an address and a CSV file use them."""

from collections.abc import Sequence
from typing import Any

import pytest
from django.test import Client

from dashboard.cloud.keystone import Cloud
from dashboard.web.jinja import render_jinja
from tests.support.canned import HTMX
from tests.support.cloud_rows import Answer, an_id, backup, snapshot, volume
from tests.support.fake_cloud import FakeCloud
from tests.support.pages import HERE, Page
from volumes.backups.columns import BACKUP_TABLE
from volumes.cinder import readers
from volumes.disks.columns import DISK_TABLE
from volumes.kinds import BACKUPS, DISKS, SNAPSHOTS, Kind
from volumes.lists.columns import Column, Table
from volumes.lists.row_texts import ListTexts, RowTexts
from volumes.snapshots.columns import SNAPSHOT_TABLE
from volumes.templatetags.lists import table_of

TABLES = [DISK_TABLE, SNAPSHOT_TABLE, BACKUP_TABLE]
DISK_SNAPSHOTS = f"{HERE}/disks/{an_id(1)}/snapshots/"
# The lists, their columns, and the id of the row that their poller asks about
PAGES = [
    (f"{HERE}/disks/", DISK_TABLE.shown, an_id(1)),
    (f"{HERE}/snapshots/", SNAPSHOT_TABLE.shown, an_id(1001)),
    (DISK_SNAPSHOTS, SNAPSHOT_TABLE.of_one_disk, an_id(1001)),
    (f"{HERE}/backups/", BACKUP_TABLE.shown, an_id(2001)),
]
KINDS: list[Kind[Any]] = [DISKS, SNAPSHOTS, BACKUPS]
READERS: dict[str, Any] = {"disks": readers.disk, "snapshots": readers.snapshot, "backups": readers.backup}
# A row that has everything, one that is usual, and one that lacks everything
ROWS: dict[str, list[Answer]] = {
    "disks": [volume(1, attachments=[{"server_id": an_id(5000), "device": "/dev/vdb"}]), volume(2), {"id": an_id(3)}],
    "snapshots": [snapshot(1001, metadata={"a": "b"}), snapshot(1002), {"id": an_id(1003)}],
    "backups": [backup(2001, status="error", fail_reason="x", snapshot_id=an_id(7)), backup(2002), {"id": an_id(2003)}],
}


@pytest.fixture
def one_of_each(cloud: FakeCloud) -> None:
    cloud.volumes, cloud.snapshots, cloud.backups = [volume(1)], [snapshot(1001)], [backup(2001)]


def classes_of(page: Page, selector: str) -> list[str]:
    """The classes of the cells that belong to a column, in order."""
    return [cell["class"].split()[0] for cell in page.select(selector)]


def write(texts: ListTexts, rows: Sequence[RowTexts], names: list[str]) -> str:
    return render_jinja("lists/rows.jinja", texts=texts, rows=rows, columns=names, oob=False, checked=False)


def expected(columns: tuple[Column, ...]) -> list[str]:
    return [f"col-{column.name}" for column in columns]


@pytest.mark.parametrize("table", TABLES)
def test_each_column_has_its_name_to_itself(table: Table) -> None:
    columns = set(table.shown + table.exported + table.of_one_disk)
    assert len({column.name for column in columns}) == len(columns)


@pytest.mark.parametrize("table", TABLES)
def test_each_column_of_a_file_has_a_value(table: Table) -> None:
    assert [column.name for column in table.exported if column.csv_value is None] == []


@pytest.mark.parametrize("wide", [True, False])
@pytest.mark.parametrize("kind", KINDS, ids=[kind.name for kind in KINDS])
def test_each_column_of_a_page_has_a_cell_in_every_row(here: Cloud, kind: Kind[Any], *, wide: bool) -> None:
    """The template of rows writes what it knows by name; a column that it doesn't know would be left out."""
    columns = table_of(kind).columns(wide=wide)
    found = [kind.row(READERS[kind.name](one)) for one in ROWS[kind.name]]
    texts = ListTexts(here, kind, wide=wide)
    names = [column.name for column in columns]
    written = Page(f"<table>{write(texts, texts.rows(found), names)}</table>").select("tr")
    assert len(written) == len(found)
    for row in written:
        selecting, *cells, acting = row.find_all("cell")
        assert [cell["class"] for cell in cells] == expected(columns)
        assert (selecting.has("checkbox"), acting.has("button")) == (True, True)


@pytest.mark.parametrize("kind", KINDS, ids=[kind.name for kind in KINDS])
def test_no_column_has_an_empty_cell_if_the_row_has_everything(here: Cloud, kind: Kind[Any]) -> None:
    texts = ListTexts(here, kind, wide=True)
    names = [column.name for column in table_of(kind).shown]
    [row] = texts.rows([kind.row(READERS[kind.name](ROWS[kind.name][0]))])
    cells = Page(f"<table>{write(texts, [row], names)}</table>").select("td[class^=col-]")
    assert [cell["class"] for cell in cells if not cell.text] == []


def test_it_sorts_by_what_cinder_sorts_by() -> None:
    assert DISK_TABLE.sorts == {
        "name": "display_name",
        "bootable": "bootable",
        "type": "volume_type_id",
        "size": "size",
        "attached": "attach_status",
        "created_at": "created_at",
    }
    assert SNAPSHOT_TABLE.sorts == {"name": "display_name", "size": "volume_size", "created_at": "created_at"}
    assert BACKUP_TABLE.sorts == {"name": "display_name", "size": "size", "created_at": "created_at"}


@pytest.mark.usefixtures("one_of_each")
@pytest.mark.parametrize(("url", "columns", "_row_id"), PAGES)
def test_heads_and_cells_stand_in_the_same_order(
    signed_in: Client, url: str, columns: tuple[Column, ...], _row_id: str
) -> None:
    page = Page(signed_in.get(url))
    assert classes_of(page, "thead th") == expected(columns)
    assert classes_of(page, "tbody td[class^=col-]") == expected(columns)


@pytest.mark.usefixtures("one_of_each")
@pytest.mark.parametrize(("url", "columns", "row_id"), PAGES)
def test_a_row_that_changed_has_the_same_cells(
    signed_in: Client, url: str, columns: tuple[Column, ...], row_id: str
) -> None:
    answer = signed_in.get(f"{url}changes/", {"seen": f"{row_id}:creating"}, headers=HTMX)
    assert classes_of(Page(answer), "td[class^=col-]") == expected(columns)
