"""Diskboard's main job: create snapshots of a disk that is in use, watch them, and clean them up."""

from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.support.devcloud import Project, wait_until


def test_with_the_mouse(page: Page, project: Project) -> None:
    disk = project.create_disk("database")
    project.attach(disk.id)
    snapshots = project.volume_client().volume_snapshots

    steps.sign_in(page, project)
    expect(steps.heading(page, "Disks")).to_be_visible()
    expect(steps.row(page, "database")).to_contain_text("In use")

    steps.choose(page, "database", "Create snapshot")
    dialog = steps.dialog(page, "Create snapshot")
    expect(dialog).to_contain_text("database")
    expect(dialog).to_contain_text("crash-consistent")
    name = dialog.get_by_label("Snapshot name", exact=True)
    expect(name).to_have_value(steps.proposed_name("database"))
    first = name.input_value()
    with steps.slow_storage(project, disk):
        dialog.get_by_role("button", name="Create snapshot", exact=True).click()
        expect(dialog).to_be_hidden()
        steps.told(page, first)
        steps.choose(page, "database", "Snapshot list")
        expect(steps.heading(page, "Snapshots of disk database")).to_be_visible()
        expect(steps.row(page, first)).to_contain_text("Creating")
    expect(steps.row(page, first)).to_contain_text("Available")

    page.get_by_role("button", name="Create snapshot", exact=True).click()
    dialog = steps.dialog(page, "Create snapshot")
    second = f"{first}_2"
    expect(dialog.get_by_label("Snapshot name", exact=True)).to_have_value(second)
    dialog.get_by_label("Description", exact=True).fill("before the update")
    dialog.get_by_role("button", name="Create snapshot", exact=True).click()
    expect(steps.row(page, second)).to_contain_text("Available")
    made = {one.name: one for one in snapshots.list(search_opts={"volume_id": disk.id})}
    assert set(made) == {first, second}
    assert made[second].description == "before the update"

    steps.tick(page, first, second)
    page.get_by_role("button", name="Delete snapshot", exact=True).click()
    dialog = steps.dialog(page, "Delete snapshots")
    for one in made:
        expect(dialog.get_by_text(one, exact=True)).to_be_visible()
    dialog.get_by_role("button", name="Delete", exact=True).click()
    steps.told(page, "2 snapshots are being deleted.")
    expect(page.get_by_role("heading", name="No snapshots yet")).to_be_visible()
    expect(steps.rows(page)).to_have_count(0)
    wait_until(lambda: not snapshots.list(), "the cloud has deleted them")


def test_with_the_keyboard_alone(page: Page, project: Project) -> None:
    disk = project.create_disk("database")
    project.attach(disk.id)
    snapshots = project.volume_client().volume_snapshots

    sign_in_by_keyboard(page, project)
    first = create_from_menu_by_keyboard(page)
    page.keyboard.press("Shift+F10")
    steps.go_to_entry(page, "Snapshot list")
    page.keyboard.press("Enter")
    expect(steps.row(page, first)).to_contain_text("Available")
    create_from_toolbar_by_keyboard(page, "by hand")
    assert {one.name for one in snapshots.list()} == {first, "by hand"}

    delete_by_keyboard(page, "by hand", first)
    expect(page.get_by_role("heading", name="No snapshots yet")).to_be_visible()
    wait_until(lambda: not snapshots.list(), "the cloud has deleted them")
    assert page.evaluate("document.activeElement !== document.body"), "The focus is lost"


def sign_in_by_keyboard(page: Page, project: Project) -> None:
    page.goto("/")
    expect(page.get_by_label("User name", exact=True)).to_be_visible()
    steps.tab_to(page, page.get_by_label("User name", exact=True))
    page.keyboard.type(project.username)
    page.keyboard.press("Tab")
    page.keyboard.type(project.password)
    page.keyboard.press("Enter")
    expect(steps.heading(page, "Disks")).to_be_visible()


def create_from_menu_by_keyboard(page: Page) -> str:
    """Open and leave the menu and the dialog on the way, and return the name of the new snapshot."""
    press = page.keyboard.press
    actions = page.get_by_role("button", name="Actions for database", exact=True)
    menu = page.get_by_role("menu")
    steps.tab_to(page, page.get_by_role("checkbox", name="Select database", exact=True))
    press("Shift+F10")
    expect(menu.get_by_role("menuitem").first).to_be_focused()
    press("Escape")
    expect(menu).to_be_hidden()
    expect(actions).to_be_focused()

    press("ContextMenu")
    steps.go_to_entry(page, "Create snapshot")
    press("Enter")
    dialog = steps.dialog(page, "Create snapshot")
    name = dialog.get_by_label("Snapshot name", exact=True)
    expect(name).to_be_focused()
    press("Escape")
    expect(dialog).to_be_hidden()
    expect(actions).to_be_focused()

    press("Enter")
    steps.go_to_entry(page, "Create snapshot")
    press("Enter")
    expect(name).to_be_focused()
    proposed = name.input_value()
    press("Enter")
    steps.told(page, proposed)
    expect(actions).to_be_focused()
    return proposed


def create_from_toolbar_by_keyboard(page: Page, name: str) -> None:
    create = page.get_by_role("button", name="Create snapshot", exact=True)
    steps.tab_to(page, create)
    page.keyboard.press("Space")
    dialog = steps.dialog(page, "Create snapshot")
    expect(dialog.get_by_label("Snapshot name", exact=True)).to_be_focused()
    # The proposed name is selected, so that typing replaces it.
    page.keyboard.type(name)
    steps.tab_to(page, dialog.get_by_role("button", name="Create snapshot", exact=True))
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(create).to_be_focused()
    expect(steps.row(page, name)).to_contain_text("Available")


def delete_by_keyboard(page: Page, *names: str) -> None:
    press = page.keyboard.press
    for one in names:
        steps.tab_to(page, page.get_by_role("checkbox", name=f"Select {one}", exact=True))
        press("Space")
    delete = page.get_by_role("button", name="Delete snapshot", exact=True)
    steps.tab_to(page, delete, key="Shift+Tab")
    press("Enter")
    dialog = steps.dialog(page, "Delete snapshots")
    press("Escape")
    expect(dialog).to_be_hidden()
    expect(delete).to_be_focused()
    press("Enter")
    steps.tab_to(page, steps.dialog(page, "Delete snapshots").get_by_role("button", name="Delete", exact=True))
    press("Enter")
    steps.told(page, f"{len(names)} snapshots are being deleted.")
