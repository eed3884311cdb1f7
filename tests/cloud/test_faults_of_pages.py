"""Every page while the connection to the real cloud fails: what the page says, and which requests were sent."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import pytest

from dashboard.accounts.session import KEY
from tests.support.canned import HTMX
from tests.support.fault_proxy import Answer, Fault, redirect, refusal
from tests.support.pages import Page, is_whole, names, rows, text_of, words

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django.fixtures import Settings

    from tests.cloud.conftest import Stage

# An address of each kind of page and fragment, and the path of Cinder's that it can't work without
PAGES = {
    "disks": ("disks/", "/volumes/detail$"),
    "changes of disks": ("disks/changes/", "/volumes/detail$"),
    "disk": ("disks/{disk}/", "/volumes/[^/]+$"),
    "snapshots of a disk": ("disks/{disk}/snapshots/", "/volumes/[^/]+$"),
    "changes of a disk's snapshots": ("disks/{disk}/snapshots/changes/", "/snapshots/detail$"),
    "snapshots": ("snapshots/", "/snapshots/detail$"),
    "changes of snapshots": ("snapshots/changes/", "/snapshots/detail$"),
    "snapshot": ("snapshots/{snapshot}/", "/snapshots/[^/]+$"),
    "backups": ("backups/", "/backups/detail$"),
    "changes of backups": ("backups/changes/", "/backups/detail$"),
}
# What a page loads besides, and can do without
EXTRAS = {
    "details of disks": ("disks/details/?counted={disk}", "/snapshots/detail$"),
    "details of snapshots": ("snapshots/details/?disks={disk}", "/volumes/[^/]+$"),
    "quota": ("disks/capacity/", "/limits$"),
    "messages": ("disks/{disk}/more/", "/messages$"),
}
# The reason that the page gives, and the number of seconds within which bytes have to arrive
FAULTS = {
    Fault.REFUSE: ("Its address doesn't accept connections.", 10.0),
    Fault.STALL: ("It sent nothing for 0.2 seconds.", 0.2),
    Fault.RESET: ("The connection was interrupted.", 10.0),
    Fault.RESET_AFTER: ("The connection was interrupted.", 10.0),
    Fault.CUT: ("The connection was interrupted.", 10.0),
    Fault.TRICKLE: ("Its answer was still incomplete after 0.6 seconds.", 0.4),
}
NOT_READ = "The cloud can't be reached at the moment. Nothing was changed."
# Texts that are correct only for something that really doesn't exist
EMPTY = re.compile(r"\b(No \w+ yet|None\.|gone already|There is no disk|Not found)")


def every(*quick: str) -> pytest.MarkDecorator:
    """Every page; those not among `quick` in the full profile only."""
    cases = [pytest.param(page, id=name, marks=_marks(name in quick)) for name, page in PAGES.items()]
    return pytest.mark.parametrize("page", cases)


def every_with(usual: Fault) -> pytest.MarkDecorator:
    """Every page with the usual fault, and the disks with every fault; the others in the full profile only."""
    cases = [
        pytest.param(page, fault, id=f"{fault.name}-{name}", marks=_marks(fault is usual or name == "disks"))
        for fault in FAULTS
        for name, page in PAGES.items()
    ]
    return pytest.mark.parametrize(("page", "fault"), cases)


def faults(*quick: Fault) -> pytest.MarkDecorator:
    """Every fault; those not among `quick` in the full profile only."""
    cases = [pytest.param(fault, id=fault.name, marks=_marks(fault in quick)) for fault in FAULTS]
    return pytest.mark.parametrize("fault", cases)


def _marks(quick: bool) -> list[pytest.MarkDecorator]:
    return [] if quick else [pytest.mark.full]


@every_with(Fault.RESET)
def test_it_says_what_is_wrong_with_the_connection(
    stage: Stage, member: Client, settings: Settings, fault: Fault, page: tuple[str, str]
) -> None:
    path, needs = page
    reason, settings.CLOUD_READ_SECONDS = FAULTS[fault]
    settings.CLOUD_TOTAL_SECONDS = 0.6 if fault is Fault.TRICKLE else 12
    stage.proxy.cinder.fail(fault)
    for headers in (HTMX,) if fault is Fault.TRICKLE else ({}, HTMX):
        stage.proxy.cinder.forget()
        begun = time.monotonic()
        answer = member.get(stage.url(path), headers=headers)
        assert time.monotonic() - begun < 5
        assert answer.status_code == 503
        assert f"{NOT_READ} {reason}" in words(answer)
        assert not EMPTY.search(words(answer))
        assert is_whole(answer) == (not headers)
        # A broken connection is tried again, a slow answer isn't.
        tries = {Fault.REFUSE: 0, Fault.STALL: 1, Fault.TRICKLE: 1}.get(fault, 2)
        assert len(stage.proxy.cinder.asked("GET", needs)) == tries
    assert not stage.proxy.keystone.seen


@faults(Fault.RESET)
def test_a_page_does_without_what_it_loads_besides(
    stage: Stage, member: Client, settings: Settings, fault: Fault
) -> None:
    _reason, settings.CLOUD_READ_SECONDS = FAULTS[fault]
    settings.CLOUD_TOTAL_SECONDS = 0.6 if fault is Fault.TRICKLE else 12
    for name, (path, _needs) in EXTRAS.items():
        stage.proxy.cinder.fail(fault)
        answer = member.get(stage.url(path), headers=HTMX)
        assert answer.status_code == 200, name
        assert not EMPTY.search(words(answer)), name
        assert "no snapshots" not in words(answer), name


@every("disks", "disk")
def test_it_goes_nowhere_else(stage: Stage, member: Client, page: tuple[str, str]) -> None:
    path, needs = page
    stage.proxy.cinder.fail(redirect(f"{stage.proxy.elsewhere.url}/v3/volumes"))
    answer = member.get(stage.url(path))
    assert answer.status_code == 502
    assert "The cloud has an internal problem at the moment. HTTP 302" in words(answer)
    assert not EMPTY.search(words(answer))
    assert len(stage.proxy.cinder.asked("GET", needs)) == 1
    assert stage.proxy.elsewhere.seen == []


@every("disks", "changes of snapshots")
def test_it_needs_only_a_second_try(stage: Stage, member: Client, page: tuple[str, str]) -> None:
    path, needs = page
    shown = member.get(stage.url(path))
    for fault in (Fault.RESET, Fault.CUT):
        stage.proxy.mend()
        stage.proxy.cinder.fail(fault, path=needs, times=1)
        answer = member.get(stage.url(path))
        assert answer.status_code == shown.status_code
        assert len(stage.proxy.cinder.asked("GET", needs)) == 2
        assert ("data" in words(answer)) == ("data" in words(shown))


@pytest.mark.parametrize(
    "path",
    [
        "disks/",
        "backups/",
        pytest.param("snapshots/", marks=pytest.mark.full),
        pytest.param("disks/{disk}/snapshots/", marks=pytest.mark.full),
    ],
)
def test_it_follows_no_link_to_another_host(stage: Stage, member: Client, path: str) -> None:
    elsewhere = [{"rel": "next", "href": f"{stage.proxy.elsewhere.url}/v3/x?marker={stage.disk_id}"}]
    links = {f"{name}_links": elsewhere for name in ("volumes", "snapshots", "backups")}
    stage.proxy.cinder.fail(lambda body: body | links, path="/detail$")
    for query in ("", "?q=before", "?sort=-size"):
        answer = member.get(stage.url(path) + query)
        assert answer.status_code == 200
        assert stage.proxy.elsewhere.url not in text_of(answer)
    assert stage.proxy.elsewhere.seen == []


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("volumes", "disks/"),
        ("snapshots", "snapshots/"),
        pytest.param("snapshots", "disks/{disk}/snapshots/", marks=pytest.mark.full),
    ],
)
def test_one_bad_row_leaves_the_others(stage: Stage, member: Client, name: str, path: str) -> None:
    """The real cloud's answer, with added rows that lack everything, are not objects, or have an unknown status."""

    def spoilt(body: dict[str, list[dict[str, object]]]) -> dict[str, object]:
        row = body[name][0]
        empty: dict[str, object] = dict.fromkeys(row)
        bad = [empty | {"id": other(1)}, {"id": other(2)}, row | {"id": other(3), "status": "moonstruck"}, None, {}, 7]
        return {**body, name: [*bad, *body[name]]}

    def other(number: int) -> str:
        return f"00000000-0000-4000-8000-00000000000{number}"

    stage.proxy.cinder.fail(spoilt, path="/detail$")
    for headers in ({}, HTMX):
        answer = member.get(stage.url(path), headers=headers)
        assert answer.status_code == 200
        assert len(rows(answer)) == 4
        assert "moonstruck" in words(answer)
        assert ("data" if name == "volumes" else "before") in names(answer)


