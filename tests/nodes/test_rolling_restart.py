"""The nodes are restarted one after the other while people work: no request is lost."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.nodes.node import Node
from tests.nodes.person import Person
from tests.nodes.site import Site, site
from tests.support.devcloud import Project, wait_until
from tests.support.fault_proxy import Fault, FaultProxy
from tests.support.html import Page

pytestmark = pytest.mark.full

PEOPLE = 20
# People read what they see.
PAUSE_SECONDS = 0.3


@pytest.fixture
def here(tmp_path: Path, project: Project, shared: dict[str, str]) -> Iterator[Site]:
    # The cloud has more time than usual, as all of it shares the machine, but less than nginx waits for a node.
    patience = {"CLOUD_READ_SECONDS": "20", "CLOUD_TOTAL_SECONDS": "25"}
    with site(tmp_path, OS_AUTH_URL=project.auth_url, **patience, **shared) as running:
        yield running


def restart_one_by_one(here: Site) -> None:
    for node in here.nodes:
        node.end()
        node.start()


def reload_one(here: Site) -> None:
    here.nodes[0].reload()


class Work:
    """What a person does until the end: read pages, create a snapshot, delete it again."""

    def __init__(self, person: Person, disk_id: str, name: str) -> None:
        self.person = person
        self.disk_id = disk_id
        self.name = name
        self.rounds = 0
        self.stuck: list[str] = []

    def until(self, ended: threading.Event) -> None:
        while not ended.is_set():
            self.once()
            self.rounds += 1

    def once(self) -> None:
        person, snapshots = self.person, self.person.project.volume_client().volume_snapshots
        name = f"{self.name}-{self.rounds:03}"
        person.ask(f"{person.home}/disks/")
        made = person.create_snapshot(self.disk_id, name)
        # A change has a definite outcome: the toast names it, and the cloud has it once.
        if made.status != 204:
            self.stuck.append(f"{made.sent}: {made.status}")
        found = list(snapshots.list(search_opts={"name": name}))
        if len(found) != 1:
            self.stuck.append(f"{name} was made {len(found)} times")
            return
        wait_until(lambda: snapshots.get(found[0].id).status == "available", f"{name} is available", 60)
        time.sleep(PAUSE_SECONDS)
        gone = person.delete_snapshot(found[0].id)
        if gone.status != 200 or not is_going(snapshots, found[0].id):
            self.stuck.append(f"{gone.sent}: {gone.status} {Page(gone.text).text}")


def is_going(snapshots: Any, snapshot_id: str) -> bool:
    """Whether the cloud deletes the snapshot, or has deleted it."""
    return all(one.status == "deleting" for one in snapshots.list() if one.id == snapshot_id)


@pytest.mark.parametrize("change", [restart_one_by_one, reload_one])
def test_nobody_loses_a_request(here: Site, project: Project, change: Callable[[Site], None]) -> None:
    disks = [project.create_disk(f"disk-{number:02}") for number in range(PEOPLE)]
    people = [Person(here.url, here.certificate, project) for _ in range(PEOPLE)]
    with ThreadPoolExecutor(4) as door:
        assert {one.status for one in door.map(Person.sign_in, people)} == {200}
    works = [Work(person, disk.id, f"of-{disk.id}") for person, disk in zip(people, disks, strict=True)]
    ended = threading.Event()
    with ThreadPoolExecutor(PEOPLE) as crowd:
        running = [crowd.submit(work.until, ended) for work in works]
        try:
            all_have_worked(works, running)
            change(here)
            all_have_worked(works, running)
        finally:
            ended.set()
        for one in running:
            one.result()

    answers = [answer for person in people for answer in person.answers]
    lost = [f"{one.sent}: {one.status} {one.text[:200]}" for one in answers if one.status >= 400]
    assert lost == []
    assert [work.stuck for work in works if work.stuck] == []
    assert {one.status for one in here.answered()} <= {200, 204, 302}
    assert all("Sign out" in person.ask(f"{person.home}/disks/").text for person in people)
    assert all("Traceback" not in node.log for node in here.nodes)
    snapshots = project.volume_client().volume_snapshots
    wait_until(lambda: not snapshots.list(), "all snapshots are gone", 120)


def all_have_worked(works: list[Work], running: list[Future[None]]) -> None:
    """Return when each person has done one round more, or when one of them has failed."""
    before = {id(work): work.rounds for work in works}
    wait_until(
        lambda: all(work.rounds > before[id(work)] for work in works) or any(one.done() for one in running),
        "all have worked",
        120,
    )


def test_a_node_that_ends_slowly_holds_nobody_up(
    tmp_path: Path, project: Project, front: FaultProxy, shared: dict[str, str]
) -> None:
    """While it still answers a slow request, it refuses new ones, which go to the other node."""
    project.create_disk("data")
    with site(tmp_path, OS_AUTH_URL=front.auth_url, **shared) as here:
        person = Person(here.url, here.certificate, project)
        assert person.sign_in().status == 200
        disks = f"{person.home}/disks/"
        assert person.ask(disks).status == 200
        # nginx takes turns: each node gets one of two requests for which the cloud is silent.
        front.cinder.fail(Fault.STALL, path="/volumes/detail$", times=2)
        front.cinder.forget()
        with ThreadPoolExecutor(3) as others:
            slow = [others.submit(Person.ask, person, disks) for _ in range(2)]
            wait_until(lambda: len(front.cinder.asked(path="/volumes/detail$")) == 2, "both nodes wait for the cloud")
            ending = others.submit(here.nodes[0].end)
            wait_until(lambda: not accepts(here.nodes[0]), "the node refuses connections", 5)
            for _ in range(10):
                begun = time.monotonic()
                assert person.ask(disks).status == 200
                assert time.monotonic() - begun < 3
            assert not ending.done()
            front.mend()
            # What it had accepted, it answers.
            assert {one.result().status for one in slow} <= {200, 503}
            ending.result()
        assert not [one for one in here.answered() if one.status not in {200, 302, 503}]


def accepts(node: Node) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", node.port)) == 0


def test_files_that_only_one_node_has_are_served(here: Site, project: Project) -> None:
    """During an upgrade the nodes have different versions; each has the files of its own pages only."""
    [_, newer] = here.nodes
    (newer.server.log.parent / "var" / "static" / "only-here.css").write_text("a {}")
    newer.end()
    newer.start()
    person = Person(here.url, here.certificate, project)
    assert {person.ask("/static/only-here.css").status for _ in range(4)} == {200}
    assert person.ask("/static/nowhere.css").status == 404
