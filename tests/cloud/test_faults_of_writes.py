"""Every change while the connection to the real cloud fails: what the user is told, and what was really done."""

from __future__ import annotations

import re
import secrets
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.canned import HTMX
from tests.support.devcloud import Project, wait_until
from tests.support.fault_proxy import Fault, redirect
from tests.support.pages import sent_by, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from pytest_django.fixtures import Settings

    from tests.cloud.conftest import Stage

OFFSET = 5 * 1024**2
NOT_DONE = "The cloud can't be reached at the moment. Nothing was changed. Its address doesn't accept connections."
UNKNOWN = "The cloud gave no clear answer. The change may have been made: check before you try again."


@dataclass(frozen=True)
class Things:
    """What one test changes: a new disk, its snapshot, and a unique name."""

    project: Project
    disk: str
    snapshot: str
    name: str

    def named(self, manager: str) -> int:
        """The number of resources with that name."""
        return len(getattr(self.project.volume_client(), manager).list(search_opts={"name": self.name}))

    def write(self, content: bytes) -> None:
        with self.project.disk_file(self.disk).open("r+b") as opened:
            opened.seek(OFFSET)
            opened.write(content)

    def read(self) -> bytes:
        with self.project.disk_file(self.disk).open("rb") as opened:
            opened.seek(OFFSET)
            return opened.read(5)


def is_deleted(things: Things) -> int:
    found = things.project.volume_client().volume_snapshots.list(search_opts={"volume_id": things.disk})
    return int(all(one.status == "deleting" for one in found))


def is_rolled_back(things: Things) -> int:
    return int(things.read() == b"first")


NEWEST = ("Nothing with this name exists so far.", "The newest one now: “{name}”")
SAVED = ("The change has not been made so far.", "The change was made.")


@dataclass(frozen=True)
class Write:
    """A dialog, how its request to Cinder begins, what is typed, and how often the cloud has made the change."""

    dialog: str
    asks: tuple[str, str]
    done: Callable[[Things], int]
    typed: dict[str, str] = field(default_factory=dict)
    # What the dialog shows after it has looked: if the change was not made, and if it was
    finds: tuple[str, str] = NEWEST
    # Whether the dialog has a key with which it acts only once
    keyed: bool = True

    @property
    def fails(self) -> int:
        """The status of the answer to a failure: where several resources are changed, each has its own outcome."""
        return 422 if self.keyed else 200


def status_of(things: Things) -> Any:
    return things.project.volume_client().volumes.get(things.disk)


WRITES = {
    "create snapshot": Write(
        "disks/{disk}/create-snapshot/",
        ("POST", "/snapshots$"),
        lambda things: things.named("volume_snapshots"),
        {"name": "{name}"},
    ),
    "edit snapshot": Write(
        "snapshots/{snapshot}/edit/",
        ("PUT", "/snapshots/[^/]+$"),
        lambda things: things.named("volume_snapshots"),
        {"name": "{name}"},
        SAVED,
    ),
    "delete snapshots": Write(
        "snapshots/delete/run/",
        ("DELETE", "/snapshots/[^/]+$"),
        is_deleted,
        {"ids": "{snapshot}"},
        finds=("It has not been deleted so far: Available.", ""),
        keyed=False,
    ),
    "roll back": Write(
        "disks/{disk}/snapshots/{snapshot}/roll-back/",
        ("POST", "/action$"),
        is_rolled_back,
        finds=("The disk now: Available, 1 GB", "The disk now: "),
    ),
    "create disk": Write(
        "disks/create/", ("POST", "/volumes$"), lambda things: things.named("volumes"), {"name": "{name}", "size": "1"}
    ),
    "rename": Write(
        "disks/{disk}/rename/",
        ("PUT", "/volumes/[^/]+$"),
        lambda things: things.named("volumes"),
        {"name": "{name}"},
        SAVED,
    ),
    "resize": Write(
        "disks/{disk}/resize/",
        ("POST", "/action$"),
        lambda things: status_of(things).size - 1,
        {"size": "2"},
        ("The disk now: Available, 1 GB", "The disk now: "),
    ),
    "create backup": Write(
        "disks/{disk}/create-backup/", ("POST", "/backups$"), lambda things: things.named("backups"), {"name": "{name}"}
    ),
}
# One dialog with a key, which creates something; and the one without a key, which has an outcome for each resource
OF_EACH_KIND = ("create snapshot", "delete snapshots")
# Those that a usual fault meets in the quick profile too
QUICK = (*OF_EACH_KIND, "roll back", "create disk")
SECONDS = {Fault.STALL: 1.0, Fault.STALL_AFTER: 1.0}


