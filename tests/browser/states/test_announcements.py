"""What a screen reader announces, in which order, and that nothing moves for users who prefer reduced motion."""

import re
from typing import Any

from playwright.sync_api import Page, Route, expect

from tests.browser import steps
from tests.browser.conftest import NewContext
from tests.browser.states.entering import enter
from tests.browser.states.rows import disks, look_again
from tests.browser.watch import Watch
from tests.support.cloud_rows import ago, an_id, snapshot, volume
from tests.support.fake_cloud import FakeCloud

# Records each text that is added to a live region; a region that is added together with its text counts if it is an
# alert.
LISTEN = """
window.heard = [];
const hear = (node, place) => {
  const around = place.closest("[role=status], [role=alert], [aria-live]");
  const alert = node.matches?.("[role=alert]") ? node : node.querySelector?.("[role=alert]");
  const text = (around ? node : alert)?.textContent.trim();
  if (text) heard.push([(around ?? alert).getAttribute("role") ?? "live", text]);
};
const hearAll = ({ target, addedNodes }) => addedNodes.forEach((node) => hear(node, target));
new MutationObserver((changes) => changes.forEach(hearAll)).observe(document.body, { childList: true, subtree: true });
"""
RUNNING = "document.getAnimations().filter((one) => one.playState === 'running').length"
READING = """
() => [...document.querySelectorAll("nav, header, main, search, h1, h2, table, [role=status], [role=alert]")]
  .filter((one) => one.matches("[role=status], [role=alert]") || one.checkVisibility())
  .map((one) => one.getAttribute("role") ?? one.localName)
"""


def heard(page: Page) -> list[list[str]]:
    """Return the kinds of live regions that changed, and their texts."""
    said: list[list[str]] = page.evaluate("heard")
    return said


def test_what_happened_is_said_once_and_politely(page: Page, cloud: FakeCloud) -> None:
    cloud.volumes = disks("alpha")
    page.clock.install()
    enter(page, f"/disks/{an_id(1)}/snapshots/")
    page.evaluate(LISTEN)
    steps.press(page, "Create snapshot")
    dialog = steps.dialog(page, "Create snapshot")
    steps.field(dialog, "Snapshot name").fill("growing")
    steps.press(dialog, "Create snapshot")
    expect(steps.row(page, "growing")).to_contain_text("Creating")
    cloud.snapshots[0]["status"] = "available"
    look_again(page)
    expect(steps.row(page, "growing")).to_contain_text("Available")
    # The row that changed by itself is not announced, and each message is announced as often as it happened.
    [[region, text]] = heard(page)
    assert region == "status"
    assert "growing" in text


def test_two_things_that_happened_are_both_there_to_read(page: Page, cloud: FakeCloud) -> None:
    cloud.volumes = disks("alpha", "beta")
    enter(page)
    for name in ("alpha", "beta"):
        steps.choose(page, name, "Make bootable")
        steps.told(page, f"Disk “{name}” is bootable now.")
    steps.told(page, "Disk “alpha” is bootable now.")


def test_what_failed_stays_until_the_next_action(page: Page, cloud: FakeCloud) -> None:
    cloud.volumes = disks("alpha")
    cloud.snapshots = [snapshot(1001, 1, name="stuck", status="deleting")]
    page.clock.install()
    enter(page, "/snapshots/")
    cloud.snapshots[0]["status"] = "error_deleting"
    look_again(page)
    failure = page.get_by_role("alert").filter(has_text="“stuck” could not be deleted after all")
    expect(failure).to_be_visible()
    page.clock.run_for(30_000)
    expect(failure).to_be_visible()
    page.locator("th a").first.click()
    expect(failure).to_have_count(0)


def test_a_failure_is_said_at_once(page: Page, cloud: FakeCloud, watch: Watch) -> None:
    watch.expect_cuts()
    cloud.volumes = disks("alpha")
    enter(page)

    def refuse(route: Route) -> None:
        route.abort()

    page.evaluate(LISTEN)
    page.route("**/rename/", refuse)
    steps.choose(page, "alpha", "Rename disk")
    expect(page.get_by_role("alert").filter(has_text="does not answer")).to_be_visible()
    assert [region for region, _text in heard(page)] == ["alert"]


def test_nothing_moves_for_who_asked_for_that(new_context: NewContext, cloud: FakeCloud) -> None:
    cloud.volumes = [volume(2, name="clone", status="creating", created_at=ago()), *disks("alpha")]
    page = new_context(reduced_motion="reduce").new_page()
    held: list[Route] = []
    enter(page)
    # The words of the progress ring are beside it.
    expect(steps.row(page, "clone").get_by_text("Creating", exact=True)).to_be_visible()

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/rename/", hold)
    steps.choose(page, "alpha", "Rename disk")
    page.wait_for_function("document.getElementById('progress').offsetWidth > 0")
    assert page.evaluate(RUNNING) == 0
    # The same elements move for all other users.
    page.emulate_media(reduced_motion="no-preference")
    assert page.evaluate(RUNNING) > 0
    held[0].continue_()
    steps.dialog(page, "Rename disk")


def test_a_screen_reader_goes_through_the_page_as_one_reads_it(page: Page, cloud: FakeCloud) -> None:
    cloud.volumes = disks("alpha")
    enter(page)
    expect(page.get_by_text("Disks: 1 of")).to_be_visible()
    order = page.evaluate(READING)
    assert order == ["nav", "header", "main", "h1", "search", "table", "status", "alert"]
    tree: Any = page.locator("body").aria_snapshot()
    landmarks = [
        'navigation "Main":',
        "banner:",
        "main:",
        'heading "Disks" [level=1]',
        "search:",
        'table "Disks":',
        "- status",
    ]
    places = [tree.index(one) for one in landmarks]
    assert places == sorted(places), tree
    assert tree.count("[level=1]") == 1
    # The status is read once: from the ring's words, and not from its tooltip too.
    assert "alpha Available" in tree
    assert "Available alpha" not in tree


def test_a_message_can_be_closed(page: Page, cloud: FakeCloud, watch: Watch) -> None:
    watch.expect(409)
    cloud.volumes = disks("alpha")
    page.clock.install()
    enter(page)
    steps.choose(page, "alpha", "Make bootable")
    told = page.get_by_role("status")
    expect(told).to_contain_text("alpha")
    told.get_by_role("button", name="Close", exact=True).click()
    expect(told).to_be_empty()
    cloud.http.post(
        re.compile("/action$"), status_code=409, json={"conflictingRequest": {"message": "No.", "code": 409}}
    )
    steps.choose(page, "alpha", "Make not bootable")
    alert = page.get_by_role("alert")
    expect(alert.first).to_contain_text("No.")
    alert.get_by_role("button", name="Close", exact=True).click()
    expect(page.get_by_text("No.", exact=True)).to_have_count(0)
