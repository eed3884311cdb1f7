"""A proxy in front of Diskboard answers in its place, or nothing does: the page stays, and says what is known."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser import steps
from tests.browser.states.entering import HOME, enter
from tests.browser.states.rows import disks, let_go, numbered, snapshots
from tests.browser.watch import Watch
from tests.support.cloud_rows import an_id
from tests.support.fake_cloud import FakeCloud

Answering = Callable[[Route], None]
NGINX = "<html><head><title>{0}</title></head><body><center><h1>{0}</h1></center><hr>nginx</body></html>"
UNKNOWN = "Diskboard gave no clear answer. The change may have been made"
UNREACHABLE = "Diskboard itself does not answer."
CREATION = re.compile(r"/create-snapshot/$")
DELETION = re.compile(r"/delete/run/$")


def by_proxy(status: int) -> Answering:
    """A proxy's own page, with an ID of its own."""

    def answer(route: Route) -> None:
        route.fulfill(
            status=status, content_type="text/html", body=NGINX.format(status), headers={"X-Request-Id": "7f3a"}
        )

    return answer


def by_nothing(route: Route) -> None:
    route.abort()


WAYS = [
    pytest.param(by_proxy(502), id="502"),
    pytest.param(by_proxy(504), id="504", marks=pytest.mark.full),
    pytest.param(by_proxy(200), id="a page to sign in at the proxy", marks=pytest.mark.full),
    pytest.param(by_nothing, id="a cut connection"),
]


@pytest.fixture(autouse=True)
def _expected(watch: Watch) -> None:
    watch.expect(502, 504)
    watch.expect_cuts()


def says(where: Page | Locator, text: str) -> None:
    expect(where.get_by_role("alert").filter(has_text=text)).to_have_count(1)


def is_whole(page: Page) -> None:
    """The page is Diskboard's, without the proxy's text."""
    expect(page.get_by_text("nginx")).to_have_count(0)
    expect(page.locator("hr")).to_have_count(0)
    expect(page.locator("#table")).to_have_count(1)


def lost_after(answer: Answering) -> Answering:
    """Pass the request on to Diskboard, and lose its answer."""

    def lose(route: Route) -> None:
        route.fetch()
        answer(route)

    return lose


@pytest.mark.parametrize("answer", WAYS)
def test_a_lost_answer_to_a_change_is_an_unknown_outcome(page: Page, cloud: FakeCloud, answer: Answering) -> None:
    cloud.volumes = disks("database")
    enter(page, f"/disks/{an_id(1)}/snapshots/")
    steps.press(page, "Create snapshot")
    dialog = steps.dialog(page, "Create snapshot")
    steps.field(dialog, "Snapshot name").fill("typed")
    page.route(CREATION, lost_after(answer))
    steps.press(dialog, "Create snapshot")
    says(dialog, UNKNOWN)
    is_whole(page)
    # The list shows what happened, and the dialog what was typed.
    expect(page.locator("#table")).to_contain_text("typed")
    expect(steps.field(dialog, "Snapshot name")).to_have_value("typed")
    page.unroute(CREATION)
    steps.press(dialog, "Create snapshot")
    steps.told(page, "typed")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert [one["name"] for one in cloud.snapshots] == ["typed"], "Sent twice, it acts once"


@pytest.mark.parametrize("answer", WAYS)
def test_a_lost_answer_to_a_read_says_so(page: Page, cloud: FakeCloud, answer: Answering) -> None:
    cloud.volumes = disks("alpha", "beta")
    enter(page)
    page.route(re.compile(r"q=alp|/rename/"), answer)
    page.get_by_role("searchbox").fill("alp")
    says(page, UNREACHABLE)
    is_whole(page)
    expect(page.get_by_role("searchbox")).to_have_value("alp")
    steps.choose(page, "beta", "Rename disk")
    says(page, UNREACHABLE)
    is_whole(page)
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_lost_preview_is_no_change(page: Page, cloud: FakeCloud) -> None:
    cloud.volumes = disks("alpha", "beta")
    enter(page)
    steps.tick(page, "alpha")
    page.route(re.compile(r"/disks/delete/$"), by_proxy(502))
    steps.press(page, "Delete disk")
    says(page, UNREACHABLE)
    is_whole(page)
    expect(page.get_by_role("checkbox", name="Select alpha", exact=True)).to_be_checked()


def test_a_change_without_a_dialog_is_unknown_too(page: Page, cloud: FakeCloud) -> None:
    cloud.volumes = disks("alpha")
    enter(page)
    page.route("**/bootable/", lost_after(by_proxy(502)))
    steps.choose(page, "alpha", "Make bootable")
    says(page, UNKNOWN)
    is_whole(page)
    expect(steps.row(page, "alpha").get_by_role("cell", name="Yes", exact=True)).to_be_visible()


def test_a_deletion_that_a_proxy_interrupts_stops_and_shows_what_is_left(page: Page, cloud: FakeCloud) -> None:
    cloud.volumes = disks("database")
    cloud.snapshots = snapshots(*numbered("nightly", 105))
    sent: list[Route] = []

    def interrupt(route: Route) -> None:
        sent.append(route)
        if len(sent) == 1:
            route.continue_()
        else:
            lost_after(by_proxy(502))(route)

    enter(page, "/snapshots/?per_page=100")
    page.get_by_role("link", name="Select all 105 that match", exact=True).click()
    page.route(DELETION, interrupt)
    steps.press(page, "Delete snapshot")
    steps.press(steps.dialog(page, "Delete snapshots"), "Delete")
    says(page.get_by_role("dialog"), UNKNOWN)
    is_whole(page)
    # Each chunk has fifty.
    expect(steps.rows(page).filter(has_text="Deleting")).to_have_count(100)
    assert len(sent) == 2, "The chain has stopped"
    steps.press(page.get_by_role("dialog"), "Stop")
    let_go(cloud)
    page.goto(f"{HOME}/snapshots/")
    expect(steps.rows(page)).to_have_count(5)


def test_the_list_looks_again_until_diskboard_is_back(page: Page, cloud: FakeCloud) -> None:
    cloud.volumes = disks("database")
    page.clock.install()
    enter(page, f"/disks/{an_id(1)}/snapshots/")
    steps.press(page, "Create snapshot")
    dialog = steps.dialog(page, "Create snapshot")
    page.route(CREATION, lost_after(by_proxy(502)))
    page.route(re.compile(r"/snapshots/(\?.*)?$"), by_proxy(502))
    with page.expect_response(re.compile(r"/snapshots/(\?.*)?$")):
        steps.press(dialog, "Create snapshot")
    # The failed look doesn't hide what matters.
    says(dialog, UNKNOWN)
    page.unroute(re.compile(r"/snapshots/(\?.*)?$"))
    page.clock.fast_forward(5_000)
    expect(page.locator("#table tbody tr")).to_have_count(1)
    is_whole(page)