def every(quick: tuple[str, ...] = OF_EACH_KIND) -> pytest.MarkDecorator:
    """Every dialog; those not among `quick` in the full profile only."""
    cases = [pytest.param(write, id=name, marks=_marks(name in quick)) for name, write in WRITES.items()]
    return pytest.mark.parametrize("write", cases)


def every_with(usual: Fault, *others: Fault) -> pytest.MarkDecorator:
    """Some dialogs with the usual fault, one of each kind with the other faults; the rest in the full profile only."""
    cases = [
        pytest.param(write, fault, id=f"{fault.name}-{name}", marks=_marks(name in quick))
        for fault, quick in {usual: QUICK, **dict.fromkeys(others, OF_EACH_KIND)}.items()
        for name, write in WRITES.items()
    ]
    return pytest.mark.parametrize(("write", "fault"), cases)


def _marks(quick: bool) -> list[pytest.MarkDecorator]:
    return [] if quick else [pytest.mark.full]


@pytest.fixture
def things(stage: Stage) -> Things:
    """The disk's snapshot contains "first", and "later" was written to the disk since."""
    project = stage.project
    made = Things(project, project.create_disk().id, "", f"name-{secrets.token_hex(6)}")
    made.write(b"first")
    made = replace(made, snapshot=project.create_snapshot(made.disk).id)
    made.write(b"later")
    return made


@dataclass(frozen=True)
class Sending:
    """A dialog that was opened and filled in, and will be sent while something is wrong."""

    write: Write
    things: Things
    stage: Stage
    member: Client
    url: str
    form: dict[str, str]

    def post(self, **changes: str) -> Any:
        return self.member.post(self.url, {**self.form, **changes}, headers=HTMX)

    def keeps(self, answer: Any) -> bool:
        """Whether everything that was typed is still there; a selection stays on the page underneath."""
        if not self.write.keyed:
            return True
        kept = sent_by(answer)
        return all(kept[name] == self.form[name] for name in self.write.typed)

    def finds(self, answer: Any, *, done: bool) -> bool:
        """Whether the answer says what Diskboard saw when it looked."""
        return self.write.finds[done].format(name=self.things.name) in words(answer)

    def asked(self) -> list[bool]:
        """For each request that changes something, whether it reached the cloud."""
        return [one.forwarded for one in self.stage.proxy.cinder.seen if one.method != "GET"]

    def done(self) -> int:
        return self.write.done(self.things)

    def is_done_once(self) -> bool:
        wait_until(lambda: self.done() > 0, "it is done")
        return self.done() == 1


@pytest.fixture
def sending(write: Write, things: Things, stage: Stage, member: Client) -> Sending:
    given = {"disk": things.disk, "snapshot": things.snapshot, "name": things.name}
    url = stage.url("") + write.dialog.format(**given)
    form = sent_by(member.get(url, headers=HTMX))
    if "create-backup" in url:
        # A backup without bytes fails at once: a backup of a whole disk would take seconds.
        things.project.disk_file(things.disk).unlink()
    typed = {name: value.format(**given) for name, value in write.typed.items()}
    stage.proxy.mend()
    return Sending(write, things, stage, member, url, {**form, **typed})


@every()
def test_it_does_nothing_where_nobody_listens(sending: Sending) -> None:
    sending.stage.proxy.cinder.fail(Fault.REFUSE)
    answer = sending.post()
    assert answer.status_code == sending.write.fails
    assert NOT_DONE in words(answer)
    assert sending.keeps(answer)
    assert sending.done() == 0
    sending.stage.proxy.mend()
    sending.post()
    assert sending.is_done_once()
    assert sending.asked() == [True]


@every()
def test_it_goes_nowhere_else(sending: Sending) -> None:
    elsewhere = sending.stage.proxy.elsewhere
    method, path = sending.write.asks
    sending.stage.proxy.cinder.fail(redirect(f"{elsewhere.url}/v3/x", 307), method=method, path=path, times=1)
    answer = sending.post()
    assert answer.status_code == sending.write.fails
    assert "HTTP 307" in words(answer)
    # What answered isn't Cinder, so it is unknown whether the change was made.
    assert UNKNOWN in words(answer)
    assert sending.keeps(answer)
    assert sending.finds(answer, done=False)
    assert sending.asked() == [False]
    assert elsewhere.seen == []
    sending.post(**({"key": sent_by(answer)["key"]} if sending.write.keyed else {}))
    assert sending.is_done_once()
    assert sending.asked() == [False, True]


