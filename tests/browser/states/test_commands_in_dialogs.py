"""The equivalent command of each dialog follows what is typed, and can be copied, by keyboard too."""

import shlex

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import steps
from tests.browser.conftest import NewContext
from tests.browser.states.entering import enter
from tests.browser.states.rows import disks, snapshots
from tests.support.cloud_rows import an_id
from tests.support.fake_cloud import FakeCloud

# Characters that are special to a shell
NASTY = """it's "50 $HOME" `id` \\ off"""
SUMMARY = "Equivalent CLI command"
DISK, SNAPSHOT = an_id(1), an_id(1001)
# The titles of dialogs that differ from their menu entry
TITLES = {"Delete disk": "Delete disks", "Delete snapshot": "Delete snapshots"}


@pytest.fixture
def page(new_context: NewContext) -> Page:
    """A page of a user who lets Diskboard use the clipboard."""
    context = new_context()
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    return context.new_page()


@pytest.fixture
def snapshots_page(page: Page, cloud: FakeCloud) -> Page:
    """The page of a disk's snapshots."""
    cloud.volumes, cloud.snapshots = disks("database", size=1), snapshots("nightly", size=1, metadata={"env": "test"})
    enter(page, f"/disks/{DISK}/snapshots/")
    return page


def unfold_command(page: Page, dialog: Locator, *, by_keyboard: bool = True) -> Locator:
    """Open the dialog's command and return the element that contains it."""
    code, summary = dialog.locator("code"), dialog.locator("summary")
    expect(code).to_have_count(1)
    expect(code).to_be_hidden()
    expect(summary).to_have_text(SUMMARY)
    if by_keyboard:
        steps.tab_to(page, summary)
        page.keyboard.press("Enter")
    else:
        summary.click()
    expect(code).to_be_visible()
    return code


def copied(page: Page, dialog: Locator, *, by_keyboard: bool = True) -> list[str]:
    """Copy the command, paste it into a shell, and return the words that the shell sees."""
    copy = dialog.get_by_role("button", name="Copy", exact=True)
    if by_keyboard:
        steps.tab_to(page, copy)
        page.keyboard.press("Enter")
    else:
        copy.click()
    expect(dialog.get_by_role("button", name="Copied", exact=True)).to_be_focused()
    clipboard = page.evaluate("navigator.clipboard.readText()")
    assert clipboard == dialog.locator("code").inner_text().strip()
    return shlex.split(clipboard)


def open_by_keyboard(page: Page, row: str, entry: str) -> Locator:
    """Go to the row's button, open its menu and the entry's dialog by keyboard."""
    actions = page.get_by_role("button", name=f"Actions for {row}", exact=True)
    steps.tab_to(page, actions)
    page.keyboard.press("Enter")
    steps.go_to_entry(page, entry)
    page.keyboard.press("Enter")
    return steps.dialog(page, entry)


def type_into(page: Page, field: Locator, text: str) -> None:
    steps.tab_to(page, field, key="Shift+Tab")
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def follows_the_name(page: Page, dialog: Locator) -> Locator:
    """Open the dialog's command, type a name if there is a field for it, and return the element with the command."""
    code = unfold_command(page, dialog, by_keyboard=False)
    name = dialog.get_by_label(" name")
    if name.count():
        name.fill(NASTY)
        expect(code).to_contain_text("off'")
    return code


