"""What users see while the cloud stalls, and while Diskboard's own processes end."""

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.conftest import NewContext
from tests.browser.serving import Server, is_up, serving
from tests.browser.watch import Watch
from tests.support.devcloud import Project, wait_until
from tests.support.fault_proxy import Fault, FaultProxy

CALLS_AT_ONCE = 6
QUICK_SECONDS = 3.0


@dataclass(frozen=True)
class Place:
    """A separate Diskboard in front of a cloud that misbehaves on demand."""

    server: Server
    proxy: FaultProxy


@contextmanager
def place(directory: Path, project: Project, read_seconds: float) -> Iterator[Place]:
    cinder_url = str(project.session.get_endpoint(service_type="volumev3"))
    with (
        FaultProxy(project.auth_url, cinder_url) as proxy,
        serving(
            directory,
            proxy.auth_url,
            CLOUD_READ_SECONDS=str(read_seconds),
            CLOUD_CALLS_AT_ONCE=str(CALLS_AT_ONCE),
        ) as server,
    ):
        yield Place(server, proxy)


@pytest.fixture
def patient(tmp_path: Path, project: Project) -> Iterator[Place]:
    """A Diskboard that waits for the cloud as long as a test may need.

    A test requests it before `new_context`, so that its pages are closed while their server still answers.
    """
    with place(tmp_path, project, 10) as made:
        yield made


def enter(page: Page, place: Place, project: Project, path: str = "/") -> None:
    page.goto(place.server.url + path)
    steps.fill_in_sign_in(page, project.username, project.password)
    expect(steps.account_menu(page)).to_be_visible()


def cookies_of(page: Page) -> dict[str, str]:
    return {one["name"]: one["value"] for one in page.context.cookies()}


def test_a_stalled_cloud_takes_nothing_else_along(
    patient: Place, new_context: NewContext, project: Project, watch: Watch
) -> None:
    watch.expect(503)
    project.create_disk("data")
    page = new_context().new_page()
    enter(page, patient, project)
    expect(steps.row(page, "data")).to_be_visible()
    url, cookies = page.url, cookies_of(page)
    patient.proxy.cinder.forget()
    patient.proxy.cinder.fail(Fault.STALL)
    with ThreadPoolExecutor(40) as crowd:
        waiting = [crowd.submit(requests.get, url, cookies=cookies, timeout=60) for _ in range(40)]
        wait_until(lambda: len(patient.proxy.cinder.seen) >= CALLS_AT_ONCE, "as many as may wait for it do")
        for path in ("/healthz", "/readyz", "/sign-in/", "/static/icon.svg"):
            assert requests.get(patient.server.url + path, timeout=QUICK_SECONDS).ok, path
        # Further users get an answer at once, in an ordinary page.
        page.goto(url)
        expect(page.get_by_role("alert").filter(has_text="The cloud can't be reached at the moment.")).to_be_visible()
        assert len(patient.proxy.cinder.seen) == CALLS_AT_ONCE
        patient.proxy.mend()
        answers = [one.result() for one in waiting]
    assert {one.status_code for one in answers} <= {200, 503}
    assert all("No disks yet" not in one.text for one in answers)
    page.goto(url)
    expect(steps.row(page, "data")).to_be_visible()


@pytest.mark.full
def test_a_worker_that_is_killed_loses_nothing(
    patient: Place, new_context: NewContext, project: Project, watch: Watch
) -> None:
    watch.expect_cuts()
    disk = project.create_disk("data")
    project.create_snapshots(disk.id, 25)
    page = new_context().new_page()
    enter(page, patient, project, f"/disks/{disk.id}/snapshots/?per_page=50")
    page.get_by_role("checkbox", name="Select all", exact=True).check()
    steps.press(page, "Delete snapshot")
    # All are deleted but the last, whose request hangs.
    last = steps.names(page)[-1]
    ids = {one.name: one.id for one in project.volume_client().volume_snapshots.list()}
    patient.proxy.cinder.fail(Fault.STALL, method="DELETE", path=ids[last])
    steps.press(steps.dialog(page, "Delete snapshots"), "Delete")
    wait_until(lambda: bool(patient.proxy.cinder.asked("DELETE", ids[last])), "the last deletion hangs")
    [worker] = patient.server.workers
    os.kill(worker, signal.SIGKILL)
    wait_until(lambda: patient.server.workers not in ([], [worker]) and is_up(patient.server), "another worker is up")

    page.reload()
    expect(steps.row(page, last)).to_be_visible()
    expect(steps.rows(page)).to_have_count(1)
    assert [one.name for one in project.volume_client().volume_snapshots.list()] == [last]
    patient.proxy.mend()
    page.get_by_role("checkbox", name="Select all", exact=True).check()
    steps.press(page, "Delete snapshot")
    steps.press(steps.dialog(page, "Delete snapshots"), "Delete")
    expect(page.get_by_role("heading", name="No snapshots yet")).to_be_visible()


@pytest.mark.full
def test_an_orderly_end_finishes_what_was_begun(new_context: NewContext, project: Project, tmp_path: Path) -> None:
    project.create_disk("data")
    with place(tmp_path, project, 1) as here:
        page = new_context().new_page()
        enter(page, here, project)
        url, cookies = page.url, cookies_of(page)
        page.close()
        here.proxy.cinder.forget()
        # The answer comes late, when the time for it is over.
        here.proxy.cinder.fail(Fault.STALL, path="/volumes/detail$", times=1)
        with ThreadPoolExecutor() as other:
            asked = other.submit(requests.get, url, cookies=cookies, timeout=30)
            wait_until(lambda: bool(here.proxy.cinder.seen), "Cinder is asked")
            here.server.child.ask_to_stop()
            answer = asked.result()
        assert answer.status_code == 503
        assert "It sent nothing for 1 seconds." in answer.text
        assert here.server.child.process.wait(10) == 0
        with pytest.raises(requests.ConnectionError):
            requests.get(f"{here.server.url}/healthz", timeout=QUICK_SECONDS)
