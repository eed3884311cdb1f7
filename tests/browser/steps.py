"""Steps that users repeat in many tests."""

import contextlib
import errno
import os
import re
from collections.abc import Callable, Iterator
from datetime import datetime, tzinfo
from http import HTTPStatus
from typing import Any
from zoneinfo import ZoneInfo

from playwright.sync_api import Locator, Page, expect

from tests.support.devcloud import Project, wait_until

ZONE = ZoneInfo("Asia/Almaty")


def fill_in_sign_in(page: Page | Locator, user_name: str, password: str) -> None:
    """Fill in the sign-in form and send it."""
    page.get_by_label("User name", exact=True).fill(user_name)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def sign_in(page: Page, project: Project, path: str = "/", *, reader: bool = False) -> None:
    """Open an address as a signed-in user; tests of the sign-in page itself fill it in."""
    if reader:
        let_in(page, project.reader_username, project.reader_password)
    else:
        let_in(page, project.username, project.password)
    page.goto(path)
    expect(account_menu(page)).to_be_visible()


def account_menu(page: Page) -> Locator:
    """The button of the menu with theme, language and "Sign out"; only pages of signed-in users have it."""
    return page.get_by_role("button", name="Account menu", exact=True)


def sign_out(page: Page) -> None:
    """Sign out by the account menu."""
    account_menu(page).click()
    page.get_by_role("button", name="Sign out", exact=True).click()


def open_filters(page: Page) -> None:
    """Open the filters of a list; applying them closes them."""
    if page.locator("details.filters:not([open])").count():
        page.get_by_text("Filters", exact=True).click()


def let_in(page: Page, user_name: str, password: str) -> None:
    """Sign in by the same requests as the sign-in page, without rendering it."""
    asked = page.context.request
    asked.get("/sign-in/")
    [token] = [cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "diskboard_csrf"]
    form: dict[str, str | float | bool] = {"user_name": user_name, "password": password, "domain": "Default"}
    answer = asked.post("/sign-in/", form=form, headers={"X-CSRFToken": token}, max_redirects=0)
    assert answer.status == HTTPStatus.FOUND, answer.text()


def sign_in_to_snapshots(page: Page, project: Project, disk: Any, *, reader: bool = False) -> None:
    """Open the snapshots of a disk."""
    sign_in(page, project, f"/disks/{disk.id}/snapshots/", reader=reader)
    expect(heading(page, f"Snapshots of disk {disk.name or disk.id}")).to_be_visible()


def heading(page: Page, name: str) -> Locator:
    """The page's only heading of the first level."""
    return page.get_by_role("heading", level=1, name=name, exact=True)


def rows(page: Page) -> Locator:
    """The rows of the table, without its header."""
    return page.locator("#table tbody").get_by_role("row")


def row(page: Page, name: str) -> Locator:
    """The row of one disk or snapshot."""
    return rows(page).filter(has=page.get_by_role("checkbox", name=f"Select {name}", exact=True))


def names(page: Page) -> list[str]:
    """The names in the table, from top to bottom."""
    boxes = page.locator("#table tbody").get_by_role("checkbox")
    labels: list[str] = boxes.evaluate_all("boxes => boxes.map((box) => box.getAttribute('aria-label') ?? '')")
    return [label.removeprefix("Select ") for label in labels]


def tick(page: Page, *wanted: str) -> None:
    """Select rows by their names."""
    for name in wanted:
        page.get_by_role("checkbox", name=f"Select {name}", exact=True).check()


def open_menu(page: Page, name: str) -> Locator:
    """Open the actions menu of a row and return it."""
    page.get_by_role("button", name=f"Actions for {name}", exact=True).click()
    menu = page.get_by_role("menu")
    # Keys that are pressed earlier would go to the row.
    expect(menu.get_by_role("menuitem").first).to_be_focused()
    return menu


def choose(page: Page, name: str, entry: str) -> None:
    """Choose an entry of a row's menu."""
    open_menu(page, name).get_by_role("menuitem", name=entry, exact=True).click()


def go_to_entry(page: Page, name: str) -> None:
    """Press the arrow until the open menu's entry has the focus."""
    entry = page.get_by_role("menu").get_by_role("menuitem", name=name, exact=True)
    expect(page.get_by_role("menu").locator(":focus")).to_be_visible()
    for _ in range(20):
        if entry.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("ArrowDown")
    expect(entry).to_be_focused(timeout=1)


def tab_to(page: Page, wanted: Locator, key: str = "Tab") -> None:
    """Press Tab until the element has the focus, as a user does who watches the focus."""
    for _ in range(60):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press(key)
    expect(wanted).to_be_focused(timeout=1)


def open_dialog(page: Page, name: str, entry: str, title: str = "") -> Locator:
    """Choose an entry of a row's menu and return its dialog, which has the entry's title unless `title` is given."""
    choose(page, name, entry)
    return dialog(page, title or entry)


def press(where: Page | Locator, name: str) -> None:
    """Press a button, for example in a dialog."""
    where.get_by_role("button", name=name, exact=True).click()


def field(where: Page | Locator, label: str) -> Locator:
    """The field with that label."""
    return where.get_by_label(label, exact=True)


def dialog(page: Page, name: str) -> Locator:
    """The open dialog with that name."""
    found = page.get_by_role("dialog", name=name, exact=True)
    expect(found).to_be_visible()
    return found


def wait_in(page: Page, met: Callable[[], bool], what: str) -> None:
    """Return once the condition holds; meanwhile the page's events are handled."""

    def heard() -> bool:
        page.wait_for_timeout(50)
        return met()

    wait_until(heard, what)


def told(page: Page, text: str) -> None:
    """Wait until the page's status region shows the text."""
    expect(page.get_by_role("status").filter(has_text=text)).to_be_visible()


def proposed_name(disk_name: str, zone: tzinfo = ZONE) -> re.Pattern[str]:
    """The name that a new snapshot gets today, by default in the user's own time zone."""
    return re.compile(rf"^{re.escape(disk_name)}_snapshot_{datetime.now(zone):%d-%m-%Y}$")


def is_gone(manager: Any, resource_id: str) -> bool:
    """Whether the cloud no longer has the resource."""
    return all(one.id != resource_id for one in manager.list())


@contextlib.contextmanager
def slow_storage(project: Project, disk: Any) -> Iterator[None]:
    """In this context, snapshots of the disk stay in creation, because the storage waits for the disk's bytes."""
    path = project.disk_file(disk.id)
    kept = path.with_suffix(".kept")
    path.rename(kept)
    os.mkfifo(path)
    try:
        yield
    finally:
        wait_until(lambda: _let_go(path), "the storage reads the disk")
        path.unlink()
        kept.rename(path)


def _let_go(path: os.PathLike[str]) -> bool:
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_NONBLOCK))
    except OSError as error:
        if error.errno != errno.ENXIO:
            raise
        return False
    return True
