"""A double click, a form that is sent again, and Back create one snapshot, one disk, one backup."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.conftest import NewContext
from tests.support.devcloud import Project, wait_for_status


@dataclass(frozen=True)
class Making:
    """A dialog that creates something: its entry in a disk's menu, its name field, and the list of what was created."""

    entry: str
    field: str
    submit: str
    made: Callable[[Any], Any]


MAKING = [
    Making("Create snapshot", "Snapshot name", "Create snapshot", lambda client: client.volume_snapshots),
    Making("Clone disk", "Disk name", "Clone", lambda client: client.volumes),
    Making("Create backup", "Backup name", "Create backup", lambda client: client.backups),
]


def each(*quick: str) -> pytest.MarkDecorator:
    """Every case; those not among `quick` in the full profile only."""
    cases = [pytest.param(one, id=one.entry, marks=[pytest.mark.full] * (one.entry not in quick)) for one in MAKING]
    return pytest.mark.parametrize("making", cases)


def made(project: Project, making: Making, name: str) -> int:
    manager = making.made(project.volume_client())
    found = [one for one in manager.list() if one.name == name]
    for one in found:
        wait_for_status(manager, one.id)
    return len(found)


@each("Create snapshot")
def test_a_double_click_makes_one(page: Page, project: Project, making: Making) -> None:
    project.shrink(project.create_disk("data").id)
    steps.sign_in(page, project)
    dialog = steps.open_dialog(page, "data", making.entry)
    steps.field(dialog, making.field).fill("only one")
    dialog.get_by_role("button", name=making.submit, exact=True).dblclick()
    steps.told(page, "only one")
    assert made(project, making, "only one") == 1


@each("Create snapshot")
def test_back_and_sending_it_again_makes_one(new_context: NewContext, project: Project, making: Making) -> None:
    disk = project.create_disk("data")
    project.shrink(disk.id)
    page = new_context(java_script_enabled=False).new_page()
    steps.sign_in(page, project, f"/disks/{disk.id}/")
    page.get_by_role("button", name=making.entry, exact=True).click()
    for name in ("only one", "only one", "another one"):
        steps.field(page, making.field).fill(name)
        page.get_by_role("button", name=making.submit, exact=True).click()
        expect(page.get_by_role("status").filter(has_text=name)).to_be_visible()
        # Nothing can be sent while the disk is being backed up.
        wait_for_status(project.volume_client().volumes, disk.id)
        page.go_back()
        expect(steps.field(page, making.field)).to_be_visible()
    assert made(project, making, "only one") == 1
    # A form with another name creates another one.
    assert made(project, making, "another one") == 1
