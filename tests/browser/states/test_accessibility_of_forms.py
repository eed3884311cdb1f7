"""Dialogs that are pages, and dialogs with errors, have no axe finding and are not too wide."""

import pytest
from playwright.sync_api import expect

from tests.browser import steps
from tests.browser.states import stock
from tests.browser.states.entering import HOME, enter, settle
from tests.browser.states.looks import Visit, whole_visits
from tests.browser.watch import Watch
from tests.support.cloud_rows import an_id
from tests.support.fake_cloud import PASSWORD, FakeCloud
from tests.support.html import Page as Html
from tests.support.pages import menu_of

# The pages that open these dialogs are checked in the quick profile too (test_accessibility.py).
pytestmark = pytest.mark.parametrize("visit", whole_visits(), indirect=True)
DISK = f"/disks/{an_id(stock.DATABASE)}/"
SNAPSHOT = f"/snapshots/{an_id(stock.NEW)}/"
FORM = "dialog form[method=post]:has(input[type=text], input[type=number], textarea)"
# The fields' own limits don't keep the browser from sending the form.
SPOIL = """
(form) => {
  form.noValidate = true;
  for (const field of form.querySelectorAll("input[type=text], input[type=number], textarea")) {
    field.removeAttribute("maxlength");
    field.value = field.type === "number" ? "0" : "я".repeat(300);
  }
}
"""
TOO_MUCH = "3000000000"


def no_room(visit: Visit, what: str, count: int) -> str:
    """Return the message for a quota that is used up."""
    said = "The project's quota leaves no room: %(what)s: %(used)s of %(allowed)s used."
    return visit.words(said, what=visit.words(what), used=count, allowed=count)


def test_every_dialog_as_a_page(cloud: FakeCloud, visit: Visit, watch: Watch) -> None:
    watch.expect(422)
    stock.fill(cloud)
    cloud.volumes, cloud.snapshots, cloud.backups = cloud.volumes[:1], cloud.snapshots[:1], cloud.backups[:1]
    page = visit.page
    steps.let_in(page, "ann", PASSWORD)
    addresses = {f"{HOME}{DISK}bootable/"}
    for path in ("/disks/", DISK, "/snapshots/", SNAPSHOT, "/backups/"):
        shown = Html(page.request.get(HOME + path).text())
        entries = menu_of(shown).select("[hx-get]") if shown.select("tr[id^=row-]") else []
        for template in shown.select("template"):
            template.node.drop_tree()
        openers = [*shown.select("main [hx-get][hx-target='#dialog']"), *entries]
        addresses.update(one["href"].partition("?")[0] for one in openers)
    spoilt = 0
    for address in sorted(addresses):
        page.goto(address)
        name = page.get_by_role("heading", level=1).inner_text()
        expect(page.get_by_role("dialog", name=name, exact=True)).to_have_count(1)
        form = page.locator(FORM)
        if form.count() == 0:
            visit.look(f"the page {name}", again=True)
            continue
        visit.look_at_more(f"the page {name}")
        form.evaluate(SPOIL)
        form.locator("button.primary").click()
        expect(page.locator("[aria-invalid=true]").first).to_be_focused()
        spoilt += 1
        if spoilt == 1:
            visit.look(f"the page {name} with errors", again=True)
        else:
            visit.look_at_more(f"the page {name} with errors")
    assert len(addresses) >= 19
    assert spoilt >= 11


def test_errors_in_dialogs(cloud: FakeCloud, visit: Visit, watch: Watch) -> None:
    watch.expect(422)
    stock.fill(cloud)
    enter(visit.page, DISK)
    for entry, label, submit in (("Resize disk", "New size (GB)", "Resize"), ("Clone disk", "Size (GB)", "Clone")):
        visit.press(entry)
        dialog = visit.dialog(entry)
        field = steps.field(dialog, visit.words(label))
        field.fill(TOO_MUCH)
        dialog.locator("form").evaluate("form => form.noValidate = true")
        steps.press(dialog, visit.words(submit))
        expect(field).to_have_attribute("aria-invalid", "true")
        expect(field).to_be_focused()
        visit.look(f"the dialog {entry} with an error", again=entry == "Clone disk")
        visit.leave(visit.button(entry))


def test_a_new_disk_beyond_the_quota(cloud: FakeCloud, visit: Visit, watch: Watch) -> None:
    watch.expect(422)
    stock.fill(cloud)
    cloud.limits = {"maxTotalVolumes": len(cloud.volumes)}
    enter(visit.page)
    visit.press("Create disk")
    dialog = visit.dialog("Create disk")
    expect(dialog.get_by_role("alert")).to_have_text(no_room(visit, "Disks", len(cloud.volumes)))
    steps.field(dialog, visit.words("Source")).select_option(label=visit.words("Disk snapshot"))
    made_from = steps.field(dialog, visit.words("Made from"))
    expect(made_from).to_be_visible()
    settle(visit.page)
    visit.look("a new disk's source", again=True)
    steps.field(dialog, visit.words("Size (GB)")).fill("1")
    made_from.evaluate("field => field.value = ''")
    steps.press(dialog, visit.words("Create disk"))
    expect(made_from).to_be_focused()
    expect(made_from).to_have_attribute("aria-invalid", "true")
    visit.look("a new disk without a source", again=True)
    visit.leave(visit.button("Create disk"))


def test_a_new_snapshot_beyond_the_quota(cloud: FakeCloud, visit: Visit, watch: Watch) -> None:
    watch.expect(422)
    stock.fill(cloud)
    cloud.limits = {"maxTotalSnapshots": len(cloud.snapshots)}
    enter(visit.page, f"{DISK}snapshots/")
    visit.press("Create snapshot")
    dialog = visit.dialog("Create snapshot")
    expect(steps.field(dialog, visit.words("Snapshot name"))).to_be_focused()
    expect(dialog.get_by_role("alert")).to_have_text(no_room(visit, "Snapshots", len(cloud.snapshots)))
    properties = steps.field(dialog, visit.words("Properties"))
    properties.fill("y" * 300)
    steps.press(dialog, visit.words("Create snapshot"))
    expect(properties).to_be_focused()
    visit.look("a new snapshot with an error")
    visit.leave(visit.button("Create snapshot"))