FIRST_STEPS = {Fault.REFUSE: 0, Fault.STALL: 1, Fault.RESET: 1, Fault.RESET_AFTER: 1, Fault.CUT: 1, Fault.TRICKLE: 1}


@faults(Fault.REFUSE, Fault.RESET)
def test_sign_in_says_that_keystone_is_down(
    stage: Stage,
    client: Client,
    settings: Settings,
    db: None,  # noqa: ARG001  # sessions
    fault: Fault,
) -> None:
    _reason, settings.CLOUD_READ_SECONDS = FAULTS[fault]
    settings.CLOUD_TOTAL_SECONDS = 0.6 if fault is Fault.TRICKLE else 12
    stage.proxy.keystone.fail(fault, path="/auth/tokens$")
    sent = {"user_name": "ann", "password": stage.project.password, "domain": "Default", "next": "/disks/"}
    answer = client.post("/sign-in/", sent)
    assert answer.status_code == 503
    assert "The cloud can't be reached at the moment." in words(answer)
    [form] = [form for form in Page(answer).find_all("form") if form.select("[name=user_name]")]
    assert form.field("User name").value == "ann"
    assert form.hidden("next") == ["/disks/"]
    assert stage.project.password not in text_of(answer)
    # A wrong password that is sent twice locks an account sooner.
    assert len(stage.proxy.keystone.asked("POST")) == FIRST_STEPS[fault]


