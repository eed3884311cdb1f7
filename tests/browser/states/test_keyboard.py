"""Keyboard use: the order is sensible, the focus visible, and menus and dialogs follow the ARIA practices."""

from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.conftest import NewContext
from tests.browser.states.entering import enter
from tests.browser.states.rows import disks, let_go, look_again, numbered
from tests.support.fake_cloud import FakeCloud

FOCUSED = """
() => {
  const one = document.activeElement;
  const style = getComputedStyle(one);
  const name = one.getAttribute("aria-label") || one.labels?.[0]?.textContent || one.textContent;
  const shown = (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
  return [name.trim(), shown];
}
"""
IN_MENU = "element => element.closest('[role=menu]') !== null"


def walk(page: Page, last: str) -> list[str]:
    """Press Tab until that control has the focus; return the names on the way, each of which has shown its focus."""
    found: list[str] = []
    while last not in found:
        assert len(found) < 80, f"“{last}” is not among {found}"
        page.keyboard.press("Tab")
        name, shown = page.evaluate(FOCUSED)
        assert shown, f"“{name}” doesn't show its focus"
        found.append(name)
    return found


def test_tab_reaches_every_control_in_the_order_one_reads(page: Page, cloud: FakeCloud) -> None:
    cloud.volumes = disks("alpha", *numbered("beta", 20))
    enter(page, "/disks/?sort=name&per_page=20")
    expect(steps.rows(page)).to_have_count(20)
    expect(steps.row(page, "alpha")).to_contain_text("no snapshots")
    assert walk(page, "Actions for alpha") == [
        *("Skip to the content", "Diskboard", "Disks", "Snapshots", "Backups"),
        *("Account menu", "Select all", "Create disk", "Filters", "Search disks"),
        *("No snapshot for 7 days", "Not attached", "Error"),
        *("Name", "Bootable", "Type", "Size", "Attached to"),
        *("Select alpha", "alpha", "Actions for alpha"),
    ]
    # The row's closed menu is not in the tab order.
    assert walk(page, "beta-0000") == ["Select beta-0000", "beta-0000"]
    last = ["Select all 21 that match", "Export CSV", "Next", "Columns", "20", "50", "100"]
    assert walk(page, "100")[-len(last) :] == last

    # The first stop skips the navigation.
    page.reload()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("checkbox", name="Select all", exact=True)).to_be_focused()


def test_sorting_paging_and_selecting_need_no_mouse(page: Page, cloud: FakeCloud) -> None:
    cloud.volumes = disks("alpha", *numbered("beta", 20))
    enter(page, "/disks/?sort=name&per_page=20")
    steps.tab_to(page, page.get_by_role("checkbox", name="Select all", exact=True))
    page.keyboard.press("Space")
    expect(page.locator("[data-selected-count]")).to_have_text("selected: 20")
    header = page.get_by_role("columnheader", name="Name", exact=True)
    steps.tab_to(page, header.get_by_role("link"))
    page.keyboard.press("Enter")
    expect(header).to_have_attribute("aria-sort", "descending")
    expect(header.get_by_role("link")).to_be_focused()
    steps.tab_to(page, page.get_by_role("link", name="Next", exact=True), key="Shift+Tab")
    page.keyboard.press("Enter")
    expect(steps.row(page, "alpha")).to_be_visible()
    # This page has no “Next” link.
    expect(page.locator("#main")).to_be_focused()


