"""A node dies in the middle of a deletion: the page says what is known, and the rest goes on at the other node."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser import steps
from tests.browser.watch import Watch
from tests.nodes.node import Node
from tests.nodes.site import Site, site
from tests.support.chromium import WAIT_MS
from tests.support.devcloud import Project, wait_until
from tests.support.fault_proxy import Fault, FaultProxy, refusal

pytestmark = pytest.mark.full

COUNT = 60
UNKNOWN = "Diskboard gave no clear answer. The change may have been made"
# Less than the nodes wait for the cloud
NGINX = {"proxy_read_timeout 30s": "proxy_read_timeout 7s"}


@pytest.fixture
def here(tmp_path: Path, front: FaultProxy, shared: dict[str, str]) -> Iterator[Site]:
    with site(tmp_path, NGINX, OS_AUTH_URL=front.auth_url, **shared) as running:
        yield running


@pytest.fixture
def page(browser: Browser, here: Site) -> Iterator[Page]:
    watch = Watch()
    watch.expect(502, 504)
    context = browser.new_context(base_url=here.url, ignore_https_errors=True, locale="en-US", reduced_motion="reduce")
    context.set_default_timeout(WAIT_MS)
    watch.over(context)
    yield context.new_page()
    context.close()
    assert not watch.troubles, "\n".join(watch.troubles)
    assert all("Traceback" not in node.log for node in here.nodes)


@dataclass(frozen=True)
class Deletion:
    """A deletion whose answer was lost. `heard` is how many requests for it the cloud heard of."""

    dialog: Locator
    snapshots: Any
    heard: int


def begin(page: Page, front: FaultProxy, project: Project) -> Deletion:
    """Delete all snapshots; the cloud stops to answer in the middle."""
    disk = project.create_disk("data")
    project.create_snapshots(disk.id, COUNT)
    snapshots = project.volume_client().volume_snapshots
    ids = {one.name: one.id for one in snapshots.list()}
    page.goto(f"/disks/{disk.id}/snapshots/?per_page=100")
    steps.fill_in_sign_in(page, project.username, project.password)
    page.get_by_role("checkbox", name="Select all", exact=True).check()
    steps.press(page, "Delete snapshot")
    dialog = steps.dialog(page, "Delete snapshots")
    expect(dialog).to_contain_text(f"Will be deleted: {COUNT}.")
    # The cloud carries some of the deletions out and never hears of others; the node waits for both in vain.
    chosen = [ids[name] for name in steps.names(page)[20:24]]
    done, lost = "|".join(chosen[:2]), "|".join(chosen[2:])
    front.cinder.fail(Fault.STALL_AFTER, method="DELETE", path=done)
    front.cinder.fail(Fault.STALL, method="DELETE", path=lost)
    steps.press(dialog, "Delete")
    wait_until(lambda: len(front.cinder.asked("DELETE", f"{done}|{lost}")) == len(chosen), "the cloud is silent")
    heard = sum(one.forwarded for one in front.cinder.asked("DELETE"))
    assert heard >= 2
    return Deletion(dialog, snapshots, heard)


def busy(here: Site, front: FaultProxy) -> Node:
    """The node with most connections to the silent cloud."""
    return max(here.nodes, key=lambda node: sum(connections(pid, front.cinder.port) for pid in node.workers))


def connections(pid: int, port: int) -> int:
    """How many connections of a process lead to a port."""
    table = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    leading = {f"socket:[{line[9]}]" for line in table if int(line[2].partition(":")[2], 16) == port}
    return sum(link in leading for link in (str(one.readlink()) for one in Path(f"/proc/{pid}/fd").iterdir()))


def says_unknown(page: Page, deletion: Deletion) -> None:
    """The dialog says that the outcome is unknown, and the list below shows what the cloud has."""
    expect(deletion.dialog.get_by_role("alert")).to_contain_text(UNKNOWN)
    expect(page.get_by_text("nginx")).to_have_count(0)
    left = COUNT - deletion.heard
    wait_until(lambda: len(deletion.snapshots.list()) == left, "the cloud has deleted what it heard of")
    # The list was read again at once (browser/states/test_answers_of_proxies.py); the cloud may have begun some later.
    page.evaluate("htmx.trigger(document.body, 'not-found')")
    shown = steps.rows(page).filter(has_not_text="Deleting")
    expect(shown).to_have_count(left)
    assert {one.name for one in deletion.snapshots.list()} == set(steps.names(page)) - set(deleting(page))


def deleting(page: Page) -> list[str]:
    """The names of the rows that show a deletion."""
    boxes = steps.rows(page).filter(has_text="Deleting").get_by_role("checkbox")
    labels: list[str] = boxes.evaluate_all("boxes => boxes.map((box) => box.getAttribute('aria-label') ?? '')")
    return [label.removeprefix("Select ") for label in labels]


def test_the_rest_goes_on_at_the_other_node(page: Page, here: Site, front: FaultProxy, project: Project) -> None:
    deletion = begin(page, front, project)
    killed = busy(here, front)
    killed.server.kill()
    front.mend()
    says_unknown(page, deletion)

    # Users who check first see what is left, still selected.
    steps.press(deletion.dialog, "Cancel")
    left = COUNT - deletion.heard
    expect(steps.rows(page)).to_have_count(left)
    expect(page.locator("[data-selected-count]")).to_have_text(f"selected: {left}")
    refused = deletion.snapshots.list()[0]
    front.cinder.fail(refusal(400, "It is in use."), method="DELETE", path=refused.id)
    steps.press(page, "Delete snapshot")
    dialog = steps.dialog(page, "Delete snapshots")
    expect(dialog).to_contain_text(f"Will be deleted: {left}.")
    steps.press(dialog, "Delete")
    steps.told(page, f"{left - 1} snapshots are being deleted.")
    expect(steps.rows(page)).to_have_count(1)
    expect(steps.row(page, refused.name).locator(".failure")).to_contain_text("It is in use.")
    assert [one.id for one in deletion.snapshots.list()] == [refused.id]
    [other] = [node.port for node in here.nodes if node is not killed]
    assert {one.nodes[-1] for one in here.answered()[-5:]} == {other}


def test_pressing_delete_once_more_deletes_the_rest(
    page: Page, here: Site, front: FaultProxy, project: Project
) -> None:
    deletion = begin(page, front, project)
    busy(here, front).server.kill()
    front.mend()
    says_unknown(page, deletion)
    steps.press(deletion.dialog, "Delete")
    # Those that are gone already count as deleted, as they were selected too.
    steps.told(page, f"{COUNT} snapshots are being deleted.")
    expect(page.get_by_role("heading", name="No snapshots yet")).to_be_visible()
    wait_until(lambda: not deletion.snapshots.list(), "the cloud has deleted them")


def test_an_answer_that_nginx_gives_up_is_unknown_too(
    page: Page, here: Site, front: FaultProxy, project: Project
) -> None:
    deletion = begin(page, front, project)
    expect(deletion.dialog.get_by_role("alert")).to_contain_text(UNKNOWN)
    assert [one.status for one in here.answered() if one.path.endswith("/delete/run/")] == [504]
    # The node itself goes on until its chunk ends, so the list is a moment of that.
    front.mend()
    steps.press(deletion.dialog, "Cancel")
    wait_until(lambda: not steps.rows(page).filter(has_text="Deleting").count(), "the rows have settled")
    page.reload()
    assert {one.name for one in deletion.snapshots.list()} == set(steps.names(page))