def tells(page: Page, dialog: Locator, words: list[str]) -> None:
    """Compare the command with the expected one, and leave the dialog."""
    assert copied(page, dialog, by_keyboard=False) == ["openstack", "volume", *words]
    page.get_by_role("dialog").get_by_role("button", name="Cancel", exact=True).click()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_creating_a_snapshot(snapshots_page: Page) -> None:
    page = snapshots_page
    opener = page.get_by_role("button", name="Create snapshot", exact=True)
    steps.tab_to(page, opener)
    page.keyboard.press("Enter")
    dialog = steps.dialog(page, "Create snapshot")
    code = unfold_command(page, dialog)
    expect(code).to_contain_text(steps.field(dialog, "Snapshot name").input_value())
    type_into(page, steps.field(dialog, "Properties"), "note=a b")
    type_into(page, steps.field(dialog, "Description"), "two\nlines")
    type_into(page, steps.field(dialog, "Snapshot name"), NASTY)
    expect(code).to_contain_text("HOME")
    expect(code).to_contain_text("off'")
    words = copied(page, dialog)
    assert words[:4] == ["openstack", "volume", "snapshot", "create"]
    assert words[words.index("--volume") + 1] == DISK
    assert words[words.index("--description") + 1] == "two lines"
    assert words[words.index("--property") + 1] == "note=a b"
    assert words[-1] == NASTY
    # A name that begins with a dash is not an option of the client.
    type_into(page, steps.field(dialog, "Snapshot name"), "--force")
    expect(code).to_contain_text("-- --force")
    # The first one asks, as something was typed.
    for _time in range(2):
        page.keyboard.press("Escape")
    expect(opener).to_be_focused()


@pytest.mark.full
def test_editing_a_snapshot(snapshots_page: Page) -> None:
    page = snapshots_page
    dialog = open_by_keyboard(page, "nightly", "Edit snapshot")
    code = unfold_command(page, dialog)
    expect(code).to_contain_text("env=test")
    type_into(page, steps.field(dialog, "Properties"), "unfinished\nowner=$USER")
    type_into(page, steps.field(dialog, "Snapshot name"), NASTY)
    expect(code).to_contain_text("off'")
    words = copied(page, dialog)
    assert words[:4] == ["openstack", "volume", "snapshot", "set"]
    assert words[words.index("--name") + 1] == NASTY
    assert "--no-property" in words
    assert [words[at + 1] for at, word in enumerate(words) if word == "--property"] == ["owner=$USER"]
    assert words[-1] == SNAPSHOT


def test_dialogs_of_one_snapshot(snapshots_page: Page) -> None:
    page = snapshots_page
    expected = {
        "Create disk": ["create", "--size", "1", "--snapshot", SNAPSHOT, NASTY],
        "Create backup": ["backup", "create", "--force", "--snapshot", SNAPSHOT, "--name", NASTY, DISK],
        "Roll back disk": ["revert", "--os-volume-api-version", "3.40", SNAPSHOT],
        "Delete snapshot": ["snapshot", "delete", SNAPSHOT],
    }
    for entry, words in expected.items():
        dialog = steps.open_dialog(page, "nightly", entry, TITLES.get(entry, entry))
        follows_the_name(page, dialog)
        tells(page, dialog, words)


@pytest.mark.full
def test_dialogs_of_one_disk(page: Page, cloud: FakeCloud) -> None:
    cloud.volumes = disks("database", size=1)
    enter(page)
    expected = {
        "Rename disk": ["set", "--name", NASTY, "--description", " ", DISK],
        "Resize disk": ["set", "--size", "2", DISK],
        "Change disk type": ["set", "--type", "ceph-hdd", "--migration-policy", "on-demand", DISK],
        "Clone disk": ["create", "--size", "1", "--source", DISK, NASTY],
        "Delete disk": ["delete", DISK],
    }
    for entry, words in expected.items():
        dialog = steps.open_dialog(page, "database", entry, TITLES.get(entry, entry))
        code = follows_the_name(page, dialog)
        if entry == "Change disk type":
            steps.field(dialog, "Disk type").select_option("ceph-hdd")
            steps.field(dialog, "Migrate if needed").check()
            expect(code).to_contain_text("on-demand")
        tells(page, dialog, words)


def test_the_snapshots_own_page_tells_how_to_show_it(snapshots_page: Page) -> None:
    page = snapshots_page
    steps.row(page, "nightly").get_by_role("link", name="nightly", exact=True).click()
    expect(steps.heading(page, "Snapshot nightly")).to_be_visible()
    command = page.locator("details.command")
    unfold_command(page, command)
    assert copied(page, command) == ["openstack", "volume", "snapshot", "show", SNAPSHOT]
