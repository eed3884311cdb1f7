"""``make screenshots``: the README's pictures of Diskboard in front of the embedded cloud with its sample project."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect, sync_playwright

from dashboard.devcloud.launcher import DevCloud
from dashboard.devcloud.sample import DEMO_USER, fill
from tests.browser import steps
from tests.browser.serving import ROOT, serving
from tests.support.chromium import ARGUMENTS, chromium

PICTURES = ROOT / "docs"
DESKTOP = {"width": 1280, "height": 860}
PHONE = {"width": 360, "height": 740}
# Stop all animations while the picture is taken
STILL: dict[str, Any] = {"reduced_motion": "reduce", "timezone_id": "Europe/Moscow"}


def menu(page: Page) -> None:
    """The Disks page with the menu of a disk."""
    steps.tick(page, "scratch")
    steps.open_menu(page, "scratch")
    page.get_by_role("menuitem", name="Create snapshot", exact=True).focus()
    # Only one entry may look highlighted.
    page.mouse.move(0, 0)


def create_snapshot(page: Page) -> None:
    """The dialog that creates a snapshot, with its equivalent command."""
    dialog = steps.open_dialog(page, "scratch", "Create snapshot")
    dialog.get_by_text("Equivalent CLI command").first.click()
    expect(dialog.locator("code")).to_contain_text("openstack")


def delete_snapshots(page: Page) -> None:
    """The preview of a deletion."""
    page.get_by_role("link", name="Snapshots", exact=True).click()
    expect(steps.heading(page, "Snapshots")).to_be_visible()
    for box in page.locator("#table input[name=ids]").all()[:4]:
        box.check()
    steps.press(page, "Delete snapshot")
    steps.dialog(page, "Delete snapshots")


def disks(_page: Page) -> None:
    """The Disks page."""


# For each file: the function that opens the page, the window's size, the colour scheme and the language
PICTURED: dict[str, tuple[Callable[[Page], None], dict[str, int], str, str]] = {
    "disks": (menu, DESKTOP, "light", "en-US"),
    "create-snapshot": (create_snapshot, DESKTOP, "light", "en-US"),
    "delete-snapshots": (delete_snapshots, DESKTOP, "light", "en-US"),
    "dark": (disks, DESKTOP, "dark", "ru-RU"),
    "phone": (disks, PHONE, "light", "en-US"),
}


def take(browser: Browser, site: str, name: str) -> None:
    """Take one picture."""
    show, size, scheme, language = PICTURED[name]
    options: dict[str, Any] = {"viewport": size, "color_scheme": scheme, "locale": language, **STILL}
    with browser.new_context(base_url=site, **options) as context:
        page = context.new_page()
        page.goto("/")
        page.locator("#id_user_name").fill(DEMO_USER)
        page.locator("#id_password").fill(DEMO_USER)
        page.keyboard.press("Enter")
        expect(page.locator("#table tbody tr").first).to_be_visible()
        page.wait_for_load_state("networkidle")
        show(page)
        page.wait_for_load_state("networkidle")
        page.screenshot(path=PICTURES / f"{name}.png")


def main() -> None:
    """Take all pictures."""
    with tempfile.TemporaryDirectory() as directory:
        cloud = DevCloud(Path(directory) / "cloud")
        try:
            cloud.start(print)
            fill(cloud, print)
            with serving(Path(directory), cloud.auth_url) as server, sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
                for name in PICTURED:
                    take(browser, server.url, name)
        finally:
            cloud.stop()


if __name__ == "__main__":
    main()
