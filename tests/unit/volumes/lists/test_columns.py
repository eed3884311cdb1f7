"""The columns of the lists: how a page, an address and a CSV file use them."""

import pytest
from django.template.loader import get_template
from django.test import Client

from tests.support.canned import HTMX
from tests.support.cloud_rows import an_id, backup, snapshot, volume
from tests.support.fake_cloud import FakeCloud
from tests.support.pages import HERE, Page
from volumes.backups.columns import BACKUP_TABLE
from volumes.disks.columns import DISK_TABLE
from volumes.lists.columns import Column, Table
from volumes.snapshots.columns import SNAPSHOT_TABLE

TABLES = [DISK_TABLE, SNAPSHOT_TABLE, BACKUP_TABLE]
DISK_SNAPSHOTS = f"{HERE}/disks/{an_id(1)}/snapshots/"
# The lists, their columns, and the id of the row that their poller asks about
PAGES = [
    (f"{HERE}/disks/", DISK_TABLE.shown, an_id(1)),
    (f"{HERE}/snapshots/", SNAPSHOT_TABLE.shown, an_id(1001)),
    (DISK_SNAPSHOTS, SNAPSHOT_TABLE.of_one_disk, an_id(1001)),
    (f"{HERE}/backups/", BACKUP_TABLE.shown, an_id(2001)),
]


@pytest.fixture
def one_of_each(cloud: FakeCloud) -> None:
    cloud.volumes, cloud.snapshots, cloud.backups = [volume(1)], [snapshot(1001)], [backup(2001)]


def classes_of(page: Page, selector: str) -> list[str]:
    """The classes of the cells that belong to a column, in order."""
    return [cell["class"].split()[0] for cell in page.select(selector)]


def expected(columns: tuple[Column, ...]) -> list[str]:
    return [f"col-{column.name}" for column in columns]


@pytest.mark.parametrize("table", TABLES)
def test_each_column_has_its_name_to_itself(table: Table) -> None:
    columns = set(table.shown + table.exported + table.of_one_disk)
    assert len({column.name for column in columns}) == len(columns)


@pytest.mark.parametrize("table", TABLES)
def test_each_column_of_a_page_has_a_cell_and_each_of_a_file_a_value(table: Table) -> None:
    assert [column.name for column in table.exported if column.csv_value is None] == []
    for column in table.shown + table.of_one_disk:
        get_template(column.cell)


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
