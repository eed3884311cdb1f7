"""Nothing is clipped or found by axe in Russian, whose words are longer, at 200% zoom and in a window of 320 pixels."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import NewContext
from tests.browser.states.test_accessibility import dialog_fits, fits, in_light_and_dark
from tests.browser.watch import Watch
from tests.support.devcloud import Project

# What a window of 1280 by 900 shows at 200%.
ZOOMED = {"width": 640, "height": 450}
NARROW = {"width": 320, "height": 640}
CLIPPED = """
[...document.querySelectorAll("h1, h2, label, legend, th, .button, .badge, .tabs a, [role=menuitem]")]
  .filter((one) => one.checkVisibility() && !one.closest(".visually-hidden"))
  .filter((one) => {
    const box = one.getBoundingClientRect();
    return box.width > 1 && (box.right > innerWidth + 1 || box.left < -1 || one.scrollWidth > one.clientWidth + 1
      && getComputedStyle(one).display !== "inline");
  })
  .map((one) => one.textContent.trim())
"""

# No field's own limit keeps the browser from sending it.
SPOIL = """
(form) => {
  form.noValidate = true;
  for (const field of form.querySelectorAll("input[type=text], input[type=number], textarea")) {
    field.removeAttribute("maxlength");
    field.value = field.type === "number" ? "0" : "я".repeat(300);
  }
}
"""


@pytest.fixture
def zoomed(new_context: NewContext) -> Page:
    """A page at 200% of somebody whose browser speaks Russian."""
    return new_context(locale="ru-RU", viewport=ZOOMED, device_scale_factor=2).new_page()


def enter(page: Page, project: Project, *, reader: bool = False) -> None:
    """Sign in, whatever the language."""
    page.goto("/")
    look_at(page)
    page.locator("[name=user_name]").first.fill(project.reader_username if reader else project.username)
    page.locator("[name=password]").first.fill(project.reader_password if reader else project.password)
    page.keyboard.press("Enter")
    expect(page.locator("#table")).to_be_visible()


def look_at(page: Page) -> None:
    """Look at what is open, and at whether it also fits a narrow window."""
    in_light_and_dark(page)
    for size in (NARROW, ZOOMED):
        page.set_viewport_size({"width": size["width"], "height": size["height"]})
        fits(page)
        assert not page.evaluate(CLIPPED)
        if page.locator("dialog:modal").count():
            dialog_fits(page)


def opening(page: Page) -> Iterator[Locator]:
    """All that opens a dialog on this page: buttons, then the first row's menu, opened each time."""
    buttons = page.locator("main [role=button][hx-get]")
    for number in range(buttons.count()):
        yield buttons.nth(number)
    more = page.locator("main .more").first
    entries = page.locator("main .menu").first.locator("[hx-get]")
    for number in range(entries.count()):
        more.click()
        if number == 0:
            in_light_and_dark(page)
        assert inside(page.get_by_role("menu"))
        yield entries.nth(number)


def inside(menu: Locator) -> bool:
    """Tell whether all of it can be seen."""
    box = menu.bounding_box()
    return box is not None and box["y"] >= 0 and box["y"] + box["height"] <= ZOOMED["height"]


def look_at_dialogs(page: Page) -> int:
    """Open every dialog of this page and look at it; tell how many there were."""
    count = 0
    for opener in opening(page):
        opener.click()
        expect(page.get_by_role("dialog")).to_be_visible()
        look_at(page)
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
        count += 1
    return count


def test_every_page_and_dialog_in_russian_fits(zoomed: Page, project: Project) -> None:
    disk = project.create_disk("база данных", volume_type="ef-nvme")
    snapshot = project.create_snapshot(disk.id, "перед обновлением", metadata={"owner": "команда"})
    enter(zoomed, project)
    expect(zoomed.get_by_role("heading", level=1, name="Диски")).to_be_visible()
    base = f"/p/{project.project_id}"
    dialogs = {
        "disks/": 8,
        f"disks/{disk.id}/": 7,
        f"disks/{disk.id}/snapshots/": 6,
        "snapshots/": 7,
        f"snapshots/{snapshot.id}/": 4,
        "backups/": 0,
    }
    for path, least in dialogs.items():
        zoomed.goto(f"{base}/{path}")
        for details in zoomed.locator("main > details").all():
            details.locator("summary").click()
        look_at(zoomed)
        assert look_at_dialogs(zoomed) >= least, path


# The narrowest windows with all columns, and with the navigation beside them.
@pytest.mark.parametrize("width", [861, 1201])
def test_every_column_in_russian_has_room(new_context: NewContext, project: Project, width: int) -> None:
    disk = project.create_disk("база данных", volume_type="ef-nvme")
    project.create_snapshot(disk.id, "перед обновлением")
    project.create_backup(disk.id, "на всякий случай")
    page = new_context(locale="ru-RU", viewport={"width": width, "height": 900}).new_page()
    enter(page, project)
    for path in ("disks/", f"disks/{disk.id}/snapshots/", "snapshots/", "backups/"):
        page.goto(f"/p/{project.project_id}/{path}")
        fits(page)
        assert not page.evaluate(CLIPPED)