def test_the_focus_is_never_lost(page: Page, cloud: FakeCloud) -> None:
    cloud.volumes = disks("alpha", "beta")
    page.clock.install()
    enter(page)
    steps.choose(page, "beta", "Make bootable")
    expect(steps.row(page, "beta").get_by_role("cell", name="Yes", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Actions for beta", exact=True)).to_be_focused()
    steps.press(steps.open_dialog(page, "beta", "Delete disk", "Delete disks"), "Delete")
    expect(steps.row(page, "beta")).to_contain_text("Deleting")
    let_go(cloud)
    look_again(page)
    expect(steps.rows(page)).to_have_count(1)
    expect(page.locator("#main")).to_be_focused()
    expect(page.locator("#total")).to_have_text("1 disk")
    expect(page.get_by_text("Disks: 1 of 1,000")).to_be_visible()


def test_a_menu_does_what_the_keys_of_a_menu_do(page: Page, cloud: FakeCloud) -> None:
    cloud.volumes = disks("alpha")
    enter(page)
    actions = page.get_by_role("button", name="Actions for alpha", exact=True)
    menu = page.get_by_role("menu", name="Actions for alpha")
    entries = menu.get_by_role("menuitem")
    expect(actions).to_have_attribute("aria-haspopup", "menu")
    for key in ("Enter", "Space", "ArrowDown"):
        actions.focus()
        page.keyboard.press(key)
        expect(entries.first).to_be_focused()
        expect(actions).to_have_attribute("aria-expanded", "true")
        page.keyboard.press("Escape")
        expect(menu).to_be_hidden()
        expect(actions).to_be_focused()
        expect(actions).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Enter")
    expect(entries.first).to_be_focused()
    for key, name in (
        ("ArrowUp", "Create backup"),
        ("ArrowDown", "Delete disk"),
        ("End", "Create backup"),
        ("Home", "Delete disk"),
        ("r", "Resize disk"),
        ("r", "Rename disk"),
        ("Shift+C", "Clone disk"),
        # The browser's own shortcuts find no entry.
        ("Control+d", "Clone disk"),
    ):
        page.keyboard.press(key)
        expect(menu.get_by_role("menuitem", name=name, exact=True)).to_be_focused()
        assert page.evaluate(FOCUSED)[1], f"“{name}” doesn't show its focus"
    page.keyboard.press("Tab")
    expect(menu).to_be_hidden()
    assert not page.locator(":focus").evaluate(IN_MENU)


def test_only_the_open_menus_button_is_expanded(page: Page, cloud: FakeCloud) -> None:
    cloud.volumes = disks("alpha", "beta")
    enter(page)
    for name, other in (("alpha", "beta"), ("beta", "alpha")):
        steps.row(page, name).click(button="right")
        expect(page.get_by_role("menu", name=f"Actions for {name}")).to_be_visible()
        expect(steps.row(page, name).locator(".more")).to_have_attribute("aria-expanded", "true")
        expect(steps.row(page, other).locator("[aria-expanded=true]")).to_have_count(0)


def test_a_dialog_keeps_the_focus_until_it_closes(page: Page, cloud: FakeCloud) -> None:
    cloud.volumes = disks("alpha")
    enter(page)
    dialog = steps.open_dialog(page, "alpha", "Rename disk")
    expect(steps.field(dialog, "Disk name")).to_be_focused()
    assert dialog.evaluate("element => element.matches(':modal')"), "What is under the dialog can be reached"
    inside = ["Description", "Equivalent CLI command", "Save", "Cancel"]
    assert walk(page, "Cancel") == inside
    for _ in range(4):
        page.keyboard.press("Tab")
        # Between the dialog's last and first control, the browser's own controls may have the focus.
        assert page.evaluate("document.activeElement === document.body || !!document.activeElement.closest('dialog')")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("button", name="Actions for alpha", exact=True)).to_be_focused()


def test_focus_and_selection_show_in_the_systems_own_colours(new_context: NewContext, cloud: FakeCloud) -> None:
    cloud.volumes = disks("alpha")
    page = new_context(forced_colors="active").new_page()
    enter(page)
    walk(page, "Select alpha")
    page.keyboard.press("Space")
    expect(steps.row(page, "alpha")).to_have_css("outline-style", "solid")
    entries = steps.open_menu(page, "alpha").get_by_role("menuitem")
    for _ in entries.all():
        name, shown = page.evaluate(FOCUSED)
        assert shown, f"“{name}” doesn't show its focus"
        page.keyboard.press("ArrowDown")


def test_esc_asks_before_it_throws_typed_text_away(page: Page, cloud: FakeCloud) -> None:
    cloud.volumes = disks("alpha")
    enter(page)
    dialog = steps.open_dialog(page, "alpha", "Create snapshot")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    dialog = steps.open_dialog(page, "alpha", "Create snapshot")
    steps.field(dialog, "Description").fill("before the update")
    page.keyboard.press("Escape")
    expect(dialog.get_by_role("alert")).to_have_text("Press Esc again to discard what you typed.")
    expect(steps.field(dialog, "Description")).to_have_value("before the update")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("button", name="Actions for alpha", exact=True)).to_be_focused()
    # A later dialog starts anew.
    dialog = steps.open_dialog(page, "alpha", "Rename disk")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def test_the_buttons_of_a_high_dialog_stay_in_view(page: Page, cloud: FakeCloud) -> None:
    cloud.volumes = disks("alpha", volume_type="ef-nvme")
    page.set_viewport_size({"width": 1024, "height": 500})
    enter(page)
    dialog = steps.open_dialog(page, "alpha", "Create snapshot")
    expect(dialog.get_by_role("button", name="Create snapshot", exact=True)).to_be_in_viewport(ratio=1)