@every_with(Fault.RESET, Fault.STALL)
def test_it_never_sends_again_what_was_lost(sending: Sending, settings: Settings, fault: Fault) -> None:
    """The request never reached the cloud, but Diskboard can't know that: only a user may send it again, knowingly."""
    settings.CLOUD_READ_SECONDS = SECONDS.get(fault, 10)
    method, path = sending.write.asks
    sending.stage.proxy.cinder.fail(fault, method=method, path=path, times=1)
    answer = sending.post()
    assert answer.status_code == sending.write.fails
    assert UNKNOWN in words(answer)
    assert sending.keeps(answer)
    assert sending.finds(answer, done=False)
    assert sending.asked() == [False]
    settings.CLOUD_READ_SECONDS = 10
    if sending.write.keyed:
        sending.post()
        assert sending.asked() == [False]
        assert sending.done() == 0
        sending.post(key=sent_by(answer)["key"])
    else:
        sending.post()
    assert sending.is_done_once()
    assert sending.asked() == [False, True]


@every_with(Fault.RESET_AFTER, Fault.STALL_AFTER, Fault.CUT)
def test_it_does_nothing_twice(sending: Sending, settings: Settings, fault: Fault) -> None:
    settings.CLOUD_READ_SECONDS = SECONDS.get(fault, 10)
    method, path = sending.write.asks
    sending.stage.proxy.cinder.fail(fault, method=method, path=path, times=1)
    begun = time.monotonic()
    answer = sending.post()
    assert time.monotonic() - begun < 5
    assert answer.status_code == sending.write.fails
    # After a deletion, Diskboard sees that the row is going, or gone: then the outcome is not unknown.
    assert (UNKNOWN in words(answer)) == sending.write.keyed
    assert sending.keeps(answer)
    assert sending.finds(answer, done=True)
    assert sending.asked() == [True]
    assert sending.is_done_once()
    if sending.write.keyed:
        sending.post()
        assert "This form was already sent." in words(sending.member.get("/toasts/"))
        assert sending.asked() == [True]
        assert sending.done() == 1


@every(("delete snapshots",))
def test_it_does_not_wait_for_what_trickles(sending: Sending, settings: Settings) -> None:
    settings.CLOUD_TOTAL_SECONDS = 2
    method, path = sending.write.asks
    sending.stage.proxy.cinder.fail(Fault.TRICKLE_AFTER, method=method, path=path, times=1)
    begun = time.monotonic()
    answer = sending.post()
    assert time.monotonic() - begun < 3
    assert answer.status_code == sending.write.fails
    assert (UNKNOWN in words(answer)) == sending.write.keyed
    assert sending.keeps(answer)
    # A write may not use all the available time: some of it is reserved for looking at the outcome.
    assert sending.finds(answer, done=True)
    assert sending.asked() == [True]
    assert sending.is_done_once()


@every()
def test_it_is_over_in_time_where_nothing_answers(sending: Sending, settings: Settings) -> None:
    """The reads before and after the change get no answer either; the bounds are proportional to the defaults."""
    settings.CLOUD_READ_SECONDS, settings.CLOUD_TOTAL_SECONDS = 0.5, 1.2
    sending.stage.proxy.cinder.fail(Fault.STALL)
    begun = time.monotonic()
    answer = sending.post()
    assert time.monotonic() - begun < 4
    assert answer.status_code == sending.write.fails
    # Either of the two bounds may be met first
    assert re.search("It sent nothing for|used up the|was still incomplete", words(answer))
    assert sending.keeps(answer)
    assert len(sending.asked()) <= 1
    assert sending.done() == 0


@pytest.mark.parametrize("write", [WRITES["create snapshot"]], ids=["create snapshot"])
def test_it_says_that_it_could_not_look(sending: Sending, settings: Settings) -> None:
    settings.CLOUD_READ_SECONDS = 0.3
    method, path = sending.write.asks
    sending.stage.proxy.cinder.fail(Fault.RESET_AFTER, method=method, path=path, times=1)
    sending.stage.proxy.cinder.fail(Fault.STALL, method="GET")
    assert "The cloud can't be asked about it at the moment." in words(sending.post())