def test_sign_in_goes_nowhere_else(stage: Stage, client: Client, db: None) -> None:  # noqa: ARG001  # sessions
    stage.proxy.keystone.fail(redirect(f"{stage.proxy.elsewhere.url}/v3/auth/tokens", 307))
    sent = {"user_name": "ann", "password": "secret", "domain": "Default"}
    assert client.post("/sign-in/", sent).status_code == 502
    assert stage.proxy.elsewhere.seen == []


def test_a_page_needs_no_keystone(stage: Stage, member: Client) -> None:
    stage.proxy.keystone.fail(Fault.REFUSE)
    assert "data" in words(member.get(stage.url("disks/")))


@pytest.mark.parametrize("answer", [Answer(500), Answer(503), Answer(200, b"<html>")], ids=["500", "503", "html"])
def test_the_first_page_says_that_keystone_is_down(stage: Stage, member: Client, answer: Answer) -> None:
    """The first page of a project requests its token."""
    session = member.session
    session[KEY] = {**session[KEY], "scoped": {}}
    session.save()
    for fault, status in ((Fault.REFUSE, 503), (answer, 502)):
        stage.proxy.mend()
        stage.proxy.keystone.fail(fault)
        page = member.get(stage.url("disks/"))
        assert page.status_code == status
        assert Page(page).select(".reason")
    stage.proxy.mend()
    assert "data" in words(member.get(stage.url("disks/")))


@faults(Fault.REFUSE, Fault.RESET)
def test_one_is_signed_out_all_the_same(stage: Stage, member: Client, settings: Settings, fault: Fault) -> None:
    _reason, settings.CLOUD_READ_SECONDS = FAULTS[fault]
    settings.CLOUD_TOTAL_SECONDS = 0.6 if fault is Fault.TRICKLE else 12
    # The cached token for the next tests must stay valid: this request doesn't reach Keystone.
    stage.proxy.keystone.fail(Fault.RESET if fault in {Fault.RESET_AFTER, Fault.CUT} else fault, method="DELETE")
    assert member.post("/sign-out/")["Location"] == "/sign-in/"
    assert len(stage.proxy.keystone.asked("DELETE")) == FIRST_STEPS[fault]
    assert member.get(stage.url("disks/"))["Location"].startswith("/sign-in/")


@faults(Fault.REFUSE, Fault.RESET)
@pytest.mark.usefixtures("db")
def test_its_probe_tells_that_keystone_fails(stage: Stage, client: Client, settings: Settings, fault: Fault) -> None:
    assert client.get("/readyz").content == b"database: ok\nkeystone: ok\n"
    _reason, settings.CLOUD_READ_SECONDS = FAULTS[fault]
    settings.CLOUD_TOTAL_SECONDS = 0.6 if fault is Fault.TRICKLE else 12
    stage.proxy.keystone.fail(fault)
    begun = time.monotonic()
    answer = client.get("/readyz")
    assert time.monotonic() - begun < 1
    assert answer.status_code == 200
    assert "keystone: ok" not in text_of(answer)
    assert client.get("/healthz").status_code == 200


@pytest.mark.usefixtures("db")
def test_it_passes_on_how_long_keystone_wants_peace(stage: Stage, client: Client) -> None:
    stage.proxy.keystone.fail(refusal(429, Retry_After="7"), path="/auth/tokens$")
    answer = client.post("/sign-in/", {"user_name": "ann", "password": "x", "domain": "Default"})
    assert answer.status_code == 429
    assert answer["Retry-After"] == "7"
    assert "Try again in 7 seconds." in words(answer)


def test_it_does_not_wait_for_a_head_that_trickles(stage: Stage, member: Client, settings: Settings) -> None:
    settings.CLOUD_READ_SECONDS, settings.CLOUD_TOTAL_SECONDS = 0.4, 0.6
    stage.proxy.cinder.fail(Fault.TRICKLE_HEAD)
    begun = time.monotonic()
    answer = member.get(stage.url("disks/"))
    assert time.monotonic() - begun < 5
    assert answer.status_code == 503
    assert "Its answer was still incomplete after 0.6 seconds." in words(answer)
