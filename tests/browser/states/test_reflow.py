"""Rows keep their position, and English pages fit into the window too.

That everything fits in Russian, whose words are longer, is checked wherever axe runs: `looks.Visit`.
"""

from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.conftest import NewContext
from tests.browser.states import stock
from tests.browser.states.entering import enter, go
from tests.browser.states.looks import Visit
from tests.support.cloud_rows import an_id, volume
from tests.support.fake_cloud import FakeCloud

TOO_WIDE = "all => all.filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.textContent.trim())"
TOPS = "rows => rows.map((row) => Math.round(row.getBoundingClientRect().top))"


def test_selecting_moves_no_row_in_russian(cloud: FakeCloud, new_context: NewContext) -> None:
    cloud.volumes = [volume(number, name="база данных") for number in range(1, 5)]
    page = new_context(locale="ru-RU").new_page()
    enter(page)
    boxes = steps.rows(page).get_by_role("checkbox")
    for width in (360, 640, 1000, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        page.reload()
        # Content that is loaded after the page may arrive meanwhile: its space is reserved.
        before = steps.rows(page).evaluate_all(TOPS)
        boxes.nth(0).check()
        boxes.nth(1).check()
        expect(page.locator("[data-selected-count]")).to_have_text("выбрано: 2")
        after = steps.rows(page).evaluate_all(TOPS)
        assert max(abs(new - old) for new, old in zip(after, before, strict=True)) <= 1, width


def test_pages_in_english_fit(cloud: FakeCloud, page: Page) -> None:
    stock.fill(cloud)
    visit = Visit(page, "en")
    disk = f"/disks/{an_id(stock.DATABASE)}/"
    enter(page)
    for path in ("/disks/", disk, f"{disk}snapshots/", "/snapshots/", f"/snapshots/{an_id(stock.OLD)}/", "/backups/"):
        go(page, path)
        visit.unfold()
        visit.look_for_overflow(path)


def test_headers_fit_into_their_columns_in_russian(cloud: FakeCloud, new_context: NewContext) -> None:
    stock.fill(cloud)
    page = new_context(locale="ru-RU").new_page()
    enter(page)
    for path in ("/disks/", f"/disks/{an_id(stock.DATABASE)}/snapshots/", "/snapshots/", "/backups/"):
        go(page, path)
        for width in (861, 1000, 1201):
            page.set_viewport_size({"width": width, "height": 900})
            found: list[str] = page.locator("th").evaluate_all(TOO_WIDE)
            assert found == [], f"{path} at {width}"