def test_every_dialog_as_a_page_in_russian_fits(zoomed: Page, project: Project, watch: Watch) -> None:
    watch.expect(422)
    disk = project.create_disk("база данных", volume_type="ef-nvme")
    snapshot = project.create_snapshot(disk.id, "перед обновлением")
    enter(zoomed, project)
    base = f"/p/{project.project_id}"
    addresses: set[str] = set()
    for path in ("disks/", f"disks/{disk.id}/", "snapshots/", f"snapshots/{snapshot.id}/"):
        zoomed.goto(f"{base}/{path}")
        openers = zoomed.locator("main [hx-get][href]:is([hx-target='#dialog'], [role=menuitem])")
        addresses.update(str(one.get_attribute("href")) for one in openers.all())
    spoilt = 0
    for address in sorted(addresses):
        zoomed.goto(address)
        expect(zoomed.locator("h1")).to_be_visible()
        look_at(zoomed)
        form = zoomed.locator("dialog form[method=post]:has([name=name], textarea)")
        if form.count():
            form.evaluate(SPOIL)
            form.locator("button.primary").click()
            expect(zoomed.locator("[aria-invalid=true]").first).to_be_focused()
            look_at(zoomed)
            spoilt += 1
    assert len(addresses) >= 26
    assert spoilt >= 16


def test_empty_lists_and_errors_in_russian_fit(zoomed: Page, project: Project, watch: Watch) -> None:
    watch.expect(401, 404)
    zoomed.goto("/sign-in/")
    zoomed.locator("[name=user_name]").first.fill(project.username)
    zoomed.locator("[name=password]").first.fill("не тот")
    zoomed.keyboard.press("Enter")
    expect(zoomed.get_by_role("alert").first).to_be_visible()
    look_at(zoomed)
    enter(zoomed, project)
    base = f"/p/{project.project_id}"
    for path in ("disks/", "snapshots/", "backups/"):
        for query in ("", "?q=нет+такого", "?status=error&older=30"):
            zoomed.goto(f"{base}/{path}{query}")
            expect(zoomed.locator("#table :is(h2, p)").first).to_be_visible()
            look_at(zoomed)
    for path in ("disks/00000000-0000-4000-8000-000000000000/", "no/such/page/"):
        zoomed.goto(f"{base}/{path}")
        expect(zoomed.locator("h1")).to_be_visible()
        look_at(zoomed)


def test_outcomes_in_russian_fit(zoomed: Page, project: Project) -> None:
    disk = project.create_disk("база данных")
    project.create_snapshot(disk.id, "перед обновлением")
    project.create_failed_disk("сломан")
    enter(zoomed, project)
    row = zoomed.locator("#table tbody tr").filter(has_text="база данных")
    row.locator(".more").click()
    row.locator("[role=menuitem][hx-post]").click()
    expect(zoomed.locator("#toasts .toast")).to_be_visible()
    look_at(zoomed)
    zoomed.locator("#select-all").check()
    zoomed.locator("[data-needs-selection][form=selection]").first.click()
    expect(zoomed.get_by_role("dialog")).to_be_visible()
    look_at(zoomed)
    zoomed.locator("dialog button.primary").click()
    expect(zoomed.locator("#table tbody tr")).to_have_count(1)
    look_at(zoomed)
    zoomed.locator("[data-needs-selection][hx-post]").first.click()
    zoomed.locator("dialog button.primary").click()
    expect(zoomed.get_by_role("dialog")).to_have_count(0)
    expect(row).to_contain_text("2 снимка")
    look_at(zoomed)


def test_a_readers_view_in_russian_fits(zoomed: Page, project: Project) -> None:
    disk = project.create_disk("база данных")
    snapshot = project.create_snapshot(disk.id, "перед обновлением")
    enter(zoomed, project, reader=True)
    for path in ("disks/", f"disks/{disk.id}/", "snapshots/", f"snapshots/{snapshot.id}/", "backups/"):
        zoomed.goto(f"/p/{project.project_id}/{path}")
        look_at(zoomed)
        more = zoomed.locator("main .more")
        if more.count():
            more.first.click()
            in_light_and_dark(zoomed)


def test_selecting_moves_no_row_in_russian(zoomed: Page, project: Project) -> None:
    project.multiply_disk(project.create_disk("база данных").id, 3)
    enter(zoomed, project)
    boxes = zoomed.locator("#table input[name=ids]")
    for width in (360, 640, 1000, 1280):
        zoomed.set_viewport_size({"width": width, "height": 900})
        zoomed.reload()
        # What is loaded after the page may come meanwhile: it has its place already.
        tops = "rows => rows.map((row) => Math.round(row.getBoundingClientRect().top))"
        before = zoomed.locator("#table tbody tr").evaluate_all(tops)
        boxes.nth(0).check()
        boxes.nth(1).check()
        expect(zoomed.locator("[data-selected-count]")).to_have_text("выбрано: 2")
        after = zoomed.locator("#table tbody tr").evaluate_all(tops)
        assert max(abs(new - old) for new, old in zip(after, before, strict=True)) <= 1, width
