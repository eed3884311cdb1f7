"""Editing a snapshot: what is saved, what is refused before Cinder gets it, and what another user changed meanwhile."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser import steps
from tests.browser.states.entering import enter
from tests.browser.states.rows import disks, snapshots
from tests.browser.watch import Watch
from tests.support.cloud_rows import an_id
from tests.support.fake_cloud import FakeCloud

NOTED = {"owner": "anna", "env": "test"}
# Each line but the first has a different mistake.
WRONG_LINES = ["env=test", "no equals sign", "=nothing", "env=twice", "a/b=c", f"long={'x' * 256}", "ключ=1"]
WHAT_IS_WRONG = [
    "Line 2: the “=” between key and value is missing.",
    "Line 3: the key before the “=” is missing.",
    "Line 4: duplicate key “env”.",
    "Line 5: a key can't contain “/”.",
    "Line 6: keys and values have at most 255 characters.",
    "Line 7: a key can contain only Latin letters, digits, spaces and the characters _ : . -",
]


def kept(cloud: FakeCloud) -> tuple[str, str, dict[str, str]]:
    """What the cloud has stored for it."""
    [found] = cloud.snapshots
    return found["name"], found["description"], found["metadata"]


def open_editing(page: Page, cloud: FakeCloud) -> Locator:
    cloud.volumes = disks("database")
    cloud.snapshots = snapshots("nightly", description="by cron", metadata=NOTED)
    enter(page, "/snapshots/")
    return steps.open_dialog(page, "nightly", "Edit snapshot")


def fact(page: Page, name: str) -> Locator:
    """The value of a fact on the snapshot's own page."""
    return page.get_by_role("term").filter(has_text=re.compile(rf"^{name}$")).locator("xpath=following-sibling::dd[1]")


def test_it_saves_name_description_and_properties(page: Page, cloud: FakeCloud) -> None:
    dialog = open_editing(page, cloud)
    page.evaluate("window.stayed = true")
    expect(steps.field(dialog, "Snapshot name")).to_be_focused()
    expect(steps.field(dialog, "Snapshot name")).to_have_value("nightly")
    expect(steps.field(dialog, "Description")).to_have_value("by cron")
    expect(steps.field(dialog, "Properties")).to_have_value("env=test\nowner=anna")
    steps.field(dialog, "Snapshot name").fill("before the upgrade")
    steps.field(dialog, "Description").fill("kept «until» spring")
    steps.field(dialog, "Properties").fill("env = production\n\nticket=DB-17=b")
    steps.press(dialog, "Save")
    steps.told(page, "Snapshot “before the upgrade” is saved.")
    row = steps.row(page, "before the upgrade")
    expect(row).to_contain_text("env=production, ticket=DB-17=b")
    expect(page.get_by_role("button", name="Actions for before the upgrade", exact=True)).to_be_focused()
    assert page.evaluate("window.stayed"), "The page was loaded anew"
    properties = {"env": "production", "ticket": "DB-17=b"}
    assert kept(cloud) == ("before the upgrade", "kept «until» spring", properties)

    row.get_by_role("link", name="before the upgrade", exact=True).click()
    expect(steps.heading(page, "Snapshot before the upgrade")).to_be_visible()
    expect(fact(page, "Description")).to_have_text("kept «until» spring")
    expect(fact(page, "Disk").get_by_role("link", name="database", exact=True)).to_be_visible()
    expect(fact(page, "Properties").get_by_role("code")).to_have_text(["env=production", "ticket=DB-17=b"])
    page.evaluate("window.stayed = true")
    steps.press(page, "Edit snapshot")
    dialog = steps.dialog(page, "Edit snapshot")
    for field in ("Snapshot name", "Description", "Properties"):
        steps.field(dialog, field).fill("")
    steps.press(dialog, "Save")
    expect(steps.heading(page, f"Snapshot {an_id(1001)}")).to_be_visible()
    expect(fact(page, "Properties")).to_have_text("—")
    expect(fact(page, "Description")).to_have_text("—")
    assert page.evaluate("window.stayed"), "The page was loaded anew"
    assert kept(cloud) == ("", "", {})


def test_each_wrong_line_is_named_and_nothing_typed_is_lost(page: Page, cloud: FakeCloud, watch: Watch) -> None:
    watch.expect(422)
    dialog = open_editing(page, cloud)
    properties = steps.field(dialog, "Properties")
    steps.field(dialog, "Snapshot name").fill("typed")
    properties.fill("\n".join(WRONG_LINES))
    steps.press(dialog, "Save")
    for wrong in WHAT_IS_WRONG:
        expect(dialog.get_by_text(wrong, exact=True)).to_be_visible()
    expect(properties).to_be_focused()
    expect(properties).to_have_value("\n".join(WRONG_LINES))
    expect(properties).to_have_accessible_description(re.compile(r"Line 2: .*Line 7: "))
    expect(steps.field(dialog, "Snapshot name")).to_have_value("typed")
    assert kept(cloud) == ("nightly", "by cron", NOTED)
    properties.fill(WRONG_LINES[0])
    steps.press(dialog, "Save")
    expect(steps.row(page, "typed")).to_contain_text("env=test")
    assert kept(cloud) == ("typed", "by cron", {"env": "test"})


def test_what_somebody_else_changed_is_shown_before_it_is_replaced(page: Page, cloud: FakeCloud, watch: Watch) -> None:
    watch.expect(422)
    dialog = open_editing(page, cloud)
    cloud.snapshots[0] |= {"name": "theirs", "metadata": {"env": "theirs"}}
    steps.field(dialog, "Snapshot name").fill("ours")
    steps.field(dialog, "Properties").fill("env=ours")
    steps.press(dialog, "Save")
    alert = dialog.get_by_role("alert")
    expect(alert).to_contain_text("Someone else has changed this in the meantime.")
    expect(alert).to_contain_text("Snapshot name: “theirs”; Properties: “env=theirs”")
    expect(alert).not_to_contain_text("Description")
    expect(steps.field(dialog, "Snapshot name")).to_have_value("ours")
    expect(steps.field(dialog, "Properties")).to_have_value("env=ours")
    assert kept(cloud) == ("theirs", "by cron", {"env": "theirs"})
    # The second time, the values that were shown may be replaced, but not those that came later.
    cloud.snapshots[0]["description"] = "by hand"
    steps.press(dialog, "Save")
    expect(alert).to_contain_text("Description: “by hand”")
    expect(alert).not_to_contain_text("“theirs”")
    steps.press(dialog, "Save")
    steps.told(page, "Snapshot “ours” is saved.")
    expect(steps.row(page, "ours")).to_contain_text("env=ours")
    assert kept(cloud) == ("ours", "by cron", {"env": "ours"})
